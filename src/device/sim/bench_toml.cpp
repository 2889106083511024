#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <span>
#include <sstream>
#include <utility>

#include "config/toml_table.h"
#include "device/sim/bench_checks.h"
#include "device/sim/bench_config.h"
#include "device/sim/fault_toml.h"

namespace genlock::device::sim {
namespace {

using config::TableReader;

constexpr HostDuration kMicrosecond = std::chrono::microseconds(1);
constexpr HostDuration kMillisecond = std::chrono::milliseconds(1);
constexpr HostDuration kSecond = std::chrono::seconds(1);
constexpr HostDuration kMinute = std::chrono::minutes(1);

template <class T>
using Choices = std::span<const std::pair<std::string_view, T>>;

constexpr std::pair<std::string_view, Jack> kJacks[] = {{"in", Jack::in}, {"out", Jack::out}};

Status read_version(TableReader& table, HardwareVersion& version) {
  const auto read = [&](std::string_view key, Version& out) {
    return table.read_text_as<Version>(key, out, parse_version, "a version such as \"1.6.110\"");
  };
  GENLOCK_TRY(read("color", version.color));
  GENLOCK_TRY(read("depth", version.depth));
  GENLOCK_TRY(read("audio", version.audio));
  return read("depth_sensor", version.depth_sensor);
}

Status read_pose(TableReader& table, Pose& pose) {
  GENLOCK_TRY(table.read_array("position_m", pose.position_m));
  GENLOCK_TRY(table.read("yaw_deg", pose.yaw_deg));
  GENLOCK_TRY(table.read("pitch_deg", pose.pitch_deg));
  return table.read("roll_deg", pose.roll_deg);
}

Status read_latency(TableReader& table, Latency& latency) {
  std::array<double, 2> ms{static_cast<double>(latency.min.count()) / 1e6,
                           static_cast<double>(latency.max.count()) / 1e6};
  GENLOCK_TRY(table.read_array("latency_ms", ms));
  const auto duration = [](double value) {
    return HostDuration(std::llround(std::clamp(value, -1e6, 1e6) * 1e6));
  };
  latency.min = duration(ms[0]);
  latency.max = duration(ms[1]);
  if (!table.has("latency_mean_ms")) return {};
  return table.read("latency_mean_ms", latency.mean.emplace(), kMillisecond);
}

/// A path of the file is relative to the file.
std::string resolved(const std::string& path, const std::filesystem::path& directory) {
  const bool drawn = path == "scene" || path == "flat" || path == "dark";
  if (path.starts_with("builtin:") || drawn || directory.empty()) return path;
  return (directory / path).lexically_normal().string();
}

Status read_counter_offset(TableReader& table, UnitConfig& unit) {
  if (!table.has("counter_offset_ticks")) return {};
  std::int64_t ticks = 0;
  GENLOCK_TRY(
      table.read_within<std::int64_t>("counter_offset_ticks", ticks, 0, count_ticks(kMaxCounterOffset)));
  unit.counter_offset = device_ticks(ticks);
  return {};
}

Status read_exposure(TableReader& table, UnitConfig& unit) {
  constexpr std::pair<std::string_view, AutoExposure> kKinds[] = {{"steady", AutoExposure::steady},
                                                                  {"drifts", AutoExposure::drifts}};
  GENLOCK_TRY(table.read_choice("auto_exposure", unit.auto_exposure, Choices<AutoExposure>(kKinds)));
  if (table.has("auto_exposure_us"))
    GENLOCK_TRY(table.read("auto_exposure_us", unit.auto_exposure_us.emplace()));
  GENLOCK_TRY(table.read("exposure_write_shift_us", unit.exposure_write_shift, kMicrosecond));
  return table.read("exposure_write_frames", unit.exposure_write_frames);
}

Status read_unit_timing(TableReader& table, UnitConfig& unit) {
  GENLOCK_TRY(table.read("clock_ppm", unit.clock_ppm));
  GENLOCK_TRY(read_counter_offset(table, unit));
  constexpr std::pair<std::string_view, SubordinateClock> kClocks[] = {
      {"free", SubordinateClock::free}, {"disciplined", SubordinateClock::disciplined}};
  GENLOCK_TRY(
      table.read_choice("subordinate_clock", unit.subordinate_clock, Choices<SubordinateClock>(kClocks)));
  GENLOCK_TRY(table.read("jitter_ticks", unit.jitter_ticks));
  GENLOCK_TRY(table.read("depth_jitter_ticks", unit.depth_jitter_ticks));
  GENLOCK_TRY(table.read("depth_bias_ticks", unit.depth_bias_ticks));
  GENLOCK_TRY(table.read("trigger_grid_ticks", unit.trigger_grid_ticks));
  GENLOCK_TRY(table.read("trigger_tolerance_ppm", unit.trigger_tolerance_ppm));
  GENLOCK_TRY(table.read("sensor_start_ms", unit.sensor_start, kMillisecond));
  if (table.has("first_pulse"))
    GENLOCK_TRY(table.read_within("first_pulse", unit.first_pulse.emplace(), 0, kMaxFirstPulse));
  GENLOCK_TRY(read_latency(table, unit.latency));
  GENLOCK_TRY(table.read("early_depth_frames", unit.early_depth_frames));
  return table.read_array("start_drops", unit.start_drops);
}

Status read_warmth(TableReader& table, UnitConfig& unit) {
  double temperature = static_cast<double>(unit.temperature_c);
  GENLOCK_TRY(table.read("temperature_c", temperature));
  unit.temperature_c = static_cast<float>(temperature);
  if (table.has("cold_temperature_c")) {
    GENLOCK_TRY(table.read("cold_temperature_c", temperature));
    unit.cold_temperature_c = static_cast<float>(temperature);
  }
  GENLOCK_TRY(table.read("warm_up_min", unit.warm_up, kMinute));
  return table.read("warm_up_mm", unit.warm_up_mm);
}

Status read_unit(TableReader& table, UnitConfig& unit, const std::filesystem::path& directory) {
  for (const std::string_view key : {"name", "serial"})
    if (!table.has(key)) return table.missing(key);
  GENLOCK_TRY(table.read("name", unit.name));
  GENLOCK_TRY(table.read("serial", unit.serial));
  GENLOCK_TRY(
      table.read_table("firmware", [&](TableReader& inner) { return read_version(inner, unit.version); }));
  GENLOCK_TRY(table.read("calibration", unit.calibration));
  GENLOCK_TRY(table.read("images", unit.images));
  unit.calibration = resolved(unit.calibration, directory);
  unit.images = resolved(unit.images, directory);
  GENLOCK_TRY(table.read_table("pose", [&](TableReader& inner) { return read_pose(inner, unit.pose); }));
  GENLOCK_TRY(table.read("image_noise", unit.image_noise));
  GENLOCK_TRY(read_unit_timing(table, unit));
  GENLOCK_TRY(read_exposure(table, unit));
  GENLOCK_TRY(table.read("imu_rate_error", unit.imu_rate_error));
  GENLOCK_TRY(table.read("imu_noise", unit.imu_noise));
  return read_warmth(table, unit);
}

Status read_cable(TableReader& table, CableConfig& cable) {
  for (const std::string_view key : {"from", "to"})
    if (!table.has(key)) return table.missing(key);
  GENLOCK_TRY(table.read("from", cable.from.unit));
  if (cable.from.unit == "trigger") cable.from.unit.clear();
  GENLOCK_TRY(table.read("to", cable.to.unit));
  GENLOCK_TRY(table.read_choice("from_jack", cable.from.jack, Choices<Jack>(kJacks)));
  return table.read_choice("to_jack", cable.to.jack, Choices<Jack>(kJacks));
}

Status read_trigger(TableReader& table, TriggerConfig& trigger) {
  int rate = fps(trigger.rate);
  GENLOCK_TRY(table.read("fps", rate));
  const auto known = frame_rate_from_fps(rate);
  if (!known) return table.wrong("fps", "5, 15 or 30");
  trigger.rate = *known;
  GENLOCK_TRY(table.read("ppm", trigger.ppm));
  if (!(std::abs(trigger.ppm) <= kMaxTriggerPpm)) return table.wrong("ppm", "a number from -50000 to 50000");
  return table.read("on", trigger.on);
}

Status read_host(TableReader& table, HostConfig& host) {
  if (!table.has("name")) return table.missing("name");
  GENLOCK_TRY(table.read("name", host.name));
  GENLOCK_TRY(table.read_texts("units", host.units));
  GENLOCK_TRY(table.read("usb_mb_per_s", host.usb_mb_per_s));
  GENLOCK_TRY(table.read("usbfs_mb", host.usbfs_mb));
  GENLOCK_TRY(table.read("clock_offset_ms", host.clock_offset, kMillisecond));
  return table.read("clock_ppm", host.clock_ppm);
}

template <class T>
Status read_list(TableReader& table, std::string_view key, std::vector<T>& out,
                 const std::function<Status(TableReader&, T&)>& read) {
  return table.read_tables(key, [&](TableReader& inner) { return read(inner, out.emplace_back()); });
}

Status read_bench(TableReader& table, BenchConfig& config, const std::filesystem::path& directory) {
  GENLOCK_TRY(table.read("name", config.name));
  GENLOCK_TRY(table.read("seed", config.seed));
  GENLOCK_TRY(table.read("speed", config.speed));
  enum class BenchTime : std::uint8_t { running, stepped, patient };
  constexpr std::pair<std::string_view, BenchTime> kClocks[] = {
      {"running", BenchTime::running}, {"stepped", BenchTime::stepped}, {"patient", BenchTime::patient}};
  BenchTime time = BenchTime::running;
  GENLOCK_TRY(table.read_choice("clock", time, Choices<BenchTime>(kClocks)));
  config.stepped = time == BenchTime::stepped;
  config.patient = time == BenchTime::patient;
  GENLOCK_TRY(table.read("patience_s", config.patience, kSecond));
  GENLOCK_TRY(table.read("scene", config.scene));
  GENLOCK_TRY(table.read("mains_hz", config.mains_hz));
  GENLOCK_TRY(table.read("loop_frames", config.loop_frames));
  GENLOCK_TRY(table.read("hop_delay_ns", config.hop_delay, HostDuration(1)));
  GENLOCK_TRY(table.read("pulses_after_stop_ms", config.pulses_after_stop, kMillisecond));
  GENLOCK_TRY(table.read("depth_gives_up_s", config.depth_gives_up, kSecond));
  GENLOCK_TRY(read_list<UnitConfig>(table, "unit", config.units, [&](TableReader& inner, UnitConfig& unit) {
    return read_unit(inner, unit, directory);
  }));
  GENLOCK_TRY(read_list<CableConfig>(table, "cable", config.cables, read_cable));
  GENLOCK_TRY(table.read_table(
      "trigger", [&](TableReader& inner) { return read_trigger(inner, config.trigger.emplace()); }));
  GENLOCK_TRY(read_list<HostConfig>(table, "host", config.hosts, read_host));
  GENLOCK_TRY(read_list<FaultConfig>(table, "fault", config.faults, read_fault));
  GENLOCK_TRY(read_list<RandomFaultConfig>(table, "random_fault", config.random_faults, read_random_fault));
  return table.check_all_known();
}

/// The table that holds the place; null when the file has none, as for what is left out.
const toml::table* table_at(const toml::table& file, const Place& at) {
  if (at.list.empty()) return &file;
  const toml::array* list = file[at.list].as_array();
  return list != nullptr && at.index < list->size() ? list->get(at.index)->as_table() : nullptr;
}

/// The error with file and line, and the value there.
Error located(const Error& error, const toml::table& file, const std::string& name, const Place& at) {
  const toml::table* table = table_at(file, at);
  if (table == nullptr) table = &file;
  const toml::node* value = table->get(at.key);
  const toml::node& shown = value != nullptr ? *value : *table;
  const std::string said = value != nullptr && !value->is_array_of_tables()
                               ? fmt::format(" ({} = {})", at.key, config::written(*value))
                               : std::string();
  return Error(error.code(),
               fmt::format("{}:{}: {}{}", name, shown.source().begin.line, error.message(), said));
}

}  // namespace

Result<BenchConfig> parse_bench(std::string_view text, const std::string& name,
                                const std::filesystem::path& directory) {
  GENLOCK_ASSIGN(const toml::table table, config::parse_toml(text, name));
  BenchConfig config;
  config.name = std::filesystem::path(name).stem().string();
  TableReader reader(table, "", name);
  GENLOCK_TRY(read_bench(reader, config, directory));
  Place at;
  if (const Status valid = validate_at(config, at); !valid) return located(valid.error(), table, name, at);
  return config;
}

Result<BenchConfig> load_bench(const std::string& preset_or_path) {
  const auto presets = preset_names();
  if (std::ranges::find(presets, preset_or_path) != presets.end()) return preset(preset_or_path);
  const std::filesystem::path path(preset_or_path);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Error(Errc::not_found,
                 fmt::format("{} is neither a bench file nor a built-in bench ({}); `genlock bench init` "
                             "writes a file to start from",
                             preset_or_path, fmt::join(presets, ", ")));
  }
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Error(Errc::io, fmt::format("reading bench {} failed", preset_or_path));
  return parse_bench(text.str(), preset_or_path, std::filesystem::absolute(path, error).parent_path());
}

}  // namespace genlock::device::sim
