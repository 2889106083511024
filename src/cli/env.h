#pragma once

#include <string>
#include <vector>

namespace genlock::cli {

/// The options of genlock env.
struct EnvRequest {
  std::string bench;                 ///< preset or file; empty: GENLOCK_BENCH, else the default one
  std::string host;                  ///< whose units a program sees; empty: as GENLOCK_BENCH_HOST says
  std::vector<std::string> command;  ///< runs in that environment; empty: the lines are printed
};

/// The environment in which programs written for the vendor's libk4a find the bench's units: printed as lines
/// for a shell, or taken by this process, which becomes the command. Returns an exit code if it does not.
int give_environment(const EnvRequest& request);

}  // namespace genlock::cli
