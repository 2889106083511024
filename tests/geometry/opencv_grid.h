#pragma once

#include <vector>

#include "geometry/calibration.h"

namespace genlock::geometry::testing {

/// The points that opencv_points projects and opencv_test compares: over the field of view of a camera, in
/// its frame, at several distances.
inline std::vector<Point3> opencv_grid(bool color) {
  const double edge = color ? 0.9 : 1.1;
  std::vector<Point3> points;
  for (const double z : {350.0, 2750.0})
    for (int y = -4; y <= 4; ++y)
      for (int x = -4; x <= 4; ++x) points.push_back({edge * x / 4 * z, 0.75 * edge * y / 4 * z, z});
  return points;
}

struct OpencvCamera {
  const char* blob;
  DepthMode depth;
  ColorResolution color;  ///< the camera is the one that is on
};

/// Every Brown-Conrady calibration of tests/data/calib. A Rational 6KT lens has a centre of distortion, which
/// OpenCV's model lacks.
inline constexpr OpencvCamera kOpencvCameras[] = {
    {"k4a.net.raw_calibration.bin", DepthMode::nfov_unbinned, ColorResolution::off},
    {"k4a.net.raw_calibration.bin", DepthMode::wfov_2x2binned, ColorResolution::off},
    {"k4a.net.raw_calibration.bin", DepthMode::off, ColorResolution::r1080p},
    {"k4a.net.raw_calibration.bin", DepthMode::off, ColorResolution::r3072p},
    {"ms-sdk.g_test_json.json", DepthMode::nfov_unbinned, ColorResolution::off},
    {"ms-sdk.g_test_json.json", DepthMode::wfov_2x2binned, ColorResolution::off},
    {"ms-sdk.g_test_json.json", DepthMode::off, ColorResolution::r1080p},
    {"ms-sdk.g_test_json.json", DepthMode::off, ColorResolution::r3072p},
};

}  // namespace genlock::geometry::testing
