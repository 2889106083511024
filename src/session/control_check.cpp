#include "session/control_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace genlock::session {
namespace {

using device::ColorControl;
using device::ControlMode;
using device::ControlValue;

/// "exposure" of exposure_us.
std::string name_of(ColorControl control) {
  if (control == ColorControl::powerline_frequency) return "power line";
  std::string name(to_string(control));
  for (const std::string_view unit : {"_us", "_k"})
    if (name.ends_with(unit)) name.resize(name.size() - unit.size());
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string_view unit_of(ColorControl control) {
  switch (control) {
    case ColorControl::exposure_us:
      return " µs";
    case ColorControl::white_balance_k:
      return " K";
    case ColorControl::powerline_frequency:
      return " Hz";
    default:
      return "";
  }
}

std::string in_words(ColorControl control, const ControlValue& value) {
  if (value.mode == ControlMode::automatic) return "automatic";
  if (control == ColorControl::powerline_frequency) return value.value == 1 ? "50" : "60";
  return fmt::format("{}", value.value);
}

std::string in_words(ColorControl control, const ControlValue& is, const ControlValue& asked) {
  return fmt::format("{} is {}{}, asked for {}", name_of(control), in_words(control, is),
                     is.mode == ControlMode::automatic ? "" : unit_of(control), in_words(control, asked));
}

bool same(const ControlValue& is, const ControlValue& asked) {
  return is.mode == asked.mode && (asked.mode == ControlMode::automatic || is.value == asked.value);
}

/// Exposures go up to one of a table, other values to a step of the control.
Result<bool> rounds_to(device::Device& unit, const SetControls::Setting& setting, const ControlValue& is) {
  if (is.mode != setting.value.mode) return false;
  GENLOCK_ASSIGN(const ControlValue powerline, unit.color_control(ColorControl::powerline_frequency));
  if (setting.control == ColorControl::exposure_us &&
      is.value == device::round_exposure_us(setting.value.value, powerline.value))
    return true;
  GENLOCK_ASSIGN(const auto can, unit.control_capabilities(setting.control, powerline.value));
  return std::abs(is.value - setting.value.value) < can.step;
}

}  // namespace

Result<ControlCheck> check_controls(device::Device& unit, std::span<const SetControls::Setting> settings) {
  ControlCheck check;
  for (const SetControls::Setting& setting : settings) {
    if (setting.control == ColorControl::auto_exposure_priority) continue;  // without effect
    const auto is = unit.color_control(setting.control);
    if (!is && is.error().code() == Errc::unsupported) continue;
    if (!is) return is.error();
    if (same(*is, setting.value)) continue;
    GENLOCK_ASSIGN(const bool rounded, rounds_to(unit, setting, *is));
    (rounded ? check.rounded : check.wrong).push_back(in_words(setting.control, *is, setting.value));
  }
  return check;
}

}  // namespace genlock::session
