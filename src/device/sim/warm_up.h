#pragma once

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// What a unit adds to every distance so long after it was given power (facts device.md 1.6).
double distance_error_mm(const UnitConfig& unit, HostDuration powered);

/// Its temperature then.
double temperature_c(const UnitConfig& unit, HostDuration powered);

}  // namespace genlock::device::sim
