#pragma once

#include <filesystem>
#include <optional>

#include "cli/units.h"

namespace genlock::cli {

/// The options of genlock doctor.
struct DoctorRequest {
  UnitChoice units;
  std::optional<std::filesystem::path> rig;     ///< without: what can be said of units and host
  std::optional<std::filesystem::path> folder;  ///< instead of the rig's for takes
  std::filesystem::path root = "/";             ///< where the host's /sys, /proc and /dev are
  bool json = false;
};

/// Prints every check. kDone without errors, kFailed with some.
int run_doctor(const DoctorRequest& request);

}  // namespace genlock::cli
