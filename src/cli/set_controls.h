#pragma once

#include <string>
#include <vector>

#include "device/registry.h"

namespace genlock::cli {

/// Which unit, and settings like "exposure_us=8330" or "white_balance_k=auto".
struct SetRequest {
  unsigned device = 0;
  std::string serial;
  std::vector<std::string> settings;
  bool json = false;
};

/// Sets the controls in the given order, then prints all of them. Nothing is set if one of the settings is
/// wrong. Returns the exit code.
int set_controls(device::Provider& provider, const SetRequest& request);

}  // namespace genlock::cli
