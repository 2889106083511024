#include <gtest/gtest.h>

#include "blobs.h"
#include "geometry/lens.h"
#include "geometry/points.h"

// Numbers computed by the reference implementation in 32-bit floats (facts k4a-abi.md E6).

namespace genlock::geometry {
namespace {

using testing::anchor_unit;

struct ModeRow {
  DepthMode depth;
  ColorResolution color;
  double cx, cy, fx, fy;
};

constexpr ModeRow kModes[] = {
    {DepthMode::nfov_2x2binned, ColorResolution::off, 160.114410, 164.834396, 252.160004, 252.467194},
    {DepthMode::nfov_unbinned, ColorResolution::off, 320.728821, 330.168793, 504.320007, 504.934387},
    {DepthMode::wfov_2x2binned, ColorResolution::off, 256.114410, 254.834396, 252.160004, 252.467194},
    {DepthMode::wfov_unbinned, ColorResolution::off, 512.728821, 510.168793, 504.320007, 504.934387},
    {DepthMode::passive_ir, ColorResolution::off, 512.728821, 510.168793, 504.320007, 504.934387},
    {DepthMode::off, ColorResolution::r720p, 638.348022, 361.708008, 610.815979, 610.656006},
    {DepthMode::off, ColorResolution::r1080p, 957.771973, 542.812012, 916.223999, 915.984009},
    {DepthMode::off, ColorResolution::r1440p, 1277.196045, 723.916016, 1221.631958, 1221.312012},
    {DepthMode::off, ColorResolution::r1536p, 1021.656799, 771.032837, 977.305603, 977.049561},
    {DepthMode::off, ColorResolution::r2160p, 1916.043945, 1086.124023, 1832.447998, 1831.968018},
    {DepthMode::off, ColorResolution::r3072p, 2043.813599, 1542.565674, 1954.611206, 1954.099121},
};

TEST(Modes, EveryModeHasTheReferenceIntrinsics) {
  for (const ModeRow& row : kModes) {
    const auto calibration = calibration_for(anchor_unit(), row.depth, row.color);
    ASSERT_TRUE(calibration);
    const bool color = row.color != ColorResolution::off;
    const CameraCalibration& camera = calibration->camera(color ? Sensor::color : Sensor::depth);
    EXPECT_NEAR(camera.intrinsics.cx, row.cx, 2e-4) << to_string(row.depth) << to_string(row.color);
    EXPECT_NEAR(camera.intrinsics.cy, row.cy, 2e-4);
    EXPECT_NEAR(camera.intrinsics.fx, row.fx, 2e-4);
    EXPECT_NEAR(camera.intrinsics.fy, row.fy, 2e-4);
    EXPECT_EQ(camera.size, color ? image_size(row.color) : image_size(row.depth));
  }
}

TEST(Modes, BothCamerasOffIsRefused) {
  const auto calibration = calibration_for(anchor_unit(), DepthMode::off, ColorResolution::off);
  ASSERT_FALSE(calibration);
  EXPECT_EQ(calibration.error().code(), Errc::invalid);
}

TEST(Modes, SensorsOfOtherSizesAreRefusedByName) {
  RawCalibration raw = anchor_unit();
  raw.depth.sensor = {640, 576};
  const auto depth = calibration_for(raw, DepthMode::nfov_unbinned, ColorResolution::off);
  ASSERT_FALSE(depth);
  EXPECT_NE(depth.error().message().find("640x576"), std::string::npos);
  raw.color.sensor = {1000, 1000};
  const auto color = calibration_for(raw, DepthMode::off, ColorResolution::r720p);
  ASSERT_FALSE(color);
  EXPECT_NE(color.error().message().find("1000x1000"), std::string::npos);
}

TEST(Modes, ACameraThatIsOffIsAllZero) {
  const auto calibration = calibration_for(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::off);
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->color.size, Size{});
  EXPECT_EQ(calibration->color.intrinsics.fx, 0);
  EXPECT_EQ(calibration->color.from_depth.rotation[0], 0);
  EXPECT_EQ(calibration->extrinsics[0][1].rotation[0], 0);
  EXPECT_EQ(calibration->extrinsics[0][2].rotation[2], -1);
}

Calibration anchor_calibration() {
  return calibration_for(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::r1080p).value();
}

struct TranslationRow {
  Sensor from, to;
  std::array<double, 3> mm;
};

TEST(Extrinsics, TranslationsMatchTheReference) {
  const TranslationRow rows[] = {
      {Sensor::depth, Sensor::color, {-32, -2, 4}},
      {Sensor::color, Sensor::depth, {32, 2.40716, -3.76903}},
      {Sensor::depth, Sensor::gyro, {0, 0, 0}},
      {Sensor::depth, Sensor::accel, {-51, 3, 1.5}},
      {Sensor::accel, Sensor::depth, {3, -1.5, -51}},
      {Sensor::color, Sensor::gyro, {3.76903, -32, 2.40716}},
      {Sensor::color, Sensor::accel, {-47.231, -29, 3.90716}},
      {Sensor::gyro, Sensor::color, {-32, -2, 4}},
      {Sensor::accel, Sensor::color, {-29, -8.82273, -46.5638}},
  };
  const Calibration calibration = anchor_calibration();
  for (const auto& row : rows) {
    const auto& got =
        calibration.extrinsics[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.to)];
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(got.translation[i], row.mm[i], 2e-4);
  }
}

