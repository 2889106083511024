#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// Where the pulses at a unit's sync in come from.
struct PulseSource {
  PulseTrain train;
  int hops = 0;  ///< units that repeat the pulse on its way
  bool operator==(const PulseSource&) const = default;
};

/// Follows the cables up from a unit's sync in: a master gives its own pulses, every other unit that has
/// power repeats those at its own sync in, whether it streams or not. Nothing when no pulses can come that
/// way at `at`.
std::optional<PulseSource> pulse_source(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                        HostTime at);

/// Whether a plug is in each jack; where the cable leads plays no part.
SyncJacks jacks(const BenchConfig& config, const BenchState& state, std::size_t unit);

/// The units whose deeds a unit's pulses depend on, nearest first.
std::vector<std::size_t> upstream_units(const BenchConfig& config, std::size_t unit);

}  // namespace genlock::device::sim
