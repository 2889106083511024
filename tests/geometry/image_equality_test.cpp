#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "blobs.h"
#include "geometry/transformation.h"
#include "geometry/vectors.h"
#include "image_patterns.h"
#include "reference_warps.h"

// What runs in vectors gives the bits of the definition, on every kind of vector that this processor has.

namespace genlock::geometry {
namespace {

using namespace testing;  // NOLINT: blobs and patterns

/// Has only these vectors used, while it lives.
class Only {
 public:
  explicit Only(Vectors vectors) { use_vectors(vectors); }
  ~Only() { use_vectors(widest_vectors()); }
  Only(const Only&) = delete;
  Only& operator=(const Only&) = delete;
};

/// Slopes, steps, holes and what a damaged image may have.
std::vector<std::uint16_t> odd_depth(Size size, unsigned seed) {
  std::mt19937 random(seed);
  return image_of<std::uint16_t>(size, [&](int x, int y) -> unsigned {
    const unsigned dice = random() % 64;
    if (dice < 6) return 0;
    if (dice == 6) return 65535;
    if (dice == 7) return 1 + random() % 60;
    if (dice == 8) return random() & 65535;
    const auto step = static_cast<unsigned>((x / 13 + y / 9) % 5);
    return 400 + 450 * step * step + static_cast<unsigned>(3 * x + 2 * y) + random() % 8;
  });
}

std::vector<std::uint32_t> noise(Size size) {
  std::mt19937 random(5);
  return image_of<std::uint32_t>(size, [&](int, int y) { return y % 3 == 0 ? 0 : random(); });
}

template <class Value>
void expect_same_custom(reference::Warps& reference, Transformation& transformation,
                        std::span<const std::uint16_t> depth, Size from, Interpolation interpolation) {
  std::mt19937 random(11);
  const auto custom = image_of<Value>(from, [&](int, int) { return random(); });
  std::vector<std::uint16_t> want;
  std::vector<Value> want_custom;
  std::vector<std::uint8_t> tied;
  reference.depth_to_color<Value>(depth, custom, interpolation, Value(91), want, want_custom, &tied);
  std::vector<std::uint16_t> got(want.size());
  std::vector<Value> got_custom(want.size());
  ASSERT_TRUE(
      transformation.depth_to_color<Value>(depth, got, {custom, got_custom, interpolation, Value(91)}));
  EXPECT_EQ(got, want);
  for (std::size_t i = 0; i < want.size(); ++i)
    if (tied[i] != 0) got_custom[i] = want_custom[i];
  EXPECT_EQ(got_custom, want_custom);
  EXPECT_LT(std::ranges::count(tied, 1), static_cast<std::ptrdiff_t>(tied.size() / 20))
      << "ties are the exception";
}

void expect_same(const Calibration& calibration, std::span<const std::uint16_t> depth) {
  reference::Warps reference(calibration);
  Transformation transformation = Transformation::create(calibration).value();
  std::vector<std::uint16_t> want;
  reference.depth_to_color(depth, want);
  EXPECT_NE(std::ranges::max(want), 0) << "nothing would be compared";
  std::vector<std::uint16_t> got(want.size(), 3);
  ASSERT_TRUE(transformation.depth_to_color(depth, got));
  EXPECT_EQ(got, want);
  const std::vector<std::uint32_t> color = noise(calibration.color.size);
  std::vector<std::uint32_t> colors(depth.size(), 3);
  ASSERT_TRUE(transformation.color_to_depth(depth, color, colors));
  std::vector<std::uint32_t> want_colors;
  reference.color_to_depth(depth, color, want_colors);
  EXPECT_EQ(colors, want_colors);
  for (const Sensor camera : {Sensor::depth, Sensor::color}) {
    const auto of_camera = camera == Sensor::color ? std::span<const std::uint16_t>(want) : depth;
    std::vector<std::int16_t> xyz(3 * of_camera.size(), 3);
    ASSERT_TRUE(transformation.point_cloud(camera, of_camera, xyz));
    std::vector<std::int16_t> want_xyz;
    reference::Warps::point_cloud(make_ray_table(calibration.camera(camera)), of_camera, want_xyz);
    EXPECT_EQ(xyz, want_xyz);
  }
}

constexpr DepthMode kDepthModes[] = {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned,
                                     DepthMode::wfov_2x2binned, DepthMode::wfov_unbinned};
constexpr ColorResolution kResolutions[] = {ColorResolution::r720p,  ColorResolution::r1080p,
                                            ColorResolution::r1440p, ColorResolution::r1536p,
                                            ColorResolution::r2160p, ColorResolution::r3072p};

TEST(ImageEquality, HoldsForEveryPairOfModesOfEveryUnit) {
  for (const char* name : kRealBlobs) {
    const RawCalibration raw = parse_calibration(as_bytes(real_blob(name))).value();
    unsigned seed = 0;
    for (const DepthMode depth : kDepthModes)
      for (const ColorResolution color : kResolutions) {
        SCOPED_TRACE(std::string(name) + " " + std::string(to_string(depth)) + " " +
                     std::string(to_string(color)));
        const Calibration calibration = small(raw, depth, color);
        expect_same(calibration, odd_depth(calibration.depth.size, ++seed));
      }
  }
}

TEST(ImageEquality, HoldsForEveryKindOfVector) {
  const RawCalibration raw = parse_calibration(as_bytes(real_blob("k4a.net.raw_calibration.bin"))).value();
  for (const Vectors vectors : {Vectors::plain, Vectors::sse4, Vectors::avx2, Vectors::avx512}) {
    const Only only(vectors);
    if (vectors_in_use() != vectors) continue;
    SCOPED_TRACE(to_string(vectors));
    const Calibration calibration = small(raw, DepthMode::wfov_unbinned, ColorResolution::r1080p);
    expect_same(calibration, odd_depth(calibration.depth.size, 77));
    reference::Warps reference(calibration);
    Transformation transformation = Transformation::create(calibration).value();
    const auto depth = odd_depth(calibration.depth.size, 78);
    for (const auto interpolation : {Interpolation::nearest, Interpolation::linear}) {
      expect_same_custom<std::uint8_t>(reference, transformation, depth, calibration.depth.size,
                                       interpolation);
      expect_same_custom<std::uint16_t>(reference, transformation, depth, calibration.depth.size,
                                        interpolation);
    }
  }
}

/// Two point clouds one after the other, on every kind of vector; `fitting` rows of the camera are packed.
void expect_same_clouds(const Calibration& calibration, Sensor camera, std::ptrdiff_t fitting) {
  const RayTable rays = make_ray_table(calibration.camera(camera));
  const Size size = calibration.camera(camera).size;
  ASSERT_EQ(std::ranges::count(pack_rays(rays, size).fits, true), fitting);
  for (const Vectors vectors : {Vectors::plain, Vectors::sse4, Vectors::avx2, Vectors::avx512}) {
    const Only only(vectors);
    SCOPED_TRACE(to_string(vectors));
    Transformation transformation = Transformation::create(calibration).value();
    for (const unsigned seed : {1U, 2U}) {
      const auto depth = odd_depth(size, seed);
      std::vector<std::int16_t> want, xyz(3 * depth.size(), 3);
      reference::Warps::point_cloud(rays, depth, want);
      ASSERT_TRUE(transformation.point_cloud(camera, depth, xyz));
      EXPECT_EQ(xyz, want);
    }
  }
}

TEST(ImageEquality, HoldsForPointCloudsOfWhichRowsArePacked) {
  for (const char* name : kRealBlobs) {
    SCOPED_TRACE(name);
    const RawCalibration raw = parse_calibration(as_bytes(real_blob(name))).value();
    Calibration calibration = calibration_for(raw, DepthMode::nfov_unbinned, ColorResolution::off).value();
    calibration.depth = with_size(calibration.depth, {80, 72});
    expect_same_clouds(calibration, Sensor::depth, 69);
  }
}

TEST(ImageEquality, HoldsForPointCloudsWhereSomePackedRowsFollowRowsWithoutRays) {
  const RawCalibration raw = parse_calibration(as_bytes(real_blob("ms-sdk.g_test_json.json"))).value();
  Calibration calibration = calibration_for(raw, DepthMode::off, ColorResolution::r1080p).value();
  calibration.color = with_size(calibration.color, {160, 360});
  expect_same_clouds(calibration, Sensor::color, 205);
}

TEST(ImageEquality, HoldsForPointCloudsOfWhichNoRowIsPacked) {
  const RawCalibration raw = parse_calibration(as_bytes(real_blob("k4a.net.raw_calibration.bin"))).value();
  Calibration calibration = calibration_for(raw, DepthMode::wfov_unbinned, ColorResolution::off).value();
  calibration.depth = with_size(calibration.depth, {64, 64});
  expect_same_clouds(calibration, Sensor::depth, 0);
}

TEST(ImageEquality, HoldsForImagesSmallerThanAVector) {
  const RawCalibration raw = parse_calibration(as_bytes(real_blob("ms-sdk.g_test_json.json"))).value();
  const Calibration whole = calibration_for(raw, DepthMode::nfov_unbinned, ColorResolution::r720p).value();
  for (const Size size : {Size{2, 2}, Size{3, 5}, Size{15, 2}, Size{17, 3}, Size{33, 4}}) {
    Calibration calibration = whole;
    calibration.depth = with_size(whole.depth, size);
    calibration.color = with_size(whole.color, {size.height + 9, size.width + 7});
    expect_same(calibration, image_of<std::uint16_t>(size, [](int x, int y) { return 1500 + x + y; }));
  }
}

}  // namespace
}  // namespace genlock::geometry
