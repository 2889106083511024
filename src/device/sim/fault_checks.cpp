#include <fmt/format.h>

#include <algorithm>

#include "device/sim/bench_checks.h"

namespace genlock::device::sim {
namespace {

Error invalid(std::string message) {
  return Error(Errc::invalid, std::move(message));
}

Status check_fault(const FaultConfig& fault, Place& at) {
  const FaultTraits& kind = traits(fault.kind);
  const auto wrong = [&](std::string_view key, std::string_view what) {
    at.key = std::string(key);
    return invalid(fmt::format("fault {} of {}: {} {}", kind.name, fault.unit, key, what));
  };
  if (fault.at < HostDuration::zero())
    return wrong(fault.after_start ? "after_start_s" : "at_s", "must not be negative");
  if (fault.duration && *fault.duration <= HostDuration::zero())
    return wrong("duration_s", "must be positive");
  if (fault.count < 1 || fault.count > 1'000'000) return wrong("count", "must lie within 1 and 1000000");
  if (!kind.touches.none() && !within(fault.streams, kind.touches))
    return wrong("streams", fmt::format("must be of {}", to_string(kind.touches)));
  if (fault.knob && (*fault.knob < kind.knob.least || *fault.knob > kind.knob.most))
    return wrong(kind.knob.key, fmt::format("must lie within {} and {}", kind.knob.least, kind.knob.most));
  return {};
}

Status check_random(const BenchConfig& config, const RandomFaultConfig& random, Place& at) {
  const auto wrong = [&](std::string_view key, std::string_view what) {
    at.key = std::string(key);
    return invalid(fmt::format("random_fault: {} {}", key, what));
  };
  at.key = "units";
  for (const std::string& unit : random.units) GENLOCK_TRY(check_unit_name(config, "random_fault", unit));
  if (random.kinds.empty()) return wrong("kinds", "must name at least one kind of fault");
  if (random.mean_interval < std::chrono::milliseconds(10))
    return wrong("mean_interval_s", "must be 0.01 or more");
  if (random.duration[0] <= HostDuration::zero() || random.duration[1] < random.duration[0])
    return wrong("duration_s", "must be two positive values, the smaller first");
  if (random.first < HostDuration::zero()) return wrong("first_s", "must not be negative");
  if (random.until < random.first) return wrong("until_s", "must not lie before first_s");
  return {};
}

}  // namespace

Status validate_faults(const BenchConfig& config, Place& at) {
  for (std::size_t i = 0; i < config.faults.size(); ++i) {
    at = {"fault", i, "unit"};
    GENLOCK_TRY(check_unit_name(config, "fault", config.faults[i].unit));
    GENLOCK_TRY(check_fault(config.faults[i], at));
  }
  for (std::size_t i = 0; i < config.random_faults.size(); ++i) {
    at = {"random_fault", i, ""};
    GENLOCK_TRY(check_random(config, config.random_faults[i], at));
  }
  return {};
}

}  // namespace genlock::device::sim
