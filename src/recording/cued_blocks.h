#pragma once

#include <list>
#include <memory>
#include <utility>

#include "recording/metadata_index.h"

namespace genlock::recording {

/// What the GENLOCK blocks say that a file's cues lead to, read when it is asked for; a few stay in memory.
class CuedBlocks {
 public:
  /// All outlive it.
  CuedBlocks(mkv::Input& input, const FileLayout& layout, CueList& cues)
      : input_(input), layout_(layout), cues_(cues) {}

  using Block = std::shared_ptr<const CuedMetadata>;

  /// Null where the cue leads to none, or is wrong: to what reaches over the next cue point's cluster, too,
  /// so that all blocks together have no more bytes than the file.
  Block at(const Cue& cue);

  /// The first block in a cluster at `cluster` (offset in the file) or behind it. Null as above.
  Block first_from(std::uint64_t cluster);

  /// What the blocks say of the cluster at `cluster`; null where they say nothing.
  std::shared_ptr<const ClusterRecord> record_of(std::uint64_t cluster);

 private:
  struct Known {
    std::uint64_t cluster;
    Block block;
  };

  Block read(const Cue& cue);
  void forget_some();

  mkv::Input& input_;
  const FileLayout& layout_;
  CueList& cues_;
  std::list<Known> known_;  ///< the newest first
  std::uint64_t known_bytes_ = 0;
};

}  // namespace genlock::recording
