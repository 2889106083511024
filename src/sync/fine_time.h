#pragma once

#include "base/time.h"

namespace genlock::sync {

/// Ninths of a µs: ticks (100) and µs (9) are both whole numbers of it, so that arithmetic on stamps is
/// exact.
using FineDuration = std::chrono::duration<DeviceCount, std::ratio<1, 9'000'000>>;

/// Stamps beyond this are not times of a device (3000 years) and would overflow.
inline constexpr DeviceDuration kLargestStamp = device_us(100'000'000'000'000'000);

/// Whether a stamp can be a time of a device: observations of others are only counted.
constexpr bool possible(DeviceTime stamp) {
  return stamp.time_since_epoch() >= -kLargestStamp && stamp.time_since_epoch() <= kLargestStamp;
}

constexpr double to_us(FineDuration d) {
  return static_cast<double>(d.count().value()) / 9.0;
}
constexpr double to_seconds(FineDuration d) {
  return to_us(d) * 1e-6;
}

/// The exact tick where the stamp is one that a 90 kHz clock can show, otherwise the stamp as it is.
constexpr FineDuration fine_time(DeviceTime stamp) {
  const std::int64_t us = count_us(stamp);
  const std::int64_t scaled = us * 9 + 99;
  const std::int64_t ticks = scaled >= 0 ? scaled / 100 : -((-scaled + 99) / 100);
  const TickDuration exact = device_ticks(ticks);
  return count_us(api_time(exact)) == us ? FineDuration(exact) : FineDuration(device_us(us));
}

/// The API's stamp of a fine time.
constexpr DeviceTime device_time(FineDuration fine) {
  const std::int64_t count = fine.count().value();
  return device_time_us(count >= 0 ? count / 9 : -((-count + 8) / 9));
}

}  // namespace genlock::sync
