#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "recording/format.h"
#include "recording/seek_head.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// Chooses the cues of a file whose clusters pass by: every cluster that begins with a GENLOCK block, where
/// there is that track, the first with data of the chosen track, and of that at most one in kCueInterval.
class CueCollector {
 public:
  /// `metadata` is the number of the GENLOCK track, 0 where there is none.
  CueCollector(std::uint64_t track, std::uint64_t metadata, std::uint64_t timestamp_scale_ns)
      : track_(track),
        metadata_(metadata),
        interval_(static_cast<std::int64_t>(static_cast<std::uint64_t>(count_us(kCueInterval)) *
                                            (metadata > 0 ? 2000 : 1000) / timestamp_scale_ns)) {}

  /// `at` is where the cluster stands in the file that the cues are for, `first_block` where in its data its
  /// first block does.
  void add(const ScannedCluster& cluster, std::uint64_t at, std::uint64_t first_block) {
    if (cluster.blocks.empty()) return;
    const auto first = std::ranges::find(cluster.blocks, track_, &ScannedBlock::track);
    const bool of_track = first != cluster.blocks.end();
    const ScannedBlock& front = cluster.blocks.front();
    const bool of_records = metadata_ > 0 && front.track == metadata_;
    const ScannedBlock& block = of_track ? *first : front;
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(block.time, 0));
    if (!fallback_ && !of_records) fallback_ = CueEntry{time, front.track, at, 0};
    const bool due = of_track && (!last_ || block.time - *last_ >= interval_);
    if (!due && !of_records) return;
    if (of_track) cues_.push_back({time, track_, at, 0});
    if (of_records) cues_.push_back({time, metadata_, at, first_block});
    if (of_track) last_ = block.time;
  }

  /// A cluster of nothing but records.
  void add_records(std::uint64_t time, std::uint64_t at, std::uint64_t block) {
    cues_.push_back({time, metadata_, at, block});
  }

  /// One cue of any track where the chosen one has no data.
  std::vector<CueEntry> cues() const {
    std::vector<CueEntry> all = cues_;
    if (!last_ && fallback_) all.insert(all.begin(), *fallback_);
    return all;
  }

 private:
  const std::uint64_t track_, metadata_;
  const std::int64_t interval_;
  std::optional<std::int64_t> last_;  ///< cue of the chosen track
  std::optional<CueEntry> fallback_;
  std::vector<CueEntry> cues_;
};

/// The track that cues are of: the one with the lowest number.
inline std::uint64_t cue_track(const FileContents& contents) {
  std::uint64_t lowest = contents.tracks.front().number;
  for (const TrackElement& track : contents.tracks) lowest = std::min(lowest, track.number);
  return lowest;
}

/// Where in its data a cluster's first block stands.
inline std::uint64_t first_block_at(const ScannedCluster& cluster) {
  return cluster.blocks.empty() ? 0 : cluster.blocks.front().element.offset - cluster.element.data;
}

}  // namespace genlock::recording
