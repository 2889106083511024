#include <gtest/gtest.h>

#include <clocale>

#include "blobs.h"
#include "geometry/lens.h"
#include "geometry/points.h"

namespace genlock::geometry {
namespace {

using testing::as_bytes;
using testing::kRealBlobs;
using testing::real_blob;

constexpr DepthMode kDepthModes[] = {DepthMode::off,           DepthMode::nfov_2x2binned,
                                     DepthMode::nfov_unbinned, DepthMode::wfov_2x2binned,
                                     DepthMode::wfov_unbinned, DepthMode::passive_ir};
constexpr ColorResolution kResolutions[] = {
    ColorResolution::off,    ColorResolution::r720p,  ColorResolution::r1080p, ColorResolution::r1440p,
    ColorResolution::r1536p, ColorResolution::r2160p, ColorResolution::r3072p};

TEST(RealUnits, AKnownUnitGivesItsKnownAnswers) {
  const auto raw = parse_calibration(as_bytes(real_blob("ms-sdk.g_test_json.json")));
  ASSERT_TRUE(raw) << raw.error().message();
  const auto calibration = calibration_for(*raw, DepthMode::wfov_2x2binned, ColorResolution::r2160p).value();
  const auto in = [&](Sensor sensor) {
    return point_2d_to_3d(calibration, {256, 256}, 1000, Sensor::depth, sensor).value().value();
  };
  const std::pair<Sensor, Point3> answers[] = {{Sensor::depth, {-2.45376134, -1.66107690, 1000}},
                                               {Sensor::color, {-37.6291695, 63.3947754, 1001.46521}},
                                               {Sensor::gyro, {-993.876404, -4.87153625, 110.429428}},
                                               {Sensor::accel, {-1045.06238, 4.92006636, 108.398674}}};
  for (const auto& [sensor, answer] : answers) {
    EXPECT_NEAR(in(sensor).x, answer.x, 1e-3);
    EXPECT_NEAR(in(sensor).y, answer.y, 1e-3);
    EXPECT_NEAR(in(sensor).z, answer.z, 1e-3);
  }
  const auto pixel = point_2d_to_2d(calibration, {256, 256}, 1000, Sensor::depth, Sensor::color);
  EXPECT_NEAR(pixel.value()->x, 1835.689453, 1e-3);
  EXPECT_NEAR(pixel.value()->y, 1206.290039, 1e-3);
}

TEST(RealUnits, BothLensModelsAreRead) {
  const auto retail = parse_calibration(as_bytes(real_blob("k4a.net.raw_calibration.bin"))).value();
  EXPECT_EQ(retail.depth.intrinsics.model, LensModel::brown_conrady);
  EXPECT_DOUBLE_EQ(retail.color.metric_radius, 1.7) << "a radius of 0 stands for 1.7";
  EXPECT_NEAR(retail.color.from_depth.translation[0], -31.94529935717583, 1e-9) << "millimetres";
  const auto early = parse_calibration(as_bytes(real_blob("ms-sdk.TestCalibration.json"))).value();
  EXPECT_EQ(early.depth.intrinsics.model, LensModel::rational_6kt);
  EXPECT_EQ(early.depth.intrinsics.parameter_count, 15);
  EXPECT_NE(early.depth.intrinsics.codx, 0);
}

TEST(RealUnits, EveryPairOfModesIsOfferedAndTheExtrinsicsInvert) {
  for (const char* name : kRealBlobs) {
    const auto raw = parse_calibration(as_bytes(real_blob(name))).value();
    for (DepthMode depth : kDepthModes)
      for (ColorResolution color : kResolutions) {
        const auto calibration = calibration_for(raw, depth, color);
        const bool any = depth != DepthMode::off || color != ColorResolution::off;
        ASSERT_EQ(calibration.has_value(), any) << name;
        if (depth == DepthMode::off || color == ColorResolution::off) continue;
        const Point3 point{123, -45, 678};
        const auto there = point_3d_to_3d(*calibration, point, Sensor::color, Sensor::accel).value();
        const auto back = point_3d_to_3d(*calibration, there, Sensor::accel, Sensor::color).value();
        EXPECT_LT(norm(back - point), 1e-2) << "the blobs' rotations are only orthonormal to 32-bit floats";
      }
  }
}

/// Largest distance in pixels after going to the ray and back, and the number of pixels without a ray.
struct RoundTrip {
  double worst = 0;
  int without = 0;
  int pixels = 0;
};

RoundTrip round_trip(const CameraCalibration& camera) {
  RoundTrip result;
  for (int y = 0; y < camera.size.height; y += 7)
    for (int x = 0; x < camera.size.width; x += 7) {
      const Point2 pixel{static_cast<double>(x), static_cast<double>(y)};
      const auto ray = unproject(camera, pixel);
      ++result.pixels;
      result.without += !ray;
      if (!ray) continue;
      const auto again = project_normalised(camera, *ray).value();
      result.worst = std::max(result.worst, std::hypot(again.x - pixel.x, again.y - pixel.y));
    }
  return result;
}

TEST(RealUnits, PixelsComeBackFromTheirRays) {
  for (const char* name : kRealBlobs) {
    const auto raw = parse_calibration(as_bytes(real_blob(name))).value();
    const auto calibration = calibration_for(raw, DepthMode::nfov_unbinned, ColorResolution::r1080p).value();
    const RoundTrip depth = round_trip(calibration.depth);
    EXPECT_LE(depth.worst, 1e-3) << name;
    EXPECT_EQ(depth.without, 0) << name;
    const RoundTrip color = round_trip(calibration.color);
    EXPECT_LE(color.worst, 1e-3) << name;
    EXPECT_LT(color.without, color.pixels / 2) << name;
  }
}

TEST(RealUnits, ABlobIsReadWithAndWithoutItsNul) {
  std::string blob = real_blob("k4a.net.raw_calibration.bin");
  ASSERT_EQ(blob.back(), '\0');
  EXPECT_TRUE(parse_calibration(as_bytes(blob)));
  EXPECT_TRUE(parse_calibration(as_bytes(blob + "leftovers")));
  blob.pop_back();
  EXPECT_TRUE(parse_calibration(as_bytes(blob)));
}

/// Sets the process's numbers to decimal commas, if the system knows how, and back at the end.
class CommaLocale {
 public:
  CommaLocale() {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8"})
      if (!set_) set_ = std::setlocale(LC_ALL, name) != nullptr;
  }
  ~CommaLocale() { std::setlocale(LC_ALL, "C"); }
  bool set() const { return set_ && std::localeconv()->decimal_point[0] == ','; }

 private:
  bool set_ = false;
};

TEST(RealUnits, DecimalCommasOfTheLocaleDoNotMatter) {
  const std::string blob = real_blob("k4a.net.raw_calibration.bin");
  const auto plain = parse_calibration(as_bytes(blob)).value();
  const CommaLocale comma;
  if (!comma.set()) GTEST_SKIP() << "no locale with a decimal comma is installed here";
  const auto raw = parse_calibration(as_bytes(blob)).value();
  EXPECT_EQ(raw.depth.intrinsics.cx, plain.depth.intrinsics.cx);
  EXPECT_EQ(raw.color.from_depth.translation[2], plain.color.from_depth.translation[2]);
}

}  // namespace
}  // namespace genlock::geometry
