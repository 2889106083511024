#pragma once

#include <cstddef>
#include <span>

#include "device/sim/shared_bench.h"

// How events get into a shared bench: in order of time, with everything that is due put in first.

namespace genlock::device::sim {

/// Appends what the schedule of faults holds by `now`, and the stop of each of the units `watched` that still
/// counts as running though the process that had it is gone.
void catch_up(SharedBench::Lock& lock, const SharedBench& bench, const BenchConfig& config, HostTime now,
              std::span<const std::size_t> watched);

/// Catches up, then appends `event` with the present time, which it returns.
HostTime append_now(SharedBench::Lock& lock, const SharedBench& bench, const BenchConfig& config,
                    Event event);

}  // namespace genlock::device::sim
