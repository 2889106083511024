#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <ratio>
#include <type_traits>

namespace genlock {

/// The count of a device duration. Its own type, so that time on a unit's clock and time on the host's do not mix:
/// it converts from an integer only when asked to, and never to one by itself.
class DeviceCount {
 public:
  constexpr DeviceCount() = default;
  template <class I>
    requires std::is_integral_v<I>
  constexpr explicit DeviceCount(I value) : value_(static_cast<std::int64_t>(value)) {}
  template <class I>
    requires std::is_arithmetic_v<I>
  constexpr explicit operator I() const {
    return static_cast<I>(value_);
  }

  constexpr std::int64_t value() const { return value_; }
  constexpr auto operator<=>(const DeviceCount&) const = default;
  constexpr DeviceCount operator+() const { return *this; }
  constexpr DeviceCount operator-() const { return DeviceCount(-value_); }
  constexpr DeviceCount& operator+=(DeviceCount o) { return value_ += o.value_, *this; }
  constexpr DeviceCount& operator-=(DeviceCount o) { return value_ -= o.value_, *this; }
  constexpr DeviceCount& operator*=(DeviceCount o) { return value_ *= o.value_, *this; }
  constexpr DeviceCount& operator/=(DeviceCount o) { return value_ /= o.value_, *this; }
  constexpr DeviceCount& operator%=(DeviceCount o) { return value_ %= o.value_, *this; }
  friend constexpr DeviceCount operator+(DeviceCount a, DeviceCount b) { return a += b; }
  friend constexpr DeviceCount operator-(DeviceCount a, DeviceCount b) { return a -= b; }
  friend constexpr DeviceCount operator*(DeviceCount a, DeviceCount b) { return a *= b; }
  friend constexpr DeviceCount operator/(DeviceCount a, DeviceCount b) { return a /= b; }
  friend constexpr DeviceCount operator%(DeviceCount a, DeviceCount b) { return a %= b; }
  template <class Char, class Traits>
  friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, DeviceCount count) {
    return out << count.value_;
  }

 private:
  std::int64_t value_ = 0;
};

}  // namespace genlock

// std::chrono asks for the common type of counts inside its conversions. Integers appear there as ratio factors only:
// a plain duration still does not convert, because DeviceCount's constructor is explicit.
template <>
struct std::common_type<genlock::DeviceCount, std::intmax_t> {
  using type = genlock::DeviceCount;
};
template <>
struct std::common_type<std::intmax_t, genlock::DeviceCount> {
  using type = genlock::DeviceCount;
};
template <>
struct std::numeric_limits<genlock::DeviceCount> : std::numeric_limits<std::int64_t> {
  static constexpr genlock::DeviceCount min() { return genlock::DeviceCount(std::numeric_limits<std::int64_t>::min()); }
  static constexpr genlock::DeviceCount max() { return genlock::DeviceCount(std::numeric_limits<std::int64_t>::max()); }
  static constexpr genlock::DeviceCount lowest() { return min(); }
};

namespace genlock {

/// Time on a unit's own clock, in the API's unit (µs) and in the hardware's (ticks of 1/90000 s; facts device.md 2.1).
using DeviceDuration = std::chrono::duration<DeviceCount, std::micro>;
using TickDuration = std::chrono::duration<DeviceCount, std::ratio<1, 90000>>;

/// A unit's counter: zero where the unit last reset it, never comparable between units without `sync`.
struct DeviceClock {
  using rep = DeviceCount;
  using period = std::micro;
  using duration = DeviceDuration;
  using time_point = std::chrono::time_point<DeviceClock>;
  static constexpr bool is_steady = true;
};
using DeviceTime = DeviceClock::time_point;

/// The host's CLOCK_MONOTONIC (or the bench's stand-in for it).
struct HostClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<HostClock>;
  static constexpr bool is_steady = true;
};
using HostDuration = HostClock::duration;
using HostTime = HostClock::time_point;

/// UTC in ns since 1970, for people and for files of several hosts.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

inline constexpr std::int64_t kTicksPerSecond = 90000;

/// Whole multiples and fractions (truncated toward zero) of device durations, and how often one goes into another.
template <class Period, std::integral I>
constexpr std::chrono::duration<DeviceCount, Period> operator*(std::chrono::duration<DeviceCount, Period> d, I factor) {
  return std::chrono::duration<DeviceCount, Period>(d.count() * DeviceCount(factor));
}
template <class Period, std::integral I>
constexpr std::chrono::duration<DeviceCount, Period> operator*(I factor, std::chrono::duration<DeviceCount, Period> d) {
  return d * factor;
}
template <class Period, std::integral I>
constexpr std::chrono::duration<DeviceCount, Period> operator/(std::chrono::duration<DeviceCount, Period> d, I divisor) {
  return std::chrono::duration<DeviceCount, Period>(d.count() / DeviceCount(divisor));
}

constexpr DeviceDuration device_us(std::int64_t us) { return DeviceDuration(DeviceCount(us)); }
constexpr TickDuration device_ticks(std::int64_t ticks) { return TickDuration(DeviceCount(ticks)); }
constexpr DeviceTime device_time_us(std::int64_t us) { return DeviceTime(device_us(us)); }
constexpr std::int64_t count_us(DeviceDuration d) { return d.count().value(); }
constexpr std::int64_t count_us(DeviceTime t) { return t.time_since_epoch().count().value(); }
constexpr std::int64_t count_ticks(TickDuration d) { return d.count().value(); }
constexpr std::int64_t count_ns(HostDuration d) { return d.count(); }
constexpr std::int64_t count_ns(HostTime t) { return t.time_since_epoch().count(); }
constexpr std::int64_t count_ns(WallTime t) { return t.time_since_epoch().count(); }

/// What the API shows for a tick count: floor(ticks * 100 / 9) µs, also for negative counts.
constexpr DeviceDuration api_time(TickDuration ticks) {
  const std::int64_t scaled = count_ticks(ticks) * 100;
  return device_us(scaled >= 0 ? scaled / 9 : -((-scaled + 8) / 9));
}

/// What a unit makes of a requested delay: µs * 9 / 100 ticks, truncated toward zero (facts device.md 2.1).
constexpr TickDuration programmed_ticks(DeviceDuration delay) { return device_ticks(count_us(delay) * 9 / 100); }

}  // namespace genlock
