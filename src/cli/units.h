#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "device/registry.h"
#include "device/sim/bench.h"

namespace genlock::cli {

/// Which world of units a command works in. The first that is given counts: recordings, a bench, a library;
/// then GENLOCK_BENCH, GENLOCK_LIBK4A, and the libk4a that is installed.
struct UnitChoice {
  std::string bench;                          ///< a preset or a file
  std::filesystem::path libk4a;               ///< a libk4a.so.1.4, or its folder
  std::vector<std::filesystem::path> replay;  ///< recordings, each a unit

  bool operator==(const UnitChoice&) const = default;
};

/// With no choice and no library of a maker of units the error names the ways out.
Result<std::unique_ptr<device::Provider>> choose_units(const UnitChoice& choice);

/// The bench that a command works on: `given`, else GENLOCK_BENCH, else an error that says so.
Result<device::sim::BenchOptions> chosen_bench(const std::string& given);

}  // namespace genlock::cli
