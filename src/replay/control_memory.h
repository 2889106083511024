#pragma once

#include <array>

#include "device/color_control.h"

namespace genlock::replay {

/// The colour controls of a unit without a camera: they answer as a camera would and do nothing. One thread
/// at a time.
class ControlMemory {
 public:
  explicit ControlMemory(const Version& color_firmware);

  /// An automatic control gives its default, as if the camera had chosen that.
  device::ControlValue get(device::ColorControl control) const;

  /// `value` has been validated.
  void set(device::ColorControl control, device::ControlValue value);

 private:
  device::ControlValue stored(device::ColorControl control) const;

  const Version color_firmware_;
  std::array<device::ControlValue, device::kColorControlCount> values_;
};

}  // namespace genlock::replay
