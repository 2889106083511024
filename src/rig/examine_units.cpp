#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "rig/device_holders.h"
#include "rig/examined.h"

namespace genlock::rig {
namespace {

using device::ColorControl;

std::string attached_serials(const Examined& seen) {
  std::vector<std::string> serials;
  for (const UnitFacts& unit : seen.units)
    serials.push_back(unit.serial.empty() ? "one that does not tell" : unit.serial);
  return serials.empty() ? "none" : fmt::format("{}", fmt::join(serials, ", "));
}

Check absent(const Examined& seen, const Subject& subject) {
  if (subject.elsewhere)
    return {"unit_present",
            Outcome::unknown,
            {subject.name},
            fmt::format("{} is on host {}", subject.serial, subject.planned->host),
            "run genlock doctor there too"};
  return {"unit_present",
          Outcome::error,
          {subject.name},
          fmt::format("no unit with serial number {} is attached; there is: {}", subject.serial,
                      attached_serials(seen)),
          "plug it in, with its power supply and in a USB 3 port, or correct its serial in the rig file"};
}

bool says(const Error& problem, std::string_view words) {
  return problem.message().find(words) != std::string::npos;
}

/// Whether the unit could not be opened for want of permission. Where its USB devices can be written to,
/// libraries that say the like mean another program.
bool not_permitted(const Examined& seen, const Error& problem) {
  if (says(problem, "no permission to open it")) return true;
  if (!says(problem, "no access to the USB device")) return false;
  const Checks nodes = check_usb_permission(seen);
  return nodes.empty() || has_errors(nodes);
}

/// A message without the advice at its end, for lines that have a remedy of their own.
std::string without_advice(const std::string& message, std::string_view before) {
  return message.substr(0, message.rfind(before));
}

/// The backend's message says what to do as far as it knows.
Check not_opened(const Examined& seen, const Subject& subject) {
  const Error& problem = *subject.facts->problem;
  if (not_permitted(seen, problem))
    return {"usb_permission",
            Outcome::error,
            {subject.name},
            without_advice(problem.message(), ": install"),
            "install the maker's udev rules, then unplug the unit and plug it in again (docs/hardware.md)"};
  if (problem.code() == Errc::unsupported)
    return {
        "firmware", Outcome::error, {subject.name}, problem.message(), "the maker's firmware tool does that"};
  return {"unit_free",
          Outcome::error,
          {subject.name},
          problem.code() == Errc::busy ? without_advice(problem.message(), "; ") : problem.message(),
          problem.code() == Errc::busy ? "end the program that has it open"
                                       : "see what the message says, and docs/troubleshooting.md"};
}

/// Another process has the USB devices of this unit open. Libraries tell little of such a unit: often not
/// even its serial number.
std::optional<Check> held(const Examined& seen, const Subject& subject) {
  const auto unit = std::ranges::find(seen.bus.units, subject.serial, &UsbUnit::serial);
  if (subject.serial.empty() || unit == seen.bus.units.end()) return std::nullopt;
  const std::vector<DeviceHolder> holders = holders_of(unit->nodes, seen.host->root);
  if (holders.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const DeviceHolder& holder : holders) names.push_back(fmt::format("{} ({})", holder.pid, holder.name));
  return Check{"unit_free",
               Outcome::error,
               {subject.name},
               fmt::format("process {} has it open", fmt::join(names, ", ")),
               "end that program"};
}

std::vector<std::string> names_of(const Examined& seen, const std::function<bool(const Subject&)>& which) {
  std::vector<std::string> names;
  for (const Subject& subject : seen.subjects)
    if (which(subject)) names.push_back(subject.name);
  return names;
}

/// The versions that the maker suggests (facts device.md 3).
constexpr HardwareVersion kSuggested = {
    .color = {1, 6, 110}, .depth = {1, 6, 79}, .audio = {1, 6, 14}, .depth_sensor = {6109, 7, 0}};

std::string versions_text(const HardwareVersion& version) {
  return fmt::format("{}/{}/{}/{}", version_text(version.color), version_text(version.depth),
                     version_text(version.audio), version_text(version.depth_sensor));
}

/// Libraries that do not tell all versions leave them zero (docs/hardware.md).
bool tells_all(const HardwareVersion& version) {
  return version.color != Version{} && version.audio != Version{};
}

bool is_old(const HardwareVersion& version) {
  return tells_all(version) &&
         (version.color < kSuggested.color || version.depth < kSuggested.depth ||
          version.audio < kSuggested.audio || version.depth_sensor < kSuggested.depth_sensor);
}

Check firmware_differs(const std::vector<const Subject*>& told) {
  std::vector<std::string> names, versions;
  for (const Subject* subject : told) {
    names.push_back(subject->name);
    versions.push_back(fmt::format("{} {}", subject->name, versions_text(subject->facts->identity->version)));
  }
  return {"firmware", Outcome::warning, std::move(names),
          fmt::format("units differ (colour/depth/audio/depth sensor): {}", fmt::join(versions, ", ")),
          "update all to the same firmware: versions start their clocks at different pulses"};
}

/// As the rig file writes it.
std::string_view key_of(ColorControl control) {
  return control == ColorControl::powerline_frequency ? "power_line_hz" : to_string(control);
}

/// Whether every take sets it, written in the rig file or not.
bool always_set(ColorControl control) {
  return control == ColorControl::powerline_frequency || control == ColorControl::exposure_us;
}

Check refused(const Subject& subject, ColorControl control, const Error& why) {
  return {"controls",
          Outcome::error,
          {subject.name},
          fmt::format("{}: {}", key_of(control), why.message()),
          "change it in [controls] of the rig file"};
}

/// Of one unit: settings of the rig that it cannot take.
void add_control_problems(const Subject& subject, const RigControls& controls, Checks& checks) {
  if (subject.facts->no_controls) {
    checks.push_back(
        {"controls",
         Outcome::error,
         {subject.name},
         "it refuses to tell its colour settings, so none can be set: " +
             subject.facts->no_controls->message(),
         "unplug its USB cable and its power, plug both in again, and run genlock doctor again"});
    return;
  }
  for (const ControlSetting& setting : controls.settings()) {
    const auto has = subject.facts->controls.find(setting.control);
    if (has == subject.facts->controls.end()) {
      checks.push_back(
          {"controls",
           Outcome::error,
           {subject.name},
           fmt::format("the unit does not offer {}", key_of(setting.control)),
           always_set(setting.control)
               ? "every take sets it: leave the unit out, or set its color_resolution to \"OFF\""
               : fmt::format("take {} out of [controls] of the rig file", key_of(setting.control))});
      continue;
    }
    const device::ControlValue value{device::ControlMode::manual, setting.value};
    const Status valid = device::validate(setting.control, value, has->second.can);
    if (!valid) checks.push_back(refused(subject, setting.control, valid.error()));
  }
}

}  // namespace

Checks check_presence(const Examined& seen) {
  if (!seen.asked) return {};
  if (seen.no_units)
    return {{"unit_present", Outcome::error, {}, seen.no_units->message(), "see docs/hardware.md"}};
  if (seen.subjects.empty())
    return {{"unit_present",
             Outcome::error,
             {},
             "no unit is attached",
             "plug units in, each with its power supply and in a USB 3 port"}};
  Checks checks;
  for (const Subject& subject : seen.subjects) {
    if (subject.told()) continue;
    if (auto other = held(seen, subject))
      checks.push_back(*std::move(other));
    else
      checks.push_back(subject.facts == nullptr ? absent(seen, subject) : not_opened(seen, subject));
  }
  const auto free = names_of(seen, std::mem_fn(&Subject::told));
  if (!free.empty()) {
    checks.push_back({"unit_present", Outcome::ok, free, "attached", ""});
    checks.push_back({"unit_free", Outcome::ok, free, "no other program has them open", ""});
  }
  return checks;
}

Checks check_strangers(const Examined& seen) {
  if (seen.rig == nullptr) return {};
  Checks checks;
  for (const UnitFacts& unit : seen.units) {
    const auto same = [&](const RigUnit& planned) { return planned.serial == unit.serial; };
    if (std::ranges::any_of(seen.rig->units, same)) continue;
    checks.push_back({"unit_in_rig",
                      Outcome::warning,
                      {},
                      unit.serial.empty()
                          ? "a unit is attached that cannot be opened: " + unit.problem->message()
                          : fmt::format("unit {} is attached and not in the rig file", unit.serial),
                      "add it, or unplug it if others pass no pulse through it"});
  }
  return checks;
}

Checks check_firmware(const Examined& seen) {
  std::vector<const Subject*> told;
  Checks checks;
  for (const Subject& subject : seen.subjects) {
    if (!subject.told()) continue;
    told.push_back(&subject);
    const HardwareVersion& version = subject.facts->identity->version;
    if (is_old(version))
      checks.push_back({"firmware",
                        Outcome::warning,
                        {subject.name},
                        fmt::format("{} is older than the suggested {}", versions_text(version),
                                    versions_text(kSuggested)),
                        "update the unit's firmware"});
  }
  if (told.empty()) return checks;
  const HardwareVersion& first = told.front()->facts->identity->version;
  const auto as_first = [&](const Subject* subject) { return subject->facts->identity->version == first; };
  if (!std::ranges::all_of(told, as_first))
    checks.push_back(firmware_differs(told));
  else if (checks.empty())
    checks.push_back({"firmware", Outcome::ok, names_of(seen, std::mem_fn(&Subject::told)),
                      versions_text(first) + (told.size() > 1 ? " on all" : ""), ""});
  return checks;
}

Checks check_controls(const Examined& seen) {
  if (seen.rig == nullptr) return {};
  Checks checks;
  std::vector<std::string> names;
  for (const Subject& subject : seen.subjects) {
    if (!subject.told() || !subject.planned->camera.color_on()) continue;
    names.push_back(subject.name);
    add_control_problems(subject, seen.rig->controls, checks);
  }
  if (checks.empty() && !names.empty())
    checks.push_back({"controls", Outcome::ok, names, "they can do every setting of the rig file", ""});
  return checks;
}

}  // namespace genlock::rig
