#include "cli/set_controls.h"

#include <fmt/core.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using device::ColorControl;
using device::ControlMode;
using device::ControlValue;

struct Setting {
  ColorControl control;
  ControlValue value;
};

Result<Setting> parse_setting(const std::string& word) {
  const auto equals = word.find('=');
  const auto control = device::color_control_from(word.substr(0, equals));
  if (equals == std::string::npos || !control)
    return Error(
        Errc::invalid,
        fmt::format("\"{}\" is not CONTROL=VALUE; genlock set without settings lists the controls", word));
  const std::string text = word.substr(equals + 1);
  if (text == "auto") return Setting{*control, {ControlMode::automatic, 0}};
  std::int32_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size())
    return Error(Errc::invalid, fmt::format("\"{}\": the value is neither a whole number nor auto", word));
  return Setting{*control, {ControlMode::manual, value}};
}

Result<std::vector<Setting>> parse_settings(const std::vector<std::string>& words) {
  std::vector<Setting> settings;
  for (const std::string& word : words) {
    GENLOCK_ASSIGN(Setting setting, parse_setting(word));
    settings.push_back(setting);
  }
  return settings;
}

std::string value_text(const ControlValue& value) {
  return value.mode == ControlMode::automatic ? fmt::format("auto (now {})", value.value)
                                              : fmt::format("{}", value.value);
}

std::string range_text(const device::ControlCapabilities& can) {
  return fmt::format(
      "{} to {}, step {}, default {}{}", can.min, can.max, can.step,
      can.default_mode == ControlMode::automatic ? "auto" : fmt::format("{}", can.default_value),
      can.supports_auto ? ", auto possible" : "");
}

Status print_controls(device::Device& unit, bool json) {
  std::vector<std::vector<std::string>> rows{{"control", "value", "range"}};
  nlohmann::ordered_json all{{"serial", unit.identity().serial}};
  GENLOCK_ASSIGN(const ControlValue powerline, unit.color_control(ColorControl::powerline_frequency));
  for (int i = 0; i < device::kColorControlCount; ++i) {
    const auto control = static_cast<ColorControl>(i);
    if (control == ColorControl::auto_exposure_priority) continue;
    const auto read = unit.color_control(control);
    if (!read && read.error().code() == Errc::unsupported) {
      rows.push_back({std::string(to_string(control)), "not offered by this unit", ""});
      continue;
    }
    GENLOCK_ASSIGN(const ControlValue value, read);
    GENLOCK_ASSIGN(const auto can, unit.control_capabilities(control, powerline.value));
    const std::string name(to_string(control));
    rows.push_back({name, value_text(value), range_text(can)});
    all["controls"][name] = {{"mode", value.mode == ControlMode::automatic ? "auto" : "manual"},
                             {"value", value.value}};
  }
  if (json)
    fmt::print("{}\n", all.dump(2));
  else
    fmt::print("unit {}\n{}", unit.identity().serial, columns(rows));
  return {};
}

Status run(device::Provider& provider, const SetRequest& request) {
  GENLOCK_ASSIGN(const auto settings, parse_settings(request.settings));
  auto opened =
      request.serial.empty() ? provider.open(request.device) : device::open_serial(provider, request.serial);
  if (!opened) return opened.error();
  for (const Setting& setting : settings)
    GENLOCK_TRY((*opened)->set_color_control(setting.control, setting.value));
  return print_controls(**opened, request.json);
}

}  // namespace

int set_controls(device::Provider& provider, const SetRequest& request) {
  const Status done = run(provider, request);
  if (done) return kDone;
  return fail_as("genlock set", done.error());
}

}  // namespace genlock::cli
