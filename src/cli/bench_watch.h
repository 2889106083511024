#pragma once

#include "cli/bench_commands.h"

namespace genlock::cli {

/// genlock bench watch: a picture redrawn in place on a terminal until SIGINT, SIGTERM or SIGHUP, after which
/// the terminal is as before; elsewhere a line for each change. Returns the exit code.
int bench_watch(const BenchRequest& request);

}  // namespace genlock::cli
