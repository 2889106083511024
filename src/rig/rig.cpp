#include "rig/rig.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/device.h"

namespace genlock::rig {
namespace {

/// At the line of a key, where that is written.
Error about(const Rig& rig, const RigUnit& unit, std::string_view key, const std::string& what) {
  const auto written = unit.lines.find(key);
  const int line = written == unit.lines.end() ? unit.line : written->second;
  return Error(Errc::invalid,
               fmt::format("{}:{}: unit {} ({}): {}", rig.file.string(), line, unit.serial, unit.name, what));
}

/// The written key whose value a unit cannot be asked for: without it the others would do.
std::string_view key_at_fault(const RigUnit& unit) {
  struct Mending {
    std::string_view key;
    void (*mend)(CameraConfig&);
  };
  constexpr Mending kMendings[] = {
      {"depth_delay_us", [](CameraConfig& c) { c.depth_delay_off_color = {}; }},
      {"delay_off_master_us", [](CameraConfig& c) { c.delay_off_master = {}; }},
      {"synchronized_images_only", [](CameraConfig& c) { c.synchronized_images_only = false; }},
      {"depth_mode", [](CameraConfig& c) { c.depth_mode = DepthMode::off; }},
      {"color_resolution", [](CameraConfig& c) { c.color_resolution = ColorResolution::r720p; }},
      {"color_format", [](CameraConfig& c) { c.color_format = PixelFormat::mjpg; }},
  };
  for (const auto& [key, mend] : kMendings) {
    CameraConfig mended = unit.camera;
    mend(mended);
    if (unit.lines.contains(key) && device::validate(mended, SyncJacks{})) return key;
  }
  return "";
}

Status check_names(const Rig& rig) {
  for (auto unit = rig.units.begin(); unit != rig.units.end(); ++unit) {
    const auto same = [&](auto member) {
      return std::find_if(rig.units.begin(), unit,
                          [&](const RigUnit& other) { return other.*member == (*unit).*member; });
    };
    if (const auto other = same(&RigUnit::name); other != unit)
      return about(rig, *unit, "name",
                   fmt::format("the unit of line {} has this name too; give each its own", other->line));
    if (const auto other = same(&RigUnit::serial); other != unit)
      return about(
          rig, *unit, "serial",
          fmt::format("the unit of line {}, {}, has this serial number too; genlock list shows those "
                      "of the units that are attached",
                      other->line, other->name));
  }
  return {};
}

/// In microseconds, of those that units can do within a frame.
std::int64_t longest_exposure(const Rig& rig) {
  constexpr std::int32_t kStep = 10;  // no two of the units' exposures are nearer
  RigControls controls = rig.controls;
  controls.exposure_us = static_cast<std::int32_t>(count_us(period_us(rig.rate())));
  while (controls.exposure() >= period_us(rig.rate())) controls.exposure_us -= kStep;
  return count_us(controls.exposure());
}

Status check_exposure(const Rig& rig) {
  const bool color = std::ranges::any_of(rig.units, [](const RigUnit& u) { return u.camera.color_on(); });
  if (!color || rig.controls.exposure() < period_us(rig.rate())) return {};
  const auto written = rig.controls.lines.find("exposure_us");
  const std::string line = written == rig.controls.lines.end() ? "" : fmt::format(":{}", written->second);
  return Error(
      Errc::invalid,
      fmt::format("{}{}: controls.exposure_us = {} becomes {} us, which does not fit a frame of {} us at {} "
                  "fps; choose at most {}, or a lower rate",
                  rig.file.string(), line, rig.controls.exposure_us, count_us(rig.controls.exposure()),
                  count_us(period_us(rig.rate())), fps(rig.rate()), longest_exposure(rig)));
}

/// As units number it.
std::int32_t power_line_of(const RigControls& controls) {
  return controls.power_line_hz == 50 ? 1 : 2;
}

}  // namespace

DeviceDuration RigControls::exposure() const {
  return device_us(device::round_exposure_us(exposure_us, power_line_of(*this)));
}

std::vector<ControlSetting> RigControls::settings() const {
  std::vector<ControlSetting> all = {{device::ColorControl::powerline_frequency, power_line_of(*this)},
                                     {device::ColorControl::exposure_us, exposure_us}};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

bool is_file_name(std::string_view name) {
  constexpr std::size_t kLongest = 200;  // bytes; with endings and numbers at most 255
  return !name.empty() && name.size() <= kLongest && name.front() != '.' &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

int cables_before(const Rig& rig, std::size_t unit) {
  if (rig.wiring == Wiring::star) return unit == 0 ? 0 : 1;
  return static_cast<int>(unit) + (rig.wiring == Wiring::trigger ? 1 : 0);
}

std::optional<std::size_t> fed_by(const Rig& rig, std::size_t unit) {
  if (unit == 0 || rig.wiring == Wiring::trigger) return std::nullopt;
  return rig.wiring == Wiring::star ? 0 : unit - 1;
}

std::map<std::string, std::string> feeders(const Rig& rig) {
  std::map<std::string, std::string> names;
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit)
    if (const auto before = fed_by(rig, unit)) names[rig.units[unit].name] = rig.units[*before].name;
  return names;
}

bool share_an_area(const RigUnit& a, const RigUnit& b) {
  if (a.areas.empty() || b.areas.empty()) return true;
  return std::ranges::find_first_of(a.areas, b.areas) != a.areas.end();
}

Status validate(const Rig& rig) {
  if (rig.units.size() > kMostUnits)
    return Error(Errc::invalid, fmt::format("{}: {} units; a rig has at most {}", rig.file.string(),
                                            rig.units.size(), kMostUnits));
  GENLOCK_TRY(check_names(rig));
  GENLOCK_TRY(check_exposure(rig));
  for (const RigUnit& unit : rig.units)
    if (const Status valid = device::validate(unit.camera, SyncJacks{}); !valid)
      return about(rig, unit, key_at_fault(unit), valid.error().message());
  return {};
}

}  // namespace genlock::rig
