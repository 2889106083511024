#pragma once

#include <optional>

#include "base/result.h"
#include "geometry/calibration.h"

// Points between the sensors of a unit (facts k4a-abi.md E4). Errors (Errc::invalid, Errc::unsupported) are
// for sensors that are off or no cameras, and lenses of an unknown kind. Nothing is for geometry that has no
// answer.

namespace genlock::geometry {

/// Any two sensors.
Result<Point3> point_3d_to_3d(const Calibration& calibration, const Point3& point, Sensor from, Sensor to);

/// A pixel of camera `from` at depth z mm along its axis, in the frame of any sensor. Nothing for z = 0.
Result<std::optional<Point3>> point_2d_to_3d(const Calibration& calibration, Point2 pixel, double z_mm,
                                             Sensor from, Sensor to);

/// Where camera `to` sees a point of any sensor's frame; not clipped to the image.
Result<std::optional<Point2>> point_3d_to_2d(const Calibration& calibration, const Point3& point, Sensor from,
                                             Sensor to);

/// Where camera `to` sees what camera `from` sees at a pixel and depth. The same camera gives the same pixel,
/// unchecked.
Result<std::optional<Point2>> point_2d_to_2d(const Calibration& calibration, Point2 pixel, double z_mm,
                                             Sensor from, Sensor to);

}  // namespace genlock::geometry
