#include "device/sim/bench_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "device/sim/bench_checks.h"
#include "device/sim/chance.h"

namespace genlock::device::sim {
namespace {

Error invalid(std::string message) {
  return Error(Errc::invalid, std::move(message));
}

UnitConfig preset_unit(const std::string& name, int number, const Pose& pose) {
  UnitConfig unit;
  unit.name = name;
  unit.serial = simulated_serial(number);
  unit.calibration = fmt::format("builtin:{}", number);
  unit.pose = pose;
  return unit;
}

BenchConfig daisy_chain() {
  BenchConfig config;
  config.units = {preset_unit("master", 1, {}),
                  preset_unit("sub1", 2, {.position_m = {-0.6, 0, 0}, .yaw_deg = 15}),
                  preset_unit("sub2", 3, {.position_m = {0.6, 0, 0}, .yaw_deg = -15})};
  config.cables = {{.from = {"master", Jack::out}, .to = {"sub1", Jack::in}},
                   {.from = {"sub1", Jack::out}, .to = {"sub2", Jack::in}}};
  for (const UnitConfig& unit : config.units)
    config.hosts.push_back({.name = unit.name, .units = {unit.name}});
  return config;
}

/// What real units do: facts device.md 9.
void make_realistic(BenchConfig& config) {
  using std::chrono::milliseconds;
  for (std::size_t i = 0; i < config.units.size(); ++i) {
    UnitConfig& unit = config.units[i];
    const double spread = random_unit(random_bits(config.seed, Chance::clock_spread, i, 0)) * 2 - 1;
    unit.clock_ppm = std::round((-50 + 20 * spread) * 1000) / 1000;
    unit.latency = {.min = milliseconds(85), .max = milliseconds(156), .mean = milliseconds(93)};
    unit.trigger_grid_ticks = 9.5;
    unit.exposure_write_shift = std::chrono::microseconds(300);
    unit.auto_exposure = AutoExposure::drifts;
    unit.early_depth_frames = 3;
    unit.cold_temperature_c = 21;
    unit.warm_up_mm = 5;
    unit.start_drops = {0, 2};
    unit.imu_rate_error = 0.005 * spread;
  }
}

/// What people meet, by chance: each fault is short enough for a take to go on (facts device.md 3).
void make_hostile(BenchConfig& config) {
  using enum FaultKind;
  using std::chrono::milliseconds, std::chrono::seconds, std::chrono::minutes;
  config.random_faults = {{.kinds = {drop, drop, wrong_size, corrupt_jpeg},
                           .mean_interval = seconds(10),
                           .first = seconds(5),
                           .until = minutes(10)},
                          {.kinds = {stall, slow_gpu, bus_load},
                           .mean_interval = seconds(45),
                           .duration = {milliseconds(200), milliseconds(900)},
                           .first = seconds(5),
                           .until = minutes(10)}};
  // Works, with a warning: older than what is suggested. Colour firmware decides on stamps and stays.
  config.units.back().version.audio = {1, 6, 13};
}

Status check_unit(const UnitConfig& unit, Place& at) {
  const auto wrong = [&](std::string_view what) {
    at.key = std::string(what.substr(0, what.find(' ')));  // every message begins with its key
    return invalid(fmt::format("unit {}: {}", unit.name, what));
  };
  at.key = "name";
  if (unit.name.empty() || unit.name == "trigger")
    return invalid("a unit needs a name other than \"trigger\"");
  if (!is_simulated_serial(unit.serial) || !serial_check_digit_ok(unit.serial)) {
    return wrong(fmt::format(
        "serial \"{}\" must be 12 digits, the first a 9, the seventh 7 minus the sum of the first "
        "six modulo 7",
        unit.serial));
  }
  if (std::abs(unit.clock_ppm) > 10'000) return wrong("clock_ppm must lie within -10000 and 10000");
  if (unit.jitter_ticks < 0 || unit.jitter_ticks > 1000)
    return wrong("jitter_ticks must lie within 0 and 1000");
  if (unit.depth_jitter_ticks < 0 || unit.depth_jitter_ticks > 1000) {
    return wrong("depth_jitter_ticks must lie within 0 and 1000");
  }
  if (std::abs(unit.depth_bias_ticks) > 1000) return wrong("depth_bias_ticks must lie within -1000 and 1000");
  // What a unit does when a pulse fails is decided an eighth of a period later: nothing may be delivered
  // before.
  if (unit.latency.min < std::chrono::milliseconds(30) || unit.latency.max < unit.latency.min ||
      unit.latency.max > std::chrono::seconds(10)) {
    return wrong("latency_ms must be two values from 30 to 10000, the smaller first");
  }
  if (unit.latency.mean && (*unit.latency.mean < unit.latency.min || *unit.latency.mean > unit.latency.max))
    return wrong("latency_mean_ms must lie between the two values of latency_ms");
  if (unit.early_depth_frames < 0 || unit.early_depth_frames > 30)
    return wrong("early_depth_frames must lie within 0 and 30");
  if (unit.warm_up < HostDuration::zero() || unit.warm_up > std::chrono::hours(24))
    return wrong("warm_up_min must lie within 0 and 1440");
  if (!(std::abs(unit.warm_up_mm) <= 100)) return wrong("warm_up_mm must lie within -100 and 100");
  if (unit.sensor_start < std::chrono::milliseconds(1) || unit.sensor_start > std::chrono::seconds(60)) {
    return wrong("sensor_start_ms must lie within 1 and 60000");
  }
  if (unit.first_pulse && (*unit.first_pulse < 0 || *unit.first_pulse > kMaxFirstPulse)) {
    return wrong(fmt::format("first_pulse must lie within 0 and {}", kMaxFirstPulse));
  }
  if (unit.counter_offset &&
      (*unit.counter_offset < TickDuration{} || *unit.counter_offset > kMaxCounterOffset)) {
    return wrong(
        fmt::format("counter_offset_ticks must lie within 0 and {}", count_ticks(kMaxCounterOffset)));
  }
  if (unit.start_drops[0] < 0 || unit.start_drops[1] < unit.start_drops[0] || unit.start_drops[1] > 30) {
    return wrong("start_drops must be two values from 0 to 30, the smaller first");
  }
  if (!(unit.trigger_grid_ticks >= 0 && unit.trigger_grid_ticks <= 100))
    return wrong("trigger_grid_ticks must lie within 0 and 100");
  if (!(unit.trigger_tolerance_ppm >= 0)) return wrong("trigger_tolerance_ppm must not be negative");
  if (unit.exposure_write_shift < HostDuration::zero() ||
      unit.exposure_write_shift > std::chrono::milliseconds(5))
    return wrong("exposure_write_shift_us must lie within 0 and 5000");
  if (unit.exposure_write_frames < 0 || unit.exposure_write_frames > 60)
    return wrong("exposure_write_frames must lie within 0 and 60");
  if (std::abs(unit.imu_rate_error) > 0.02) return wrong("imu_rate_error must lie within -0.02 and 0.02");
  if (!(unit.image_noise >= 0)) return wrong("image_noise must not be negative");
  if (!(unit.imu_noise >= 0)) return wrong("imu_noise must not be negative");
  if (unit.auto_exposure_us && (*unit.auto_exposure_us < 500 || *unit.auto_exposure_us > 133'330)) {
    return wrong("auto_exposure_us must lie within 500 and 133330");
  }
  return {};
}

Status check_names(const BenchConfig& config, Place& at) {
  std::set<std::string> names, serials;
  for (std::size_t i = 0; i < config.units.size(); ++i) {
    const UnitConfig& unit = config.units[i];
    at = {"unit", i, "name"};
    if (!names.insert(unit.name).second) return invalid(fmt::format("two units are called {}", unit.name));
    at.key = "serial";
    if (!serials.insert(unit.serial).second)
      return invalid(fmt::format("two units have the serial {}", unit.serial));
  }
  return {};
}

Status check_cables(const BenchConfig& config, Place& at) {
  std::vector<CableEnd> inputs;
  for (std::size_t i = 0; i < config.cables.size(); ++i) {
    const CableConfig& cable = config.cables[i];
    at = {"cable", i, "from"};
    if (!cable.from.unit.empty()) GENLOCK_TRY(check_unit_name(config, "cable", cable.from.unit));
    at.key = "to";
    if (!cable.to.unit.empty()) GENLOCK_TRY(check_unit_name(config, "cable", cable.to.unit));
    if (cable.to.unit.empty()) return invalid("a cable cannot lead to the trigger, which has no input");
    at.key = "from";
    if (cable.from.unit.empty() && !config.trigger)
      return invalid("a cable comes from the trigger, but there is no [trigger]");
    at.key = "to";
    if (cable.from == cable.to)
      return invalid(fmt::format("a cable has both ends in one jack of {}", cable.to.unit));
    // A splitter puts several cables on one out; nothing joins two into one jack the other way.
    for (const CableEnd& end : {cable.from, cable.to}) {
      if (end.jack == Jack::out) continue;
      at.key = end == cable.from ? "from" : "to";
      if (std::ranges::find(inputs, end) != inputs.end()) {
        return invalid(fmt::format("two cables are in the sync in of {}", end.unit));
      }
      inputs.push_back(end);
    }
  }
  return {};
}

Status check_trigger(const BenchConfig& config, Place& at) {
  at = {.key = "trigger"};
  if (config.trigger && !(std::abs(config.trigger->ppm) <= kMaxTriggerPpm))
    return invalid(fmt::format("trigger.ppm must lie within -{0} and {0}", kMaxTriggerPpm));
  return {};
}

Status check_hosts(const BenchConfig& config, Place& at) {
  std::set<std::string> names, units;
  for (std::size_t i = 0; i < config.hosts.size(); ++i) {
    const HostConfig& host = config.hosts[i];
    at = {"host", i, "name"};
    if (host.name.empty()) return invalid("a host needs a name");
    if (!names.insert(host.name).second) return invalid(fmt::format("two hosts are called {}", host.name));
    at.key = "usb_mb_per_s";
    if (!(host.usb_mb_per_s > 0))
      return invalid(fmt::format("host {}: usb_mb_per_s must be positive", host.name));
    at.key = "usbfs_mb";
    if (host.usbfs_mb < 0 || host.usbfs_mb > 1'000'000)
      return invalid(fmt::format("host {}: usbfs_mb must lie within 0 and 1000000", host.name));
    at.key = "clock_offset_ms";
    if (std::chrono::abs(host.clock_offset) > std::chrono::hours(24))
      return invalid(fmt::format("host {}: clock_offset_ms must lie within a day either way", host.name));
    at.key = "clock_ppm";
    if (!(std::abs(host.clock_ppm) <= 1000))
      return invalid(fmt::format("host {}: clock_ppm must lie within -1000 and 1000", host.name));
    at.key = "units";
    for (const std::string& unit : host.units) {
      GENLOCK_TRY(check_unit_name(config, "host " + host.name, unit));
      if (!units.insert(unit).second) return invalid(fmt::format("unit {} is on two hosts", unit));
    }
  }
  return {};
}

Status check_sizes(const BenchConfig& config, Place& at) {
  at = {.key = "unit"};
  if (config.units.empty() || config.units.size() > kMaxUnits) {
    return invalid(fmt::format("a bench has 1 to {} units, not {}", kMaxUnits, config.units.size()));
  }
  at.key = "cable";
  if (config.cables.size() > kMaxCables)
    return invalid(fmt::format("a bench has at most {} cables", kMaxCables));
  at.key = "fault";
  if (config.faults.size() > kMaxFaults)
    return invalid(fmt::format("a bench has at most {} faults", kMaxFaults));
  return {};
}

Status check_bench(const BenchConfig& config, Place& at) {
  at = {.key = "speed"};
  if (!(config.speed >= 0.001 && config.speed <= 10'000))
    return invalid("speed must lie within 0.001 and 10000");
  at.key = "clock";
  if (config.stepped && config.patient) return invalid("clock cannot be both stepped and patient");
  at.key = "patience_s";
  if (config.patience < std::chrono::seconds(1) || config.patience > std::chrono::hours(1))
    return invalid("patience_s must lie within 1 and 3600");
  at.key = "hop_delay_ns";
  if (config.hop_delay < HostDuration::zero() || config.hop_delay > std::chrono::milliseconds(1)) {
    return invalid("hop_delay_ns must lie within 0 and 1000000");
  }
  at.key = "pulses_after_stop_ms";
  if (config.pulses_after_stop < HostDuration::zero())
    return invalid("pulses_after_stop_ms must not be negative");
  at.key = "scene";
  if (config.scene != "room")
    return invalid(fmt::format("there is no scene \"{}\"; there is \"room\"", config.scene));
  at.key = "mains_hz";
  if (config.mains_hz != 0 && config.mains_hz != 50 && config.mains_hz != 60)
    return invalid("mains_hz must be 0, 50 or 60");
  at.key = "loop_frames";
  if (config.loop_frames < 1 || config.loop_frames > 256) {
    return invalid("loop_frames must lie within 1 and 256");
  }
  return {};
}

}  // namespace

std::optional<std::size_t> BenchConfig::unit_index(std::string_view unit_name) const {
  for (std::size_t i = 0; i < units.size(); ++i)
    if (units[i].name == unit_name) return i;
  return std::nullopt;
}

std::string simulated_serial(int number) {
  const std::string head = fmt::format("9{:05d}", number);
  int sum = 0;
  for (const char digit : head) sum += digit - '0';
  return fmt::format("{}{}{:05d}", head, 7 - sum % 7, 100 + number);
}

Result<BenchConfig> preset(std::string_view name) {
  BenchConfig config = daisy_chain();
  config.name = name;
  if (name == "default") return config;
  if (name == "realistic") {
    make_realistic(config);
    return config;
  }
  if (name == "hostile") {
    make_realistic(config);
    make_hostile(config);
    return config;
  }
  return Error(Errc::not_found,
               fmt::format("no built-in bench \"{}\"; there are {}", name, fmt::join(preset_names(), ", ")));
}

std::vector<std::string> preset_names() {
  return {"default", "realistic", "hostile"};
}

Status check_unit_name(const BenchConfig& config, std::string_view where, const std::string& name) {
  if (config.unit_index(name)) return {};
  std::vector<std::string> names;
  for (const UnitConfig& unit : config.units) names.push_back(unit.name);
  return invalid(
      fmt::format("{}: there is no unit \"{}\"; there are {}", where, name, fmt::join(names, ", ")));
}

Status validate_at(const BenchConfig& config, Place& at) {
  GENLOCK_TRY(check_sizes(config, at));
  GENLOCK_TRY(check_bench(config, at));
  for (std::size_t i = 0; i < config.units.size(); ++i) {
    at = {.list = "unit", .index = i};
    GENLOCK_TRY(check_unit(config.units[i], at));
  }
  GENLOCK_TRY(check_names(config, at));
  GENLOCK_TRY(check_cables(config, at));
  GENLOCK_TRY(check_trigger(config, at));
  GENLOCK_TRY(check_hosts(config, at));
  return validate_faults(config, at);
}

Status validate(const BenchConfig& config) {
  Place at;
  return validate_at(config, at);
}

std::string_view to_string(SubordinateClock clock) {
  return clock == SubordinateClock::free ? "free" : "disciplined";
}

std::int64_t parts_per_billion(double ppm) {
  return std::llround(ppm * 1000);
}

}  // namespace genlock::device::sim
