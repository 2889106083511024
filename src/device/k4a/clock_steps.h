#pragma once

#include <optional>

#include "base/camera.h"
#include "base/time.h"

namespace genlock::device::k4a {

/// Finds steps in the stamps of one stream: units whose counter a library sets to the host's time again and
/// again (Orbbec's, every 60 s by default; facts device.md 8) do not count evenly. One thread at a time.
class ClockSteps {
 public:
  /// Far above the jitter of stamps, 11 to 22 µs (facts device.md 2.3), and below the 600 µs that a crystal
  /// 10 ppm off gathers in 60 s.
  static constexpr DeviceDuration kLeast = device_us(300);

  explicit ClockSteps(FrameRate rate) : interval_ns_(count_us(period_us(rate)) * 1000) {}

  /// How far the clock has stepped since the stamp before, where it has. Lost frames are no step.
  std::optional<DeviceDuration> see(DeviceTime stamp);

 private:
  /// Of the unit's own clock. Real units keep 30.015 fps and the like (facts device.md 8), so it is learnt.
  std::int64_t interval_ns_;
  std::optional<DeviceTime> last_;
};

}  // namespace genlock::device::k4a
