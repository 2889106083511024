#include "capi/common/enum_number.h"
#include "capi/k4a/api_device.h"
#include "device/color_control.h"
#include "k4a/k4a.h"

// The settings of the colour camera: facts k4a-abi.md D.

namespace genlock::capi {
namespace {

using device::ColorControl;
using device::ControlMode;

Result<ColorControl> control_from(const k4a_color_control_command_t& command) {
  const unsigned number = number_of(command);
  if (number >= device::kColorControlCount)
    return Error(Errc::invalid, "there is no colour control number " + std::to_string(number));
  return static_cast<ColorControl>(number);
}

Result<ControlMode> mode_from(const k4a_color_control_mode_t& mode) {
  const unsigned number = number_of(mode);
  if (number > K4A_COLOR_CONTROL_MODE_MANUAL)
    return Error(Errc::invalid, "there is no colour control mode number " + std::to_string(number));
  return static_cast<ControlMode>(number);
}

k4a_color_control_mode_t api_mode(ControlMode mode) {
  return static_cast<k4a_color_control_mode_t>(mode);
}

/// With the power line that the unit is set to, by which the longest exposure goes.
Result<device::ControlCapabilities> capabilities_of(device::Device& device, ColorControl control) {
  GENLOCK_ASSIGN(const device::ControlValue powerline,
                 device.color_control(ColorControl::powerline_frequency));
  return device.control_capabilities(control, powerline.value);
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_device_get_color_control_capabilities(
    k4a_device_t device_handle, k4a_color_control_command_t command, bool* supports_auto, int32_t* min_value,
    int32_t* max_value, int32_t* step_value, int32_t* default_value, k4a_color_control_mode_t* default_mode) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_TRY(check_pointer(supports_auto, "supports_auto"));
    GENLOCK_TRY(check_pointer(min_value, "min_value"));
    GENLOCK_TRY(check_pointer(max_value, "max_value"));
    GENLOCK_TRY(check_pointer(step_value, "step_value"));
    GENLOCK_TRY(check_pointer(default_value, "default_value"));
    GENLOCK_TRY(check_pointer(default_mode, "default_mode"));
    GENLOCK_ASSIGN(const ColorControl control, control_from(command));
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    GENLOCK_ASSIGN(const device::ControlCapabilities can, capabilities_of(*device, control));
    *supports_auto = can.supports_auto;
    *min_value = can.min;
    *max_value = can.max;
    *step_value = can.step;
    *default_value = can.default_value;
    *default_mode = api_mode(can.default_mode);
    return {};
  });
}

k4a_result_t k4a_device_get_color_control(k4a_device_t device_handle, k4a_color_control_command_t command,
                                          k4a_color_control_mode_t* mode, int32_t* value) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_TRY(check_pointer(mode, "mode"));
    GENLOCK_TRY(check_pointer(value, "value"));
    GENLOCK_ASSIGN(const ColorControl control, control_from(command));
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    GENLOCK_ASSIGN(const device::ControlValue now, device->color_control(control));
    *mode = api_mode(now.mode);
    *value = now.value;
    return {};
  });
}

k4a_result_t k4a_device_set_color_control(k4a_device_t device_handle, k4a_color_control_command_t command,
                                          k4a_color_control_mode_t mode, int32_t value) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_ASSIGN(const ColorControl control, control_from(command));
    GENLOCK_ASSIGN(const ControlMode wanted, mode_from(mode));
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    return device->set_color_control(control, {.mode = wanted, .value = value});
  });
}

}  // extern "C"
