#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "take/take_file.h"

namespace genlock::take {

/// The recordings that a command about a take was given.
struct TakeSource {
  std::vector<std::filesystem::path> files;  ///< one of each unit
  std::filesystem::path folder;              ///< of a take; empty where recordings were given
  std::optional<Take> take;                  ///< of that folder
  std::vector<std::string> names;            ///< of the units; empty where recordings were given
  std::vector<std::string> notes;            ///< what of the take is left out, and why
};

/// The folder of one take, or recordings. A take's units without a recording are left out, and so are
/// recordings that are not aligned with the others.
Result<TakeSource> find_take(const std::vector<std::filesystem::path>& given);

}  // namespace genlock::take
