#pragma once

#include "cli/recorder_options.h"

namespace genlock::cli {

/// Runs k4arecorder and returns its exit code.
int run_recorder(const RecorderOptions& options);

}  // namespace genlock::cli
