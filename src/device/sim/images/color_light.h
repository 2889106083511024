#pragma once

#include <cstdint>
#include <vector>

#include "base/camera.h"
#include "device/sim/images/world.h"

namespace genlock::device::sim {

/// What reaches the colour sensor, before any setting has an effect: red, green and blue of every pixel, on
/// the scale on which brightness is shown (gamma 2.2), kWhite being white at the right exposure. Brighter
/// things have larger values.
struct ColorLight {
  static constexpr float kWhite = 16'384;

  explicit ColorLight(Size size_of_image = {})
      : size(size_of_image),
        values(3 * static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height)) {}

  std::size_t offset(int x, int y) const {
    return 3 *
           (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x));
  }

  Size size;
  std::vector<std::uint16_t> values;
};

}  // namespace genlock::device::sim
