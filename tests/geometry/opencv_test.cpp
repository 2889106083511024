#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "blobs.h"
#include "geometry/lens.h"
#include "opencv_grid.h"

namespace genlock::geometry {
namespace {

using namespace testing;  // NOLINT: blobs and the grid

// The file is OpenCV's own output (see opencv_points.cpp): tests do without 250 MB of packages.
TEST(Opencv, ProjectsToTheSamePixels) {
  std::ifstream file(GENLOCK_TEST_DATA "/opencv/projected.txt");
  ASSERT_TRUE(file);
  int compared = 0;
  for (const OpencvCamera& wanted : kOpencvCameras) {
    const auto raw = parse_calibration(as_bytes(real_blob(wanted.blob))).value();
    ASSERT_EQ(raw.depth.intrinsics.model, LensModel::brown_conrady);
    const auto calibration = calibration_for(raw, wanted.depth, wanted.color).value();
    const bool color = wanted.color != ColorResolution::off;
    for (const Point3& point : opencv_grid(color)) {
      Point2 pixel;
      ASSERT_TRUE(file >> pixel.x >> pixel.y);
      const CameraCalibration& camera = calibration.camera(color ? Sensor::color : Sensor::depth);
      if (std::hypot(point.x, point.y) > camera.metric_radius * point.z)
        continue;  // OpenCV knows no such limit.
      const auto ours = project(camera, point);
      ASSERT_TRUE(ours);
      EXPECT_NEAR(ours->x, pixel.x, 1e-3)
          << wanted.blob << " " << point.x << " " << point.y << " " << point.z;
      EXPECT_NEAR(ours->y, pixel.y, 1e-3)
          << wanted.blob << " " << point.x << " " << point.y << " " << point.z;
      ++compared;
    }
  }
  EXPECT_GT(compared, 8 * 162 * 3 / 4);
  double more = 0;
  EXPECT_FALSE(file >> more) << "the file is of another grid";
}

}  // namespace
}  // namespace genlock::geometry
