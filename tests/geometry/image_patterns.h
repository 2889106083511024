#pragma once

#include <cstdint>
#include <vector>

#include "geometry/calibration.h"

namespace genlock::geometry::testing {

/// An image whose pixel (x, y) is make(x, y).
template <class Pixel, class Make>
std::vector<Pixel> image_of(Size size, Make make) {
  std::vector<Pixel> image;
  image.reserve(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) image.push_back(static_cast<Pixel>(make(x, y)));
  return image;
}

/// The same lens and place with fewer pixels.
inline CameraCalibration with_size(CameraCalibration camera, Size size) {
  const double x = static_cast<double>(size.width) / camera.size.width;
  const double y = static_cast<double>(size.height) / camera.size.height;
  Intrinsics& lens = camera.intrinsics;
  lens.cx = (lens.cx + 0.5) * x - 0.5;
  lens.cy = (lens.cy + 0.5) * y - 0.5;
  lens.fx *= x;
  lens.fy *= y;
  camera.size = size;
  return camera;
}

/// A unit's calibration with images small enough for tests. Widths are odd, so that no vector fits.
inline Calibration small(const RawCalibration& raw, DepthMode depth, ColorResolution color) {
  Calibration calibration = calibration_for(raw, depth, color).value();
  const Size d = calibration.depth.size;
  const Size c = calibration.color.size;
  calibration.depth = with_size(calibration.depth, {d.width / 8 + 1, d.height / 8 + 1});
  calibration.color = with_size(calibration.color, {c.width / 8 + 3, c.height / 8 + 1});
  return calibration;
}

// The images that the anchors of facts k4a-abi.md E6 were computed from.

inline std::vector<std::uint16_t> anchor_depth(Size size) {
  const auto [w, h] = size;
  return image_of<std::uint16_t>(size, [w = w, h = h](int x, int y) {
    if ((x / 16 + y / 16) % 11 == 0) return 0;
    if (x > w / 3 && x < w / 2 && y > h / 4 && y < h / 2) return 700 + y % 5;
    return 1000 + (3 * x + y) % 7;
  });
}

inline std::vector<std::uint8_t> anchor_custom8(Size size) {
  return image_of<std::uint8_t>(size, [](int x, int y) { return (x + y) & 255; });
}

inline std::vector<std::uint16_t> anchor_custom16(Size size) {
  return image_of<std::uint16_t>(size, [](int x, int y) { return (257 * x + 3 * y) & 65535; });
}

inline std::vector<std::uint32_t> anchor_color(Size size) {
  return image_of<std::uint32_t>(size, [](int x, int y) {
    return 0xff000000U | static_cast<unsigned>((x + y) & 255) << 16 | static_cast<unsigned>(y & 255) << 8 |
           static_cast<unsigned>(x & 255);
  });
}

}  // namespace genlock::geometry::testing
