#include "recording/repair_loss.h"

#include <algorithm>
#include <cmath>

#include "recording/format.h"

namespace genlock::recording {

LossCounter::LossCounter(const FileContents& contents, std::uint64_t timestamp_scale_ns)
    : scale_ns_(timestamp_scale_ns) {
  for (const TrackElement& track : contents.tracks) {
    Track& counted = tracks_[track.number];
    counted.count.name = track.name;
    counted.count.video = track.type == kTrackTypeVideo;
    counted.metadata = is_metadata(track);
    counted.period = static_cast<double>(track.default_duration_ns) / static_cast<double>(timestamp_scale_ns);
  }
}

void LossCounter::keep(const ScannedBlock& block) {
  Track& track = tracks_[block.track];
  track.count.kept += block.frames;
  if (track.after_hole && track.period > 0 && track.last) {
    const double frames = std::round(static_cast<double>(block.time - *track.last) / track.period);
    if (frames > 1) track.count.lost += static_cast<std::uint64_t>(frames) - 1;
  }
  track.after_hole = false;
  track.torn = 0;
  track.last = block.time;
  if (after_hole_ && last_ && block.time > *last_) lost_time_ += block.time - *last_;
  after_hole_ = false;
  last_ = std::max(last_.value_or(block.time), block.last_time());
}

void LossCounter::tear(const TornBlock& block) {
  if (block.track) ++tracks_[*block.track].torn;
  hole();
}

void LossCounter::hole() {
  for (auto& [number, track] : tracks_) track.after_hole = true;
  after_hole_ = true;
}

void LossCounter::report(RepairReport& into) const {
  for (const auto& [number, track] : tracks_) {
    if (track.metadata && track.torn > 0)
      into.notes.emplace_back(
          "Host times, exposures and jacks of the last second before the damage are lost: their block is "
          "torn.");
    if (track.metadata) continue;
    into.tracks[number] = track.count;
    into.tracks[number].lost += track.torn;
  }
  const double us = static_cast<double>(lost_time_) * static_cast<double>(scale_ns_) / 1000;
  into.time_lost = device_us(static_cast<std::int64_t>(std::min(us, 9e15)));
}

}  // namespace genlock::recording
