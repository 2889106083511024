#pragma once

#include "cli/record_rig.h"
#include "rig/plan.h"

namespace genlock::cli {

/// What must be right before a take is begun.
struct Preflight {
  rig::Plan plan;
  std::string although;  ///< what was wrong where the take goes ahead all the same, in lines; else empty

  bool forced() const { return !although.empty(); }
};

/// Plans the rig of the request and examines rig, units and host as `genlock doctor` does. The error lists
/// all that is wrong, each with what to do; when forced that is printed as a warning. The doctor's warnings
/// are printed, a line each, the first few.
Result<Preflight> preflight(const RecordRigRequest& request);

}  // namespace genlock::cli
