#pragma once

#include <functional>

#include "recording/cued_blocks.h"

namespace genlock::recording {

/// Where the index of a file ends: what comes behind its last block is in no record.
struct IndexEnd {
  std::uint64_t cluster = 0;    ///< offset of the cluster that the last block is in
  std::uint64_t block_end = 0;  ///< of that block
};

/// Goes through a file's index (docs/recording-format.md 2): calls `visit` with the records of each GENLOCK
/// block that the cues lead to. Nothing where it is not whole, wherever that showed: what was visited is then
/// not all. It is whole where the records of clusters chain without a hole from the first cluster to the last
/// block, each cue point is at one of them, and the blocks of a cluster lie behind one another in it, large
/// enough for the frames that they are said to have.
std::optional<IndexEnd> read_index(const FileContents& contents, CueList& cues, CuedBlocks& blocks,
                                   const std::function<void(const Metadata&)>& visit);

}  // namespace genlock::recording
