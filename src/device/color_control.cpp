#include "device/color_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace genlock::device {
namespace {

constexpr std::array<std::string_view, kColorControlCount> kNames = {
    "exposure_us",
    "auto_exposure_priority",
    "brightness",
    "contrast",
    "saturation",
    "sharpness",
    "white_balance_k",
    "backlight_compensation",
    "gain",
    "powerline_frequency",
};

constexpr std::array<std::int32_t, 13> kExposures60Hz = {500,   1250,  2500,  8330,   16670,  33330, 41670,
                                                         50000, 66670, 83330, 100000, 116670, 133330};
constexpr std::array<std::int32_t, 13> kExposures50Hz = {500,   1250,  2500,  10000,  20000,  30000, 40000,
                                                         50000, 60000, 80000, 100000, 120000, 130000};

constexpr int k50Hz = 1;
constexpr Version kFirstFirmwareWithGain128 = {1, 6, 107};

constexpr ControlCapabilities manual_only(std::int32_t min, std::int32_t max, std::int32_t default_value) {
  return {false, min, max, 1, default_value, ControlMode::manual};
}

bool is_member(ColorControl control) {
  return static_cast<int>(control) < kColorControlCount;
}

Status validate_manual(std::string_view name, std::int32_t value, const ControlCapabilities& can) {
  if (value < can.min || value > can.max)
    return Error(Errc::invalid,
                 fmt::format("{} {} is out of range; set {} to {}", name, value, can.min, can.max));
  if ((value - can.min) % can.step != 0)
    return Error(Errc::invalid,
                 fmt::format("{} {} is not a multiple of {}; set {} or {}", name, value, can.step,
                             value - value % can.step, value - value % can.step + can.step));
  return {};
}

}  // namespace

ControlCapabilities capabilities(ColorControl control, int powerline, const Version& color_firmware) {
  switch (control) {
    case ColorControl::exposure_us:
      return {true,
              500,
              exposure_steps_us(powerline).back(),
              100,
              powerline == k50Hz ? 20000 : 16670,
              ControlMode::automatic};
    case ColorControl::auto_exposure_priority:
      return {false, 0, 0, 0, 0, ControlMode::manual};
    case ColorControl::brightness:
      return manual_only(0, 255, 128);
    case ColorControl::contrast:
      return manual_only(0, 10, 5);
    case ColorControl::saturation:
      return manual_only(0, 63, 32);
    case ColorControl::sharpness:
      return manual_only(0, 4, 2);
    case ColorControl::white_balance_k:
      return {true, 2500, 12500, 10, 4500, ControlMode::automatic};
    case ColorControl::backlight_compensation:
      return manual_only(0, 1, 0);
    case ColorControl::gain:
      return manual_only(0, 255, color_firmware < kFirstFirmwareWithGain128 ? 0 : 128);
    case ColorControl::powerline_frequency:
      return manual_only(1, 2, 2);
  }
  return manual_only(0, 0, 0);
}

Status validate(ColorControl control) {
  if (is_member(control)) return {};
  return Error(Errc::invalid, fmt::format("there is no colour control number {}", static_cast<int>(control)));
}

Status validate(ColorControl control, const ControlValue& value, int powerline,
                const Version& color_firmware) {
  GENLOCK_TRY(validate(control));
  return validate(control, value, capabilities(control, powerline, color_firmware));
}

Status validate(ColorControl control, const ControlValue& value, const ControlCapabilities& can) {
  const std::string_view name = to_string(control);
  if (value.mode == ControlMode::automatic && can.supports_auto) return {};
  if (value.mode != ControlMode::manual)
    return Error(Errc::invalid,
                 fmt::format("{} has no automatic mode; set a value of {} to {}", name, can.min, can.max));
  const bool takes_any_value =
      control == ColorControl::exposure_us || control == ColorControl::auto_exposure_priority;
  return takes_any_value ? Status() : validate_manual(name, value.value, can);
}

std::span<const std::int32_t> exposure_steps_us(int powerline) {
  return powerline == k50Hz ? kExposures50Hz : kExposures60Hz;
}

std::int32_t round_exposure_us(std::int32_t requested_us, int powerline) {
  const auto steps = exposure_steps_us(powerline);
  const auto step = std::ranges::lower_bound(steps, requested_us);
  return step == steps.end() ? steps.back() : *step;
}

std::string_view to_string(ColorControl control) {
  return is_member(control) ? kNames[static_cast<std::size_t>(control)] : "unknown";
}

std::optional<ColorControl> color_control_from(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ColorControl>(found - kNames.begin());
}

}  // namespace genlock::device
