#pragma once

#include <cstddef>
#include <vector>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// The host that has the unit; null if none has.
const HostConfig* host_of(const BenchConfig& bench, std::size_t unit);

/// The other units on the host of `unit`; none if no host has it.
std::vector<std::size_t> units_beside(const BenchConfig& bench, std::size_t unit);

/// Whether the host of `unit` can carry this configuration beside the units that run on it by `state`. A
/// host refuses only colour, whose transfers reserve bus time; depth takes what is left (facts device.md 3).
/// Errc::io, as USB has it.
Status check_usb_budget(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config);

/// Whether the host has memory for at least one transfer of the colour camera, if it is on. Errc::io.
Status check_usb_memory(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config);

/// The part of a running unit's data that its bus has room for, 0 to 1.
struct BusShare {
  double color = 1;
  double depth = 1;
  bool operator==(const BusShare&) const = default;
};

/// When the units and the other devices of a host want more than it carries, all colour streams starve
/// first, by the same part, then depth (facts device.md 3).
BusShare bus_share(const BenchConfig& bench, const BenchState& state, std::size_t unit);

}  // namespace genlock::device::sim