void expect_near(const Point3& got, const Point3& want, double tolerance) {
  EXPECT_NEAR(got.x, want.x, tolerance);
  EXPECT_NEAR(got.y, want.y, tolerance);
  EXPECT_NEAR(got.z, want.z, tolerance);
}

void expect_near(const Point2& got, const Point2& want, double tolerance) {
  EXPECT_NEAR(got.x, want.x, tolerance);
  EXPECT_NEAR(got.y, want.y, tolerance);
}

struct DepthPixelRow {
  Point2 pixel;
  double z;
  Point3 in_depth, in_color;
  Point2 color_pixel;
};

TEST(Points, DepthPixelsMatchTheReference) {
  const DepthPixelRow rows[] = {
      {{320, 288},
       1000,
       {-1.44821, -83.70769, 1000},
       {-33.44821, 19.27933, 1007.27173},
       {927.34253, 560.34644}},
      {{10, 20},
       800,
       {-667.68378, -665.83490, 800},
       {-699.68378, -580.56464, 869.21625},
       {181.16309, -101.79645}},
      {{600, 500},
       3000,
       {1935.40857, 1175.34631, 3000},
       {1903.40857, 1480.49304, 2864.70850},
       {1592.47314, 1036.11536}},
      {{0, 0},
       1000,
       {-895.80048, -921.30304, 1000},
       {-927.80048, -813.72760, 1094.82434},
       {143.00745, -172.04144}},
      {{639, 575},
       1000,
       {805.65710, 618.86768, 1000},
       {773.65710, 718.00592, 933.83264},
       {1753.95801, 1281.07300}},
      {{100.25, 400.5},
       1500,
       {-705.23663, 224.66930, 1500},
       {-737.23663, 378.23120, 1472.29846},
       {487.76981, 783.80621}},
  };
  const Calibration calibration = anchor_calibration();
  for (const auto& row : rows) {
    const auto own = point_2d_to_3d(calibration, row.pixel, row.z, Sensor::depth, Sensor::depth);
    const auto color = point_2d_to_3d(calibration, row.pixel, row.z, Sensor::depth, Sensor::color);
    const auto pixel = point_2d_to_2d(calibration, row.pixel, row.z, Sensor::depth, Sensor::color);
    ASSERT_TRUE(own && *own && color && *color && pixel && *pixel);
    expect_near(**own, row.in_depth, 2e-3);
    expect_near(**color, row.in_color, 2e-3);
    expect_near(**pixel, row.color_pixel, 1e-3);
  }
}

struct ColorPixelRow {
  Point2 pixel;
  double z;
  Point3 in_color;
  Point2 depth_pixel;
};

TEST(Points, ColorPixelsMatchTheReference) {
  const ColorPixelRow rows[] = {
      {{960, 540}, 1000, {2.43174, -3.06992, 1000}, {338.18893, 276.77023}},
      {{100, 100}, 1200, {-1067.26453, -550.70227, 1200}, {-31.02267, 102.06093}},
      {{1900, 1000}, 2500, {2445.04712, 1187.67664, 2500}, {696.36877, 470.24182}},
      {{0, 0}, 1000, {-997.36639, -564.95294, 1000}, {-54.02515, 72.17670}},
  };
  const Calibration calibration = anchor_calibration();
  for (const auto& row : rows) {
    const auto own = point_2d_to_3d(calibration, row.pixel, row.z, Sensor::color, Sensor::color);
    const auto pixel = point_2d_to_2d(calibration, row.pixel, row.z, Sensor::color, Sensor::depth);
    ASSERT_TRUE(own && *own && pixel && *pixel);
    expect_near(**own, row.in_color, 5e-3);
    expect_near(**pixel, row.depth_pixel, 1e-3);
  }
}

