#include "replay/control_memory.h"

namespace genlock::replay {

using device::ColorControl;
using device::ControlMode;
using device::ControlValue;

ControlMemory::ControlMemory(const Version& color_firmware) : color_firmware_(color_firmware) {
  constexpr int kFactoryPowerline = 2;
  for (int i = 0; i < device::kColorControlCount; ++i) {
    const auto can = device::capabilities(static_cast<ColorControl>(i), kFactoryPowerline, color_firmware);
    values_[static_cast<std::size_t>(i)] = {.mode = can.default_mode, .value = can.default_value};
  }
}

ControlValue ControlMemory::stored(ColorControl control) const {
  return values_[static_cast<std::size_t>(control)];
}

ControlValue ControlMemory::get(ColorControl control) const {
  const int powerline = stored(ColorControl::powerline_frequency).value;
  ControlValue value = stored(control);
  if (value.mode == ControlMode::automatic)
    value.value = device::capabilities(control, powerline, color_firmware_).default_value;
  if (control == ColorControl::exposure_us) value.value = device::round_exposure_us(value.value, powerline);
  return value;
}

void ControlMemory::set(ColorControl control, ControlValue value) {
  if (control == ColorControl::auto_exposure_priority) return;
  values_[static_cast<std::size_t>(control)] = value;
}

}  // namespace genlock::replay
