#pragma once

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// The clock of one of the bench's hosts: off by something, and fast or slow. Bench time becomes host time
/// where it leaves the bench, and nowhere else.
class PcClock {
 public:
  /// Shows bench time.
  PcClock() = default;

  PcClock(HostTime boot, const HostConfig& host);

  /// What it shows at bench time `t`. Ends of time stay what they are.
  HostTime shows(HostTime t) const;

  /// The first bench time at which it shows `shown` or more.
  HostTime bench_time(HostTime shown) const;

 private:
  HostTime boot_{};
  HostDuration offset_{};
  std::int64_t ppb_ = 0;
};

}  // namespace genlock::device::sim
