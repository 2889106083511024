#pragma once

#include <optional>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// The earliest thing the fault schedule makes happen by `now` that has not happened yet, with the time it
/// was due.
std::optional<Event> due_fault(const BenchConfig& config, const BenchState& state, HostTime now);

/// A fault of the last session of `unit` that has not ended by itself: it ends before the next one starts.
std::optional<Event> leftover_fault(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                    HostTime now);

}  // namespace genlock::device::sim
