#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace genlock::cli {

/// The options of genlock bench.
struct BenchRequest {
  std::string bench;  ///< preset or file; empty: GENLOCK_BENCH
  std::filesystem::path file;
  bool force = false;
  std::string unit;
  std::vector<std::string> changes;
  bool json = false;
  bool once = false;  ///< watch
};

// Each prints its outcome and returns the exit code.
int bench_init(const BenchRequest& request);
int bench_show(const BenchRequest& request);
int bench_set(const BenchRequest& request);

/// The changes that bench set knows, for its help.
std::string bench_changes_help();

}  // namespace genlock::cli
