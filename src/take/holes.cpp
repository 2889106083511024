#include "take/holes.h"

#include <algorithm>

namespace genlock::take {

using recording::TrackKind;

std::vector<Holes> holes_in(const UnitRecording& recording, const recording::Survey& survey,
                            const PulseSpan& pulses) {
  std::vector<Holes> found;
  if (pulses.last < pulses.first) return found;
  const auto look_at = [&](TrackKind track) {
    std::vector<bool> there(static_cast<std::size_t>(pulses.last - pulses.first + 1));
    for (const recording::FrameEntry& frame : survey.frames)
      if (frame.track == track && frame.pulse && *frame.pulse >= pulses.first && *frame.pulse <= pulses.last)
        there[static_cast<std::size_t>(*frame.pulse - pulses.first)] = true;
    const auto missing = std::ranges::find(there, false);
    if (missing == there.end()) return;
    found.push_back({.stream = *recording.stream_of(track),
                     .frames = static_cast<std::uint64_t>(std::ranges::count(there, false)),
                     .first = pulses.first + (missing - there.begin())});
  };
  if (recording.unit.color) look_at(TrackKind::color);
  if (recording.unit.depth) look_at(recording.depth_track);
  return found;
}

}  // namespace genlock::take
