#pragma once

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// The bench with its random faults as scheduled ones. Each unit has its own series, whose intervals are
/// spread exponentially; all that does not fit into kMaxFaults is left out, latest first. The same bench
/// gives the same faults.
BenchConfig with_random_faults(BenchConfig config);

}  // namespace genlock::device::sim
