#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/time.h"

// Exact arithmetic of 90 kHz counters. A clock with an error of `ppb` counts 90000 * (10^9 + ppb) / 10^9
// ticks a second; everything is computed in integers, so that nothing accumulates in hours.

namespace genlock::device::sim {

__extension__ using Int128 = __int128;

inline constexpr std::int64_t kBillion = 1'000'000'000;

/// Rounded down. `b` is positive.
constexpr Int128 floor_divide(Int128 a, Int128 b) {
  const Int128 q = a / b;
  return a % b < 0 ? q - 1 : q;
}

/// The shortest whole number of ns in which a clock counts `ticks`, rounded up: the counter has them by then.
HostDuration duration_of(TickDuration ticks, std::int64_t ppb);

/// A unit's counter as a function of host time: reset now and then, at a rate that may change. Keeps its
/// recent past.
class UnitCounter {
 public:
  /// From `at` on the counter runs at this rate from `value`. Forgets everything before.
  void reset(HostTime at, std::int64_t ppb, TickDuration value = {});

  /// From `at` on, not before the last change, it runs at another rate without a step.
  void set_rate(HostTime at, std::int64_t ppb);

  /// From `at` on it counts so much more, or less. Steps come in order of time; a reset forgets those before.
  void step(HostTime at, TickDuration by) { steps_.push_back({at, by}); }

  /// Ticks counted at `t`, rounded down; times before the remembered past are extrapolated from it.
  TickDuration at(HostTime t) const;

  std::int64_t rate_ppb() const { return segments_.back().ppb; }
  HostTime zero_time() const { return zero_; }

 private:
  struct Segment {
    HostTime start;
    Int128 fine_ticks;  ///< at start, in 10^-18 ticks
    std::int64_t ppb;
  };
  struct Step {
    HostTime at;
    TickDuration by;
  };
  static Int128 fine_ticks_at(const Segment& segment, HostTime t);

  HostTime zero_{};
  std::vector<Step> steps_;
  std::deque<Segment> segments_{Segment{{}, 0, 0}};
};

}  // namespace genlock::device::sim
