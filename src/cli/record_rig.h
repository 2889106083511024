#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/units.h"
#include "rig/rig.h"

namespace genlock::cli {

struct RecordRigRequest {
  UnitChoice units;
  std::filesystem::path rig;
  std::optional<double> length_s;               ///< absent: as the rig file says, else until Ctrl-C
  std::string take;                             ///< empty: the next number
  std::optional<std::filesystem::path> folder;  ///< absent: as the rig file says, as the next two
  std::optional<rig::Isolation> isolation;
  bool checksums = true;
  bool rehearse = false;  ///< 5 s into a folder that is thrown away
  bool force = false;
  bool json = false;
  std::size_t buffer_mb = 0;  ///< of each unit; 0: two seconds of the cameras'
};

/// Whether these words behind "genlock record" are about a rig file, and not about single units.
bool is_about_rig(const std::vector<std::string>& words);

/// `genlock record RIG.toml`: kDone when the take can be kept, else kFailed.
int record_rig(const RecordRigRequest& request);

}  // namespace genlock::cli
