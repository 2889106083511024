#include "rig/check.h"

#include <algorithm>

namespace genlock::rig {

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view kNames[] = {"ok", "unknown", "warning", "error"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool has_errors(const std::vector<Check>& checks) {
  return std::ranges::any_of(checks, [](const Check& check) { return check.outcome == Outcome::error; });
}

}  // namespace genlock::rig
