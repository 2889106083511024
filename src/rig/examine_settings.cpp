#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rig/examined.h"

namespace genlock::rig {
namespace {

using device::ColorControl;
using device::ControlMode;

/// What a control of a unit is now: "8330", "auto".
std::string value_text(const device::ControlValue& value) {
  return value.mode == ControlMode::automatic ? "auto" : fmt::format("{}", value.value);
}

/// Compares a control over all units that tell it, as they are now.
Checks compare(const Examined& seen, const std::string& id, ColorControl control, const std::string& remedy) {
  std::vector<std::string> names, values, different;
  bool automatic = false;
  for (const Subject& subject : seen.subjects) {
    if (!subject.told()) continue;
    const auto has = subject.facts->controls.find(control);
    if (has == subject.facts->controls.end()) continue;
    names.push_back(subject.name);
    const std::string value = value_text(has->second.now);
    automatic = automatic || has->second.now.mode == ControlMode::automatic;
    values.push_back(fmt::format("{} {}", subject.name, value));
    if (std::ranges::find(different, value) == different.end()) different.push_back(value);
  }
  if (names.empty()) return {};
  const bool good = different.size() == 1 && !automatic;
  const std::string said =
      fmt::format("{} {}", to_string(control),
                  different.size() == 1 ? different.front() + (names.size() > 1 ? " on all" : "")
                                        : fmt::format("{}", fmt::join(values, ", ")));
  return {{id, good ? Outcome::ok : Outcome::warning, names, said, good ? "" : remedy}};
}

int most_fps(const CameraConfig& camera) {
  return std::min(camera.color_on() ? max_fps(camera.color_resolution) : 30,
                  camera.depth_on() ? max_fps(camera.depth_mode) : 30);
}

std::vector<std::string> names_where(const Rig& rig, bool (*which)(const RigUnit&)) {
  std::vector<std::string> names;
  for (const RigUnit& unit : rig.units)
    if (which(unit)) names.push_back(unit.name);
  return names;
}

Check from_plan(const PlanFinding& finding) {
  const Outcome outcome = finding.severity == Severity::error     ? Outcome::error
                          : finding.severity == Severity::warning ? Outcome::warning
                                                                  : Outcome::ok;
  const auto end = finding.text.find("; ");
  return {std::string(finding.about),
          outcome,
          {},
          finding.text.substr(0, end),
          end == std::string::npos ? "" : finding.text.substr(end + 2)};
}

Check lasers_hold(const Plan& plan) {
  if (plan.pairs.empty()) return {"lasers", Outcome::ok, {}, "no laser can disturb another unit", ""};
  const auto& units = plan.rig.units;
  std::vector<std::string> checked;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (std::ranges::any_of(plan.pairs, [&](const LaserPair& pair) { return pair.a == i || pair.b == i; }))
      checked.push_back(units[i].name);
  const LaserPair& closest = plan.pairs.front();
  return {"lasers", Outcome::ok, std::move(checked),
          fmt::format("delays are valid; the smallest distance between two lasers' pulses is {:.1f} us ({} "
                      "and {})",
                      sync::to_us(closest.gap), units[closest.a].name, units[closest.b].name),
          ""};
}

}  // namespace

Checks check_master_color(const Examined& seen) {
  if (seen.rig == nullptr || seen.rig->wiring == Wiring::trigger) return {};
  const RigUnit& master = seen.rig->units.front();
  if (master.camera.color_on())
    return {{"master_color",
             Outcome::ok,
             {master.name},
             "the master streams colour, which makes the pulses",
             ""}};
  return {{"master_color",
           Outcome::error,
           {master.name},
           "the master's colour camera makes the pulses, and it is off",
           "set color_resolution for it, or put a unit with colour first"}};
}

Checks check_rates(const Examined& seen) {
  if (seen.rig == nullptr) return {};
  Checks checks;
  const FrameRate rate = seen.rig->rate();
  for (const RigUnit& unit : seen.rig->units) {
    if (unit.camera.rate != rate)
      checks.push_back({"frame_rate",
                        Outcome::error,
                        {unit.name},
                        fmt::format("{} fps, and the first unit {}", fps(unit.camera.rate), fps(rate)),
                        "all units need the same rate"});
    if (most_fps(unit.camera) < fps(rate))
      checks.push_back({"frame_rate",
                        Outcome::error,
                        {unit.name},
                        fmt::format("its modes ({}, {}) do at most {} fps, and the rig runs at {}",
                                    to_string(unit.camera.color_resolution),
                                    to_string(unit.camera.depth_mode), most_fps(unit.camera), fps(rate)),
                        "choose other modes, or rate = 15 for all"});
  }
  if (checks.empty())
    checks.push_back({"frame_rate",
                      Outcome::ok,
                      {},
                      fmt::format("{} fps on all, which every mode can do", fps(rate)),
                      ""});
  return checks;
}

Checks check_exposure(const Examined& seen) {
  if (seen.rig == nullptr)
    return compare(seen, "exposure", ColorControl::exposure_us,
                   "set the same by hand on all: genlock set --serial S exposure_us=8330");
  const Rig& rig = *seen.rig;
  const bool color = std::ranges::any_of(rig.units, [](const RigUnit& u) { return u.camera.color_on(); });
  if (!color) return {};
  const DeviceDuration exposure = rig.controls.exposure();
  if (exposure >= period_us(rig.rate()))
    return {{"exposure",
             Outcome::error,
             {},
             fmt::format("{} us do not fit a frame of {} us", count_us(exposure),
                         count_us(period_us(rig.rate()))),
             "choose a smaller exposure_us or a lower rate"}};
  return {{"exposure",
           Outcome::ok,
           {},
           fmt::format("{} us by hand on all, shorter than the frame of {} us", count_us(exposure),
                       count_us(period_us(rig.rate()))),
           ""}};
}

Checks check_power_line(const Examined& seen) {
  if (seen.rig == nullptr)
    return compare(seen, "power_line", ColorControl::powerline_frequency,
                   "set the same on all: genlock set --serial S powerline_frequency=2 (1: 50 Hz, 2: 60 Hz)");
  return {{"power_line", Outcome::ok, {}, fmt::format("{} Hz on all", seen.rig->controls.power_line_hz), ""}};
}

Checks check_plan(const Examined& seen) {
  if (seen.rig == nullptr) return {};
  if (seen.no_plan)
    return {{"lasers", Outcome::error, {}, seen.no_plan->message(), "genlock plan shows the timeline"}};
  Checks checks;
  for (const PlanFinding& finding : seen.plan->findings)
    if (finding.about != "usb" || seen.controllers.empty()) checks.push_back(from_plan(finding));
  const auto of_lasers = [](const Check& check) { return check.id == "lasers"; };
  if (std::ranges::none_of(checks, of_lasers)) checks.insert(checks.begin(), lasers_hold(*seen.plan));
  return checks;
}

Checks check_imu(const Examined& seen) {
  if (seen.rig == nullptr) return {};
  const auto off = names_where(*seen.rig, [](const RigUnit& unit) { return !unit.imu; });
  if (off.empty())
    return {{"imu", Outcome::ok, {}, "recorded on all; a subordinate's begins with the first pulse", ""}};
  return {
      {"imu", Outcome::ok, off, "not recorded; movement of these units cannot be compared with others", ""}};
}

Checks check_microphones(const Examined& seen) {
  if (!seen.has_real_units()) return {};
  return {{"microphones",
           Outcome::ok,
           {},
           "not recorded; they have no clock in common with the cameras",
           "for sound record with another program, and clap where cameras see it"}};
}

}  // namespace genlock::rig
