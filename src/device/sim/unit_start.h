#pragma once

#include "base/camera.h"
#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// How a unit comes to its first frames once it has had its first pulse, number 0.
struct StartTiming {
  int first_pulse = 0;              ///< the first that gives a delivered frame
  TickDuration counter_offset{};    ///< what the counter is reset to by pulse 0
  HostDuration late{};              ///< all exposures come so long after they are due
  HostDuration first_frame_late{};  ///< the first delivered one comes so much later still
};

/// As the unit is configured, else as units of its colour firmware in that role were measured.
StartTiming start_timing(const UnitConfig& unit, const CameraConfig& config);

}  // namespace genlock::device::sim
