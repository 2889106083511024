#include "device/sim/warm_up.h"

#include <algorithm>

namespace genlock::device::sim {
namespace {

/// 1 for a cold unit, 0 once it has settled, which takes the warm-up time and no longer. Fast at first: half
/// is gone after a fifth of the time. The shape is not known (U).
double cold_share(const UnitConfig& unit, HostDuration powered) {
  if (unit.warm_up <= HostDuration::zero()) return 0;
  const double share = static_cast<double>(powered.count()) / static_cast<double>(unit.warm_up.count());
  const double left = 1 - std::clamp(share, 0.0, 1.0);
  return left * left * left;
}

}  // namespace

double distance_error_mm(const UnitConfig& unit, HostDuration powered) {
  return unit.warm_up_mm * cold_share(unit, powered);
}

double temperature_c(const UnitConfig& unit, HostDuration powered) {
  const double settled = static_cast<double>(unit.temperature_c);
  const double cold = static_cast<double>(unit.cold_temperature_c.value_or(unit.temperature_c));
  return settled + (cold - settled) * cold_share(unit, powered);
}

}  // namespace genlock::device::sim
