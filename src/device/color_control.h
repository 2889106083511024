#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/camera.h"

namespace genlock::device {

/// Numbered as in libk4a (facts k4a-abi.md A1).
enum class ColorControl : std::uint8_t {
  exposure_us,
  auto_exposure_priority,  ///< obsolete: accepted, without effect
  brightness,
  contrast,
  saturation,
  sharpness,
  white_balance_k,
  backlight_compensation,
  gain,
  powerline_frequency,  ///< 1 = 50 Hz, 2 = 60 Hz
};
inline constexpr int kColorControlCount = 10;

enum class ControlMode : std::uint8_t { automatic, manual };

struct ControlValue {
  ControlMode mode = ControlMode::manual;
  std::int32_t value = 0;  ///< ignored when setting `automatic`
  bool operator==(const ControlValue&) const = default;
};

/// Facts k4a-abi.md D.
struct ControlCapabilities {
  bool supports_auto;
  std::int32_t min, max, step;
  std::int32_t default_value;
  ControlMode default_mode;
};

/// `exposure_max` and the gain default depend on power line and firmware, hence the arguments.
ControlCapabilities capabilities(ColorControl control, int powerline, const Version& color_firmware);

/// Refuses a number that is no control.
Status validate(ColorControl control);

/// Checks a setting against the capabilities: automatic where there is none, out of range, off the step.
/// Any exposure passes, since a unit rounds it to one it can do.
Status validate(ColorControl control, const ControlValue& value, int powerline,
                const Version& color_firmware);
Status validate(ColorControl control, const ControlValue& value, const ControlCapabilities& can);

/// The exposures a unit can do, ascending, in µs, for power line 1 (50 Hz) or 2 (60 Hz).
std::span<const std::int32_t> exposure_steps_us(int powerline);

/// A requested exposure rounded up to the first step that is not shorter; the last step for anything longer.
std::int32_t round_exposure_us(std::int32_t requested_us, int powerline);

std::string_view to_string(ColorControl control);  ///< "exposure_us", "white_balance_k", ...
std::optional<ColorControl> color_control_from(std::string_view name);

}  // namespace genlock::device
