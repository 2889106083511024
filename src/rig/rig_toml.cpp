#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "config/toml_table.h"
#include "rig/rig.h"

namespace genlock::rig {
namespace {

using config::TableReader;

template <class T>
using Choices = std::span<const std::pair<std::string_view, T>>;

template <class T>
std::function<Result<T>(std::string_view)> named(std::optional<T> (*from)(std::string_view)) {
  return [from](std::string_view name) -> Result<T> {
    const std::optional<T> value = from(name);
    if (!value) return Error(Errc::invalid, "unknown name");
    return *value;
  };
}

Status read_modes(TableReader& table, CameraConfig& camera) {
  GENLOCK_TRY(table.read_text_as<ColorResolution>("color_resolution", camera.color_resolution,
                                                  named(color_resolution_from),
                                                  "one of 720P, 1080P, 1440P, 1536P, 2160P, 3072P, OFF"));
  GENLOCK_TRY(table.read_text_as<PixelFormat>("color_format", camera.color_format, named(pixel_format_from),
                                              "one of MJPG, NV12, YUY2, BGRA"));
  GENLOCK_TRY(table.read_text_as<DepthMode>(
      "depth_mode", camera.depth_mode, named(depth_mode_from),
      "one of NFOV_2X2BINNED, NFOV_UNBINNED, WFOV_2X2BINNED, WFOV_UNBINNED, PASSIVE_IR, OFF"));
  return table.read("synchronized_images_only", camera.synchronized_images_only);
}

void note_lines(TableReader& table, std::initializer_list<std::string_view> keys, KeyLines& lines) {
  for (const std::string_view key : keys)
    if (table.has(key)) lines.insert_or_assign(std::string(key), table.line(key));
}

void note_mode_lines(TableReader& table, KeyLines& lines) {
  note_lines(table, {"color_resolution", "color_format", "depth_mode", "synchronized_images_only"}, lines);
}

/// What all units share where theirs does not say otherwise.
struct Shared {
  CameraConfig camera{.color_resolution = ColorResolution::r1080p, .depth_mode = DepthMode::nfov_unbinned};
  bool imu = true;
  KeyLines lines;
};

Status read_camera(TableReader& table, Shared& shared) {
  note_mode_lines(table, shared.lines);
  GENLOCK_TRY(read_modes(table, shared.camera));
  GENLOCK_TRY(table.read("imu", shared.imu));
  int rate = fps(shared.camera.rate);
  GENLOCK_TRY(table.read_one_of("rate", rate, {5, 15, 30}));
  shared.camera.rate = *frame_rate_from_fps(rate);
  return {};
}

/// One that is set by hand or left alone, in the range that every unit has.
Status read_control(TableReader& table, device::ColorControl control, RigControls& controls) {
  const std::string_view key = to_string(control);
  if (!table.has(key)) return {};
  const device::ControlCapabilities can = device::capabilities(control, 2, {});
  std::int32_t value = 0;
  const auto allowed = [&] {
    return fmt::format("a whole number from {} to {}{}", can.min, can.max,
                       can.step > 1 ? fmt::format(", in steps of {}", can.step) : "");
  };
  if (!table.read(key, value) || !device::validate(control, {device::ControlMode::manual, value}, can))
    return table.wrong(key, allowed());
  controls.others.push_back({control, value});
  return {};
}

Status read_controls(TableReader& table, RigControls& controls) {
  GENLOCK_TRY(table.read_within("exposure_us", controls.exposure_us, 500, 133'330));
  note_lines(table, {"exposure_us"}, controls.lines);
  GENLOCK_TRY(table.read_one_of<std::int32_t>("power_line_hz", controls.power_line_hz, {50, 60}));
  using enum device::ColorControl;
  for (const device::ColorControl control :
       {gain, white_balance_k, brightness, contrast, saturation, sharpness, backlight_compensation})
    GENLOCK_TRY(read_control(table, control, controls));
  return {};
}

Status read_lasers(TableReader& table, Rig& rig) {
  constexpr std::pair<std::string_view, Delays> kDelays[] = {{"auto", Delays::automatic},
                                                             {"fixed", Delays::fixed}};
  GENLOCK_TRY(table.read_choice("delays", rig.delays, Choices<Delays>(kDelays)));
  std::int64_t guard = count_us(rig.guard);
  GENLOCK_TRY(table.read_within<std::int64_t>("guard_us", guard, 0, 1000));
  rig.guard = device_us(guard);
  return {};
}

/// A name of files: a folder is said elsewhere.
Status read_file_name(TableReader& table, std::string_view key, std::string& name) {
  GENLOCK_TRY(table.read(key, name));
  if (!table.has(key) || is_file_name(name)) return {};
  return table.wrong(key, "a name that a file can have: not empty, without / and not beginning with a dot");
}

Status read_take(TableReader& table, TakeSettings& take) {
  constexpr std::pair<std::string_view, OnFault> kOnFault[] = {
      {"go_on", OnFault::go_on}, {"stop", OnFault::stop}, {"rearm", OnFault::rearm}};
  constexpr std::pair<std::string_view, Isolation> kIsolation[] = {{"process", Isolation::process},
                                                                   {"none", Isolation::none}};
  std::string folder = take.folder.string();
  GENLOCK_TRY(table.read("folder", folder));
  take.folder = folder;
  GENLOCK_TRY(read_file_name(table, "name", take.name));
  GENLOCK_TRY(table.read_choice("on_fault", take.on_fault, Choices<OnFault>(kOnFault)));
  GENLOCK_TRY(table.read_choice("isolation", take.isolation, Choices<Isolation>(kIsolation)));
  GENLOCK_TRY(table.read("checksums", take.checksums));
  HostDuration pre_roll = take.pre_roll;
  if (!table.read("pre_roll_s", pre_roll, std::chrono::seconds(1)) ||
      pre_roll < std::chrono::milliseconds(100) || pre_roll > std::chrono::minutes(1))
    return table.wrong("pre_roll_s", "a number from 0.1 to 60");
  take.pre_roll = std::chrono::duration_cast<std::chrono::milliseconds>(pre_roll);
  return {};
}

Status read_delay(TableReader& table, const Rig& rig, std::string_view key, DeviceDuration& delay) {
  if (!table.has(key)) return {};
  std::int64_t us = 0;
  GENLOCK_TRY(table.read_within<std::int64_t>(key, us, -200'000, 200'000));
  if (rig.delays == Delays::automatic)
    return table.wrong(
        key, "left out while lasers.delays is \"auto\"; write delays = \"fixed\" to set it by hand");
  delay = device_us(us);
  return {};
}

WiredSyncMode role_of(const Rig& rig) {
  if (rig.wiring != Wiring::trigger && rig.units.empty()) return WiredSyncMode::master;
  return WiredSyncMode::subordinate;
}

/// What is the same for all units, or follows from their order.
Status refuse_shared(const TableReader& table) {
  constexpr std::string_view kRate = "all units have the same rate, of [camera]";
  for (const std::string_view key : {"rate", "fps", "frame_rate"}) GENLOCK_TRY(table.refuse(key, kRate));
  for (const std::string_view key : {"exposure_us", "power_line_hz", "gain", "white_balance_k"})
    GENLOCK_TRY(table.refuse(key, "all units have the same colour controls, of [controls]"));
  for (const std::string_view key : {"role", "sync_mode"})
    GENLOCK_TRY(table.refuse(
        key,
        "the first [[unit]] is the master and all others are subordinates; with wiring = \"trigger\" the "
        "first is one too"));
  return {};
}

Status read_unit(TableReader& table, const Rig& rig, const Shared& shared, RigUnit& unit) {
  GENLOCK_TRY(refuse_shared(table));
  for (const std::string_view key : {"name", "serial"})
    if (!table.has(key)) return table.missing(key);
  unit = {.camera = shared.camera, .imu = shared.imu, .line = table.line(), .lines = shared.lines};
  note_mode_lines(table, unit.lines);
  note_lines(table, {"name", "serial", "depth_delay_us", "delay_off_master_us"}, unit.lines);
  unit.camera.sync_mode = role_of(rig);
  GENLOCK_TRY(read_file_name(table, "name", unit.name));
  GENLOCK_TRY(table.read("serial", unit.serial));
  GENLOCK_TRY(table.read("host", unit.host));
  GENLOCK_TRY(table.read("controller", unit.controller));
  GENLOCK_TRY(table.read_texts("areas", unit.areas));
  GENLOCK_TRY(table.read("imu", unit.imu));
  GENLOCK_TRY(read_modes(table, unit.camera));
  GENLOCK_TRY(read_delay(table, rig, "depth_delay_us", unit.camera.depth_delay_off_color));
  return read_delay(table, rig, "delay_off_master_us", unit.camera.delay_off_master);
}

Status read_rig(TableReader& table, Rig& rig) {
  constexpr std::pair<std::string_view, Wiring> kWirings[] = {
      {"chain", Wiring::chain}, {"star", Wiring::star}, {"trigger", Wiring::trigger}};
  GENLOCK_TRY(read_file_name(table, "name", rig.name));
  GENLOCK_TRY(table.read_choice("wiring", rig.wiring, Choices<Wiring>(kWirings)));
  std::int64_t length = 0;
  GENLOCK_TRY(table.read_within<std::int64_t>("length_s", length, 0, 31'536'000));
  if (length > 0) rig.length = std::chrono::seconds(length);
  Shared shared;
  GENLOCK_TRY(table.read_table("camera", [&](TableReader& inner) { return read_camera(inner, shared); }));
  GENLOCK_TRY(
      table.read_table("controls", [&](TableReader& inner) { return read_controls(inner, rig.controls); }));
  GENLOCK_TRY(table.read_table("lasers", [&](TableReader& inner) { return read_lasers(inner, rig); }));
  GENLOCK_TRY(table.read_table("take", [&](TableReader& inner) { return read_take(inner, rig.take); }));
  const auto read_next = [&](TableReader& inner) {
    RigUnit unit;
    Status done = read_unit(inner, rig, shared, unit);
    rig.units.push_back(std::move(unit));
    return done;
  };
  GENLOCK_TRY(table.read_tables("unit", read_next));
  GENLOCK_TRY(table.check_all_known());
  if (!rig.units.empty()) return {};
  if (table.has("unit")) return table.wrong("unit", "one table [[unit]] for each unit");
  return table.none_of("[[unit]], one for each unit with its name and serial; genlock rig init writes them");
}

}  // namespace

Result<Rig> parse_rig(std::string_view text, const std::string& name) {
  GENLOCK_ASSIGN(const toml::table table, config::parse_toml(text, name));
  Rig rig{.name = std::filesystem::path(name).stem().string(), .file = name};
  TableReader reader(table, "", name);
  GENLOCK_TRY(read_rig(reader, rig));
  GENLOCK_TRY(validate(rig));
  return rig;
}

Result<Rig> load_rig(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad())
    return Error(
        Errc::not_found,
        fmt::format("cannot read the rig file {}; name one, docs/rig.md says what is in it", file.string()));
  return parse_rig(text, file.string());
}

}  // namespace genlock::rig
