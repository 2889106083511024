#pragma once

#include <filesystem>

#include "cli/units.h"

namespace genlock::cli {

/// The options of genlock rig init.
struct RigInitRequest {
  UnitChoice units;
  std::filesystem::path file;  ///< empty: standard output
  bool force = false;          ///< replace a file that exists
};

/// Writes a rig file made from the units that are attached. kFailed where there are none.
int write_rig(const RigInitRequest& request);

}  // namespace genlock::cli
