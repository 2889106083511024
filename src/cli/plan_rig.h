#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "rig/plan.h"

namespace genlock::cli {

struct PlanRequest {
  std::filesystem::path rig;
  std::optional<std::filesystem::path> svg;  ///< where the picture goes; an existing one is replaced
  bool json = false;
};

/// `genlock plan`: prints the plan. kDone where it holds, kFailed where it does not or the rig file is wrong.
int plan_rig(const PlanRequest& request);

/// For people: a line for each unit, the start order, loads, findings, and a last line that begins with PLAN
/// HOLDS or PLAN DOES NOT HOLD.
std::string plan_text(const rig::Plan& plan);

/// One JSON object; keys are documented in docs/rig.md. Times are numbers in µs after the pulse.
std::string plan_json(const rig::Plan& plan);

/// A picture of one frame: exposures and laser pulses of each unit after the pulse.
std::string plan_svg(const rig::Plan& plan);

}  // namespace genlock::cli
