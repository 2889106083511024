#pragma once

#include <string>
#include <vector>

#include "cli/recorder_options.h"

namespace genlock::cli {

/// The verb by which this program becomes the process of one unit. People do not use it.
inline constexpr const char* kUnitProcessVerb = "unit-process";

/// What such a process is started for.
struct UnitProcessRequest {
  UnitChoice units;
  std::string name;
  std::size_t buffer_mb = 0;
};

/// This program's command line for it.
std::vector<std::string> unit_process_command(const UnitProcessRequest& request);
std::vector<std::string> unit_process_command(const RecorderOptions& options);

/// Serves a session to the process that started this one until that closes the connection. The exit code.
int run_unit_process(const UnitProcessRequest& request);

}  // namespace genlock::cli