TEST(Points, PointsReachEverySensor) {
  const Calibration calibration = anchor_calibration();
  const Point3 point{10, 20, 1000};
  expect_near(point_3d_to_3d(calibration, point, Sensor::depth, Sensor::color).value(),
              {-22, 122.41890, 996.43134}, 1e-3);
  expect_near(point_3d_to_3d(calibration, point, Sensor::depth, Sensor::gyro).value(), {-1000, -10, 20},
              1e-6);
  expect_near(point_3d_to_3d(calibration, point, Sensor::depth, Sensor::accel).value(), {-1051, -7, 21.5},
              1e-6);
}

TEST(Points, GeometryWithoutAnAnswerIsNothingAndNotAnError) {
  const Calibration calibration = anchor_calibration();
  const auto behind = point_3d_to_2d(calibration, {0, 0, -1000}, Sensor::depth, Sensor::depth);
  ASSERT_TRUE(behind);
  EXPECT_FALSE(*behind);
  const auto beside = point_3d_to_2d(calibration, {2000, 0, 1000}, Sensor::depth, Sensor::depth);
  ASSERT_TRUE(beside);
  EXPECT_FALSE(*beside);
  const auto no_depth = point_2d_to_3d(calibration, {320, 288}, 0, Sensor::depth, Sensor::depth);
  ASSERT_TRUE(no_depth);
  EXPECT_FALSE(*no_depth);
  const auto mirrored = point_2d_to_3d(calibration, {320, 288}, -500, Sensor::depth, Sensor::depth);
  ASSERT_TRUE(mirrored && *mirrored);
  EXPECT_NEAR((*mirrored)->x, 1.44821 / 2, 1e-3);
}

TEST(Points, TheSameCameraKeepsAnyPixel) {
  const auto pixel = point_2d_to_2d(anchor_calibration(), {-4000, 1e6}, 0, Sensor::color, Sensor::color);
  ASSERT_TRUE(pixel && *pixel);
  EXPECT_EQ((*pixel)->x, -4000);
}

TEST(Points, SensorsThatAreOffOrHaveNoPixelsAreErrors) {
  const auto depth_only =
      calibration_for(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::off).value();
  EXPECT_FALSE(point_3d_to_3d(depth_only, {}, Sensor::depth, Sensor::color));
  EXPECT_FALSE(point_2d_to_2d(depth_only, {}, 1000, Sensor::color, Sensor::color));
  EXPECT_FALSE(point_3d_to_2d(depth_only, {0, 0, 1}, Sensor::depth, Sensor::gyro));
  EXPECT_FALSE(point_2d_to_3d(depth_only, {}, 1000, Sensor::accel, Sensor::depth));
  EXPECT_TRUE(point_3d_to_2d(depth_only, {-1000, 0, 0}, Sensor::gyro, Sensor::depth));
}

TEST(Points, LensesOfOtherKindsAreErrors) {
  Calibration calibration = anchor_calibration();
  calibration.depth.intrinsics.model = LensModel::theta;
  EXPECT_FALSE(point_2d_to_3d(calibration, {320, 288}, 1000, Sensor::depth, Sensor::depth));
  calibration.depth.intrinsics.model = LensModel::rational_6kt;
  calibration.depth.intrinsics.parameter_count = 13;
  EXPECT_FALSE(point_3d_to_2d(calibration, {0, 0, 1000}, Sensor::depth, Sensor::depth));
}

TEST(Lens, WideModeEndsAtTheMetricRadius) {
  const auto wide = calibration_for(anchor_unit(), DepthMode::wfov_2x2binned, ColorResolution::off).value();
  int invalid = 0;
  for (int y = 0; y < 512; ++y)
    for (int x = 0; x < 512; ++x)
      invalid += !unproject(wide.depth, {static_cast<double>(x), static_cast<double>(y)});
  EXPECT_NEAR(invalid, 45967, 5);
}

}  // namespace
}  // namespace genlock::geometry
