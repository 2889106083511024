#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sync/exposure_log.h"
#include "sync/host_timeline.h"
#include "sync/observation.h"
#include "sync/pulse_line.h"

namespace genlock::sync {

/// In the place of a recorded pulse that is not known.
inline constexpr std::int64_t kNoPulse = std::numeric_limits<std::int64_t>::min();

/// What has been observed of one unit.
struct UnitData {
  explicit UnitData(UnitDescription d)
      : description(std::move(d)),
        color(frame_period(description.rate)),
        depth(frame_period(description.rate)) {}

  const PulseLine& line(Stream stream) const { return stream == Stream::color ? color : depth; }

  UnitDescription description;
  PulseLine color;
  PulseLine depth;
  /// What the recorder counted, of each frame of the line; shorter where the last ones have none.
  std::vector<std::int64_t>& recorded_pulses(Stream stream) {
    return stream == Stream::color ? color_pulses : depth_pulses;
  }
  const std::vector<std::int64_t>& recorded_pulses(Stream stream) const {
    return stream == Stream::color ? color_pulses : depth_pulses;
  }

  HostTimeline host;
  ExposureLog exposures;
  std::vector<std::int64_t> color_pulses, depth_pulses;
  std::vector<JackObservation> jacks;
  std::uint64_t impossible_stamps = 0;
};

}  // namespace genlock::sync
