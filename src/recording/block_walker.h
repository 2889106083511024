#pragma once

#include <optional>

#include "recording/block_reader.h"
#include "recording/segment_walker.h"

namespace genlock::recording {

/// Goes through the blocks of all clusters in file order, without reading their content.
class BlockWalker {
 public:
  BlockWalker(mkv::Input& input, const mkv::FoundElement& segment, std::uint64_t first_cluster,
              std::uint64_t timestamp_scale_ns)
      : input_(input), segment_(input, segment, first_cluster), scale_ns_(timestamp_scale_ns) {}

  std::optional<StoredBlock> next();

  /// Whether a Cues element was passed.
  bool saw_cues() const { return saw_cues_; }

 private:
  bool open_cluster();

  mkv::Input& input_;
  SegmentWalker segment_;
  const std::uint64_t scale_ns_;
  std::optional<BlockReader> cluster_;
  bool saw_cues_ = false;
};

}  // namespace genlock::recording
