#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genlock::rig {

enum class Outcome : std::uint8_t {
  ok,
  unknown,  ///< nothing here can tell; the remedy says where to look
  warning,  ///< a take may suffer
  error,    ///< a take will fail, or be worth nothing
};
std::string_view to_string(Outcome outcome);  ///< the name above

/// A constraint of a good take, and whether it holds; docs/doctor.md lists them.
struct Check {
  std::string id;  ///< of the constraint: "sync_jacks"
  Outcome outcome = Outcome::ok;
  std::vector<std::string> units;  ///< by name, those that it is about; none: the rig or the host
  std::string text;                ///< what is so
  std::string remedy;              ///< what to do; empty where nothing has to be done
};

bool has_errors(const std::vector<Check>& checks);

}  // namespace genlock::rig
