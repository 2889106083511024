#include "geometry/ray_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "geometry/blobs.h"
#include "geometry/lens.h"

namespace genlock::geometry {
namespace {

TEST(RayTable, HasTheRayThatTheLensGivesForEveryPixelAndNoneBehindThem) {
  const RawCalibration unit =
      parse_calibration(testing::as_bytes(testing::real_blob("k4a.net.raw_calibration.bin"))).value();
  const CameraCalibration camera =
      calibration_for(unit, DepthMode::wfov_2x2binned, ColorResolution::off).value().depth;
  const RayTable table = make_ray_table(camera);
  const auto [width, height] = camera.size;
  std::size_t i = 0, without = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x, ++i) {
      const auto ray = unproject(camera, {static_cast<double>(x), static_cast<double>(y)});
      ASSERT_EQ(std::isnan(table.x[i]), !ray) << x << " " << y;
      ASSERT_EQ(table.y[i], ray ? static_cast<float>(ray->y) : 0) << x << " " << y;
      if (!ray) {
        ++without;
        continue;
      }
      ASSERT_EQ(table.x[i], static_cast<float>(ray->x)) << x << " " << y;
    }
  EXPECT_GT(without, 0U) << "a wide lens does not see to the corners";
  ASSERT_EQ(table.x.size(), i + kRayPadding);
  for (; i < table.x.size(); ++i) EXPECT_TRUE(std::isnan(table.x[i]));
}

}  // namespace
}  // namespace genlock::geometry
