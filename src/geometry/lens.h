#pragma once

#include <optional>

#include "base/result.h"
#include "geometry/calibration.h"

// Both lens models, Brown-Conrady and Rational 6KT, forward and inverse (facts k4a-abi.md E3).

namespace genlock::geometry {

/// Whether project and unproject can work with this lens: model, 14 parameters, positive focal lengths.
Status check_lens(const Intrinsics& lens);

/// Where the point (x, y, 1) of a camera's frame appears; nothing beyond the metric radius. The pixel need
/// not lie inside the image.
std::optional<Point2> project_normalised(const CameraCalibration& camera, Point2 ray);

/// Where a point of a camera's frame appears; nothing at z <= 0 or beyond the metric radius.
std::optional<Point2> project(const CameraCalibration& camera, const Point3& point);

/// The (x, y) at z = 1 that appear at a pixel, to 1e-3 pixels; nothing where the lens model has no such ray.
std::optional<Point2> unproject(const CameraCalibration& camera, Point2 pixel);

}  // namespace genlock::geometry
