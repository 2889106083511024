#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "blobs.h"
#include "geometry/transformation.h"
#include "image_patterns.h"
#include "reference_warps.h"

// Whole images against the reference implementation's numbers (facts k4a-abi.md E6), whose floats are rounded
// in another order: the tolerances are those that the facts give.

namespace genlock::geometry {
namespace {

using namespace testing;  // NOLINT: the patterns

template <class Value>
double sum(const std::vector<Value>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// A mode's cx, cy, fx, fy as the reference rounds them.
using Lens = std::array<double, 4>;
constexpr Lens k720p{638.348022, 361.708008, 610.815979, 610.656006};
constexpr Lens k1080p{957.771973, 542.812012, 916.223999, 915.984009};

struct Anchor {
  DepthMode depth;
  ColorResolution color;
  Lens depth_lens, color_lens;
  std::ptrdiff_t covered;
  double depth_sum;
  int least, most;
  double custom8_nearest, custom8_linear, custom16_nearest, custom16_linear;
  std::ptrdiff_t colored;
  double b, g, r;
  double x, y, z;
  std::ptrdiff_t points;
  double color_x, color_y, color_z;
};

constexpr Anchor kAnchors[] = {
    {DepthMode::nfov_2x2binned,
     ColorResolution::r720p,
     {160.114410, 164.834396, 252.160004, 252.467194},
     k720p,
     616877,
     618871833,
     707,
     1081,
     157352717,
     157355918,
     35926195603,
     35926412708,
     73429,
     9504056,
     8873689,
     9149250,
     -365730,
     -8365916,
     83145042,
     83968,
     -27427457,
     -7418071,
     618871833},
    {DepthMode::wfov_2x2binned,
     ColorResolution::r720p,
     {256.114410, 254.834396, 252.160004, 252.467194},
     k720p,
     825347,
     818124001,
     700,
     1081,
     132529373,
     132537917,
     34017570549,
     34016636541,
     87363,
     11138086,
     10624398,
     11147761,
     1881628,
     2746169,
     194488586,
     196820,
     -2126214,
     -13210934,
     818116863},
    {DepthMode::nfov_unbinned,
     ColorResolution::r1080p,
     {320.728821, 330.168793, 504.320007, 504.934387},
     k1080p,
     1383152,
     1387278959,
     707,
     1081,
     355282802,
     355288217,
     84701346144,
     84699963084,
     292737,
     36997241,
     36123155,
     37512233,
     -432599,
     -33050738,
     332156582,
     335360,
     -50886416,
     -13841342,
     1387277999},
};

void set(Intrinsics& intrinsics, const Lens& lens) {
  intrinsics.cx = lens[0], intrinsics.cy = lens[1], intrinsics.fx = lens[2], intrinsics.fy = lens[3];
}

/// The reference's own intrinsics: ours differ in the 8th digit, which moves a pixel on the mesh's border.
Calibration anchor_calibration(const Anchor& anchor) {
  Calibration calibration = calibration_for(anchor_unit(), anchor.depth, anchor.color).value();
  set(calibration.depth.intrinsics, anchor.depth_lens);
  set(calibration.color.intrinsics, anchor.color_lens);
  return calibration;
}

class ImageAnchors : public ::testing::TestWithParam<Anchor> {
 protected:
  const Calibration calibration_ = anchor_calibration(GetParam());
  Transformation transformation_ = Transformation::create(calibration_).value();
  const std::vector<std::uint16_t> depth_ = anchor_depth(calibration_.depth.size);
  std::vector<std::uint16_t> transformed_ =
      image_of<std::uint16_t>(calibration_.color.size, [](int, int) { return 7; });
};

TEST_P(ImageAnchors, DepthInTheColorCameraIsTheReferences) {
  ASSERT_TRUE(transformation_.depth_to_color(depth_, transformed_));
  EXPECT_EQ(std::ranges::count_if(transformed_, [](auto z) { return z != 0; }), GetParam().covered);
  EXPECT_NEAR(sum(transformed_), GetParam().depth_sum, 8);
  EXPECT_EQ(std::ranges::max(transformed_), GetParam().most);
  std::erase(transformed_, 0);
  EXPECT_EQ(std::ranges::min(transformed_), GetParam().least);
}

TEST_P(ImageAnchors, DepthInTheMiddleIsTheReferences) {
  ASSERT_TRUE(transformation_.depth_to_color(depth_, transformed_));
  const auto [width, height] = calibration_.color.size;
  EXPECT_EQ(transformed_[static_cast<std::size_t>(height / 2 * width + width / 2)], 1012);
}

TEST_P(ImageAnchors, CustomImagesInTheColorCameraAreTheReferences) {
  const auto custom8 = anchor_custom8(calibration_.depth.size);
  const auto custom16 = anchor_custom16(calibration_.depth.size);
  std::vector<std::uint8_t> out8(transformed_.size());
  std::vector<std::uint16_t> out16(transformed_.size());
  for (const auto interpolation : {Interpolation::nearest, Interpolation::linear}) {
    const bool nearest = interpolation == Interpolation::nearest;
    ASSERT_TRUE(transformation_.depth_to_color<std::uint8_t>(depth_, transformed_,
                                                             {custom8, out8, interpolation, 255}));
    EXPECT_NEAR(sum(out8), nearest ? GetParam().custom8_nearest : GetParam().custom8_linear, 10);
    ASSERT_TRUE(transformation_.depth_to_color<std::uint16_t>(depth_, transformed_,
                                                              {custom16, out16, interpolation, 65535}));
    EXPECT_NEAR(sum(out16), nearest ? GetParam().custom16_nearest : GetParam().custom16_linear, 65000);
    EXPECT_NEAR(sum(transformed_), GetParam().depth_sum, 8);
  }
}

TEST_P(ImageAnchors, ColorInTheDepthCameraIsTheReferences) {
  std::vector<std::uint32_t> out(depth_.size());
  ASSERT_TRUE(transformation_.color_to_depth(depth_, anchor_color(calibration_.color.size), out));
  EXPECT_EQ(std::ranges::count_if(out, [](auto color) { return color >> 24 != 0; }), GetParam().colored);
  const auto channel = [&](unsigned shift) {
    return std::accumulate(out.begin(), out.end(), 0.0,
                           [&](double all, std::uint32_t color) { return all + (color >> shift & 255); });
  };
  EXPECT_NEAR(channel(0), GetParam().b, 10);
  EXPECT_NEAR(channel(8), GetParam().g, 10);
  EXPECT_NEAR(channel(16), GetParam().r, 10);
}

struct Sums {
  double x = 0, y = 0, z = 0;
  std::ptrdiff_t points = 0;
};

Sums sums(const std::vector<std::int16_t>& xyz) {
  Sums all;
  for (std::size_t i = 0; i < xyz.size(); i += 3) {
    all.x += xyz[i], all.y += xyz[i + 1], all.z += xyz[i + 2];
    all.points += xyz[i + 2] != 0;
  }
  return all;
}

TEST_P(ImageAnchors, PointCloudOfDepthIsTheReferences) {
  std::vector<std::int16_t> xyz(3 * depth_.size());
  ASSERT_TRUE(transformation_.point_cloud(Sensor::depth, depth_, xyz));
  const Sums got = sums(xyz);
  // Rays that are rounded from 64 bits move few coordinates over the middle between two millimetres.
  EXPECT_NEAR(got.x, GetParam().x, 200);
  EXPECT_NEAR(got.y, GetParam().y, 200);
  EXPECT_EQ(got.z, GetParam().z);
  EXPECT_EQ(got.points, GetParam().points);
}

TEST_P(ImageAnchors, PointCloudOfTransformedDepthIsTheReferences) {
  ASSERT_TRUE(transformation_.depth_to_color(depth_, transformed_));
  std::vector<std::int16_t> xyz(3 * transformed_.size());
  ASSERT_TRUE(transformation_.point_cloud(Sensor::color, transformed_, xyz));
  const Sums got = sums(xyz);
  // The reference's 32-bit rays miss 7 pixels at 720P, 701 at 1080P, most of them without depth: ours miss
  // none, so that all of the depth is there.
  EXPECT_EQ(got.z, sum(transformed_));
  EXPECT_NEAR(got.z, GetParam().color_z, 7 * 1081 + 8);
  EXPECT_NEAR(got.x, GetParam().color_x, 7 * 1500);
  EXPECT_NEAR(got.y, GetParam().color_y, 7 * 1500);
}

INSTANTIATE_TEST_SUITE_P(Modes, ImageAnchors, ::testing::ValuesIn(kAnchors), [](const auto& row) {
  return std::string(to_string(row.param.depth)) + "_" + std::string(to_string(row.param.color));
});

}  // namespace
}  // namespace genlock::geometry
