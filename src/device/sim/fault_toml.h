#pragma once

#include "config/toml_table.h"
#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// One [[fault]] of a bench file.
Status read_fault(config::TableReader& table, FaultConfig& fault);

/// One [[random_fault]].
Status read_random_fault(config::TableReader& table, RandomFaultConfig& random);

}  // namespace genlock::device::sim
