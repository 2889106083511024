#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "recording/format.h"
#include "recording/seek_head.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// Chooses the cues of a file whose clusters pass by: of one track, at most one in kCueInterval.
class CueCollector {
 public:
  CueCollector(std::uint64_t track, std::uint64_t timestamp_scale_ns)
      : track_(track),
        interval_(static_cast<std::int64_t>(static_cast<std::uint64_t>(count_us(kCueInterval)) * 1000 /
                                            timestamp_scale_ns)) {}

  /// `at` is where the cluster stands in the file that the cues are for.
  void add(const ScannedCluster& cluster, std::uint64_t at) {
    if (cluster.blocks.empty()) return;
    const auto cue = [&](const ScannedBlock& block) {
      return CueEntry{static_cast<std::uint64_t>(std::max<std::int64_t>(block.time, 0)), block.track, at, 0};
    };
    if (!fallback_) fallback_ = cue(cluster.blocks.front());
    const auto first = std::ranges::find(cluster.blocks, track_, &ScannedBlock::track);
    if (first == cluster.blocks.end() || (last_ && first->time - *last_ < interval_)) return;
    last_ = first->time;
    cues_.push_back(cue(*first));
  }

  /// Of any track where the chosen one has no data.
  std::vector<CueEntry> cues() const {
    if (cues_.empty() && fallback_) return {*fallback_};
    return cues_;
  }

 private:
  const std::uint64_t track_;
  const std::int64_t interval_;
  std::optional<std::int64_t> last_;
  std::optional<CueEntry> fallback_;
  std::vector<CueEntry> cues_;
};

/// The track that cues are of: the one with the lowest number.
inline std::uint64_t cue_track(const FileContents& contents) {
  std::uint64_t lowest = contents.tracks.front().number;
  for (const TrackElement& track : contents.tracks) lowest = std::min(lowest, track.number);
  return lowest;
}

}  // namespace genlock::recording
