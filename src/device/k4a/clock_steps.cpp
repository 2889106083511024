#include "device/k4a/clock_steps.h"

#include <algorithm>
#include <utility>

namespace genlock::device::k4a {

std::optional<DeviceDuration> ClockSteps::see(DeviceTime stamp) {
  const std::optional<DeviceTime> before = std::exchange(last_, stamp);
  if (!before) return std::nullopt;
  const std::int64_t passed_ns = count_us(stamp - *before) * 1000;
  const std::int64_t frames = std::max<std::int64_t>((passed_ns + interval_ns_ / 2) / interval_ns_, 1);
  const std::int64_t off_ns = passed_ns - interval_ns_ * frames;
  const DeviceDuration off = device_us(off_ns / 1000);
  if (off > kLeast || off < -kLeast) return off;
  constexpr int kSlowly = 16;
  interval_ns_ += off_ns / frames / kSlowly;
  return std::nullopt;
}

}  // namespace genlock::device::k4a
