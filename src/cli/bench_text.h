#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "device/sim/bench.h"

// How the verbs of genlock bench speak of a bench.

namespace genlock::cli {

std::string running_text(const device::sim::UnitStatus& unit);  ///< "master 30 fps", "open", "free"
std::string faults_text(const device::sim::UnitStatus& unit);   ///< active ones, "none"
std::string plug_text(const std::optional<bool>& plugged);
std::string_view end_name(const device::sim::CableEnd& end);
std::string_view jack_name(device::sim::Jack jack);

nlohmann::ordered_json bench_json(const device::sim::BenchConfig& config,
                                  const device::sim::BenchStatus& status);

}  // namespace genlock::cli
