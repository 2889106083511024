#pragma once

#include <memory>
#include <vector>

#include "base/capture.h"
#include "device/sim/bench_state.h"
#include "device/sim/capture_queue.h"
#include "device/sim/pc_clock.h"
#include "device/sim/unit_images.h"

namespace genlock::device::sim {

/// A capture to be made of pixels, and what it needs for that.
struct CaptureOrder {
  PlannedCapture plan;
  CameraConfig config;
  HostTime boot{};                   ///< of the bench
  HostTime powered{};                ///< when the unit was
  PcClock host;                      ///< where it is read
  std::vector<LaserOverlap> others;  ///< that shine into the plan's depth frame
  std::shared_ptr<UnitImages> images;
};

/// The capture as the host's library hands it over.
Result<Capture> make_capture(const CaptureOrder& order, const UnitConfig& unit);

}  // namespace genlock::device::sim
