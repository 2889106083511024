#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "take/trim.h"

namespace genlock::cli {

struct TrimRequest {
  std::vector<std::filesystem::path> given;  ///< a take's folder, or recordings
  std::filesystem::path out;                 ///< the folder to make
  std::string sets;                          ///< "A..B", "A..", "..B"; empty: all
  std::string from_marker, to_marker;  ///< texts of markers of the take; empty: from the first, to the last
  bool complete_only = false;
  bool checksums = true;  ///< of the files, into a take's take.json
  bool json = false;
};

/// The sets that a request names. Errc::invalid where it names none.
struct ChosenSets {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;
};
Result<ChosenSets> chosen_sets(const TrimRequest& request, const take::FrameSets& sets);

std::string trim_text(const take::TrimReport& report);
std::string trim_json(const take::TrimReport& report);

int trim_take(const TrimRequest& request);

}  // namespace genlock::cli
