#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// A value of a configuration, by the names that a bench file gives it.
struct Place {
  std::string_view list;  ///< "unit", "cable", "host", "fault" or "random_fault"; empty: of the bench itself
  std::size_t index = 0;  ///< in that list
  std::string key;
};

/// As validate(); `at` becomes the place of what an error is about.
Status validate_at(const BenchConfig& config, Place& at);

/// Whether there is a unit of that name; `where` says who speaks of it.
Status check_unit_name(const BenchConfig& config, std::string_view where, const std::string& name);

/// The part of it that is about faults; units are valid by then.
Status validate_faults(const BenchConfig& config, Place& at);

}  // namespace genlock::device::sim
