#include "geometry/cloud_rays.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "geometry/blobs.h"

namespace genlock::geometry {
namespace {

CameraCalibration depth_camera(DepthMode mode) {
  const RawCalibration unit =
      parse_calibration(testing::as_bytes(testing::real_blob("k4a.net.raw_calibration.bin"))).value();
  return calibration_for(unit, mode, ColorResolution::off).value().depth;
}

TEST(PackedRays, HaveAllRowsOfANarrowLensButTheFirstTwo) {
  const CameraCalibration camera = depth_camera(DepthMode::nfov_2x2binned);
  const PackedRays packed = pack_rays(make_ray_table(camera), camera.size);
  ASSERT_EQ(packed.fits.size(), 288U);
  EXPECT_FALSE(packed.fits[0] || packed.fits[1]);
  EXPECT_EQ(std::ranges::count(packed.fits, true), 286);
}

TEST(PackedRays, LackARowThatJumpsAndTheTwoThatItWouldForetell) {
  const CameraCalibration camera = depth_camera(DepthMode::nfov_2x2binned);
  RayTable table = make_ray_table(camera);
  table.y[100 * 320 + 319] += 0.25F;
  const PackedRays packed = pack_rays(table, camera.size);
  ASSERT_EQ(packed.fits.size(), 288U);
  for (std::size_t y = 2; y < 288; ++y) EXPECT_EQ(packed.fits[y], y < 100 || y > 102) << y;
}

TEST(PackedRays, AreNotMadeOfALensThatDoesNotSeeToTheCornersNorOfBrokenBlocks) {
  const CameraCalibration wide = depth_camera(DepthMode::wfov_2x2binned);
  EXPECT_TRUE(pack_rays(make_ray_table(wide), wide.size).empty());
  CameraCalibration narrow = depth_camera(DepthMode::nfov_2x2binned);
  narrow.size.width -= 8;
  EXPECT_TRUE(pack_rays(make_ray_table(narrow), narrow.size).empty());
}

}  // namespace
}  // namespace genlock::geometry
