#pragma once

#include <fmt/core.h>

#include "recording/block_reader.h"
#include "recording/cluster_map.h"

namespace genlock::recording {

/// The blocks of one cluster in file order, up to more frames than any recorder puts into one.
class ClusterReader {
 public:
  /// Frames of a cluster beyond which it is no recorder's: its rest is left out, and a problem noted.
  static constexpr std::size_t kMostFrames = 65536;

  ClusterReader(mkv::Input& input, const ClusterPlace& place, std::uint64_t timestamp_scale_ns)
      : input_(input), at_(place.offset), blocks_(input, place.element, timestamp_scale_ns) {}

  std::optional<StoredBlock> next() {
    std::optional<StoredBlock> block = blocks_.next();
    if (!block) return std::nullopt;
    frames_ += block->frames.size();
    if (frames_ <= kMostFrames) return block;
    input_.problem(
        fmt::format("the cluster at byte {} has too many frames; those behind the first {} are left out", at_,
                    kMostFrames));
    return std::nullopt;
  }

 private:
  mkv::Input& input_;
  const std::uint64_t at_;
  std::size_t frames_ = 0;
  BlockReader blocks_;
};

}  // namespace genlock::recording
