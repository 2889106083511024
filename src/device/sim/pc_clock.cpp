#include "device/sim/pc_clock.h"

#include "base/clock.h"
#include "device/sim/unit_counter.h"

namespace genlock::device::sim {

PcClock::PcClock(HostTime boot, const HostConfig& host)
    : boot_(boot), offset_(host.clock_offset), ppb_(parts_per_billion(host.clock_ppm)) {}

HostTime PcClock::shows(HostTime t) const {
  if (t == kNoDeadline) return t;
  const Int128 elapsed = floor_divide(Int128((t - boot_).count()) * (kBillion + ppb_), kBillion);
  return boot_ + offset_ + HostDuration(static_cast<std::int64_t>(elapsed));
}

HostTime PcClock::bench_time(HostTime shown) const {
  if (shown == kNoDeadline) return shown;
  const Int128 elapsed = Int128((shown - offset_ - boot_).count()) * kBillion;
  const Int128 rounded_up = -floor_divide(-elapsed, kBillion + ppb_);
  if (rounded_up > Int128((kNoDeadline - boot_).count())) return kNoDeadline;
  return boot_ + HostDuration(static_cast<std::int64_t>(rounded_up));
}

}  // namespace genlock::device::sim
