#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "device/registry.h"
#include "device/sim/bench.h"

namespace genlock::cli {

/// Which world of units a command works in: recordings played back, else the bench named here or by
/// GENLOCK_BENCH.
struct UnitChoice {
  std::string bench;                          ///< a preset or a file
  std::vector<std::filesystem::path> replay;  ///< recordings, each a unit
};

/// With no choice and no real units the error names the ways out.
Result<std::unique_ptr<device::Provider>> choose_units(const UnitChoice& choice);

/// The bench that a command works on: `given`, else GENLOCK_BENCH, else an error that says so.
Result<device::sim::BenchOptions> chosen_bench(const std::string& given);

}  // namespace genlock::cli
