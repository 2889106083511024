#pragma once

#include <span>
#include <string>
#include <vector>

#include "device/device.h"
#include "session/command.h"

namespace genlock::session {

/// How controls stand that were set: those that are other than asked for, each in words ("exposure is 8330
/// µs, asked for 10000").
struct ControlCheck {
  std::vector<std::string> rounded;  ///< as units are documented to (facts k4a-abi.md D)
  std::vector<std::string> wrong;
};

/// Reads settings back after all were set. What a unit takes and does not tell is left out. The error is that
/// of a read.
Result<ControlCheck> check_controls(device::Device& unit, std::span<const SetControls::Setting> settings);

}  // namespace genlock::session
