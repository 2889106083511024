#pragma once

#include "device/sim/bench_config.h"
#include "device/sim/toml_table.h"

namespace genlock::device::sim {

/// One [[fault]] of a bench file.
Status read_fault(TableReader& table, FaultConfig& fault);

/// One [[random_fault]].
Status read_random_fault(TableReader& table, RandomFaultConfig& random);

}  // namespace genlock::device::sim
