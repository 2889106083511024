#pragma once

#include <cstdint>
#include <vector>

#include "sync/host_timeline.h"
#include "sync/observation.h"
#include "sync/pulse_line.h"

namespace genlock::sync {

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
  HostTimeline host;
  std::vector<JackObservation> jacks;
  std::uint64_t impossible_stamps = 0;
};

}  // namespace genlock::sync
