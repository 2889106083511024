#pragma once

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// What a unit's streams put on its USB bus, in 10^6 bytes per second (facts device.md 1.1, 1.2).
double usb_mb_per_s(const CameraConfig& config);

/// Whether the host of `unit` can carry this configuration beside the units that run on it. A host refuses
/// only colour, whose transfers reserve bus time; depth takes what is left (facts device.md 3). Errc::io, as
/// USB has it.
Status check_usb_budget(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config);

}  // namespace genlock::device::sim
