#pragma once

#include "base/time.h"

// What the expressions of check.cmake are made of.

using namespace genlock;

inline constexpr DeviceDuration device = device_us(5);
inline constexpr TickDuration ticks = device_ticks(9);
inline constexpr DeviceTime device_time = device_time_us(5);
inline constexpr std::chrono::microseconds host{5};
inline constexpr HostDuration host_ns{5000};
inline constexpr HostTime host_time{host_ns};
inline constexpr WallTime wall_time{host_ns};

constexpr bool takes_device(DeviceDuration) {
  return true;
}
constexpr bool takes_host(HostDuration) {
  return true;
}
constexpr bool takes_device_time(DeviceTime) {
  return true;
}
constexpr bool takes_host_time(HostTime) {
  return true;
}
constexpr bool takes_integer(std::int64_t) { return true; }
