#pragma once

#include <cstddef>
#include <vector>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// What a unit's streams put on its USB bus, in 10^6 bytes per second (facts device.md 1.1, 1.2).
double usb_mb_per_s(const CameraConfig& config);

/// The other units on the host of `unit`; none if no host has it.
std::vector<std::size_t> units_beside(const BenchConfig& bench, std::size_t unit);

/// Whether the host of `unit` can carry this configuration beside the units that run on it by `state`. A
/// host refuses only colour, whose transfers reserve bus time; depth takes what is left (facts device.md 3).
/// Errc::io, as USB has it.
Status check_usb_budget(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config);

}  // namespace genlock::device::sim
