#pragma once

#include <filesystem>
#include <string>

#include "recording/repair.h"

namespace genlock::cli {

struct RepairRequest {
  std::filesystem::path in;
  std::filesystem::path out;  ///< empty in place
  bool in_place = false;
  bool force = false;  ///< replaces an `out` that exists
  bool json = false;
};

/// `genlock repair`. 0: the file is complete and nothing was lost; 1: it is complete, but data were lost, as
/// is told; 2: it was not repaired, and nothing was changed unless that is said.
int repair_file(const RepairRequest& request);

std::string repair_text(const RepairRequest& request, const recording::RepairReport& report);

/// Keys: docs/cli.md.
std::string repair_json(const RepairRequest& request, const recording::RepairReport& report);

}  // namespace genlock::cli
