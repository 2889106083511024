#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "geometry/calibration.h"

namespace genlock::geometry {

/// The depth pixel that comes closest to a colour pixel.
struct DepthMatch {
  std::optional<Point2> pixel;  ///< nothing where no depth pixel can be seen at all
  bool close = false;           ///< the colour camera sees it within 10 pixels of the one that was asked for
};

/// An image of the depth camera, mm.
struct DepthPixels {
  std::span<const std::uint16_t> values;
  int row;  ///< values from the beginning of one row to that of the next, the camera's width at least
};

/// Looks for what a colour pixel shows along its line in the depth image (facts k4a-abi.md E4), from 50 mm to
/// 14 m. Errc::invalid or Errc::unsupported where a camera is off, its lens unknown, or the image of another
/// size.
Result<DepthMatch> find_depth_pixel(const Calibration& calibration, Point2 color_pixel,
                                    const DepthPixels& depth);

}  // namespace genlock::geometry
