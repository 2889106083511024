#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "blobs.h"
#include "geometry/points.h"
#include "geometry/transformation.h"
#include "image_patterns.h"

// What people rely on in transformed images, whatever the numbers (facts k4a-abi.md E5, G7).

namespace genlock::geometry {
namespace {

using namespace testing;  // NOLINT: the patterns
using ::testing::Each;
using ::testing::HasSubstr;

class ImageRules : public ::testing::Test {
 protected:
  /// Transforms a depth image of which `make` gives the pixels.
  template <class Make>
  std::vector<std::uint16_t> transformed(Make make) {
    const auto depth = image_of<std::uint16_t>(from_, make);
    std::vector<std::uint16_t> out = blank_;
    EXPECT_TRUE(transformation_.depth_to_color(depth, out));
    return out;
  }

  std::size_t color_pixel(Point2 pixel, double z) const {
    const Point2 at = point_2d_to_2d(calibration_, pixel, z, Sensor::depth, Sensor::color).value().value();
    return static_cast<std::size_t>(std::lround(at.y)) * static_cast<std::size_t>(to_.width) +
           static_cast<std::size_t>(std::lround(at.x));
  }

  const Calibration calibration_ = small(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::r1080p);
  const Size from_ = calibration_.depth.size;
  const Size to_ = calibration_.color.size;
  Transformation transformation_ = Transformation::create(calibration_).value();
  const std::vector<std::uint16_t> blank_ = image_of<std::uint16_t>(to_, [](int, int) { return 5; });
};

TEST_F(ImageRules, NearerSurfacesHideFartherOnesInEitherOrder) {
  // A near plate, whose colour pixels the wall behind it reaches from the left or from the right in the depth
  // image.
  for (const bool plate_left : {true, false}) {
    const auto plate = [&](int x) { return plate_left ? x < 40 : x >= 40; };
    const auto out = transformed([&](int x, int) { return plate(x) ? 600 : 3000; });
    const double x = plate_left ? 38 : 42;
    EXPECT_NEAR(out[color_pixel({x, 36}, 600)], 600, 12) << plate_left;
  }
}

TEST_F(ImageRules, StepsInDepthAreNotBridged) {
  // The limit is 4.69 %.
  const auto holes = [&](int far) {
    return std::ranges::count(transformed([&](int x, int) { return x < 40 ? 1000 : far; }), 0);
  };
  EXPECT_GT(holes(1052), holes(1042) + to_.height / 2) << "a column of quads is missing";
}

TEST_F(ImageRules, PixelsThatSeeNothingStayEmpty) {
  EXPECT_THAT(transformed([](int, int) { return 0; }), Each(0));
  const auto lone = transformed([](int x, int y) { return x == 30 && y == 30 ? 1000 : 0; });
  EXPECT_THAT(lone, Each(0)) << "one pixel spans no surface";
  const auto corner = transformed([](int x, int y) { return (x == 30 || x == 31) && y == 30 ? 1000 : 0; });
  EXPECT_THAT(corner, Each(0)) << "nor do two";
  const auto three =
      transformed([](int x, int y) { return x - 30U < 2 && y - 30U < 2 && x + y > 60 ? 1000 : 0; });
  EXPECT_GT(std::ranges::max(three), 900) << "three span a triangle";
}

TEST_F(ImageRules, LabelsStayLabelsAndInvalidPixelsGetTheInvalidValue) {
  const auto depth = anchor_depth(from_);
  const auto labels =
      image_of<std::uint16_t>(from_, [](int x, int y) { return (x / 5 + y / 7) % 2 == 0 ? 3 : 40000; });
  std::vector<std::uint16_t> out = blank_;
  std::vector<std::uint16_t> custom = blank_;
  ASSERT_TRUE(transformation_.depth_to_color<std::uint16_t>(depth, out,
                                                            {labels, custom, Interpolation::nearest, 777}));
  std::array<std::ptrdiff_t, 2> seen{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(custom[i] == 777, out[i] == 0);
    if (out[i] == 0) continue;
    ASSERT_TRUE(custom[i] == 3 || custom[i] == 40000) << custom[i];
    ++seen[custom[i] == 3 ? 0 : 1];
  }
  EXPECT_GT(std::min(seen[0], seen[1]), 1000);
  ASSERT_TRUE(transformation_.depth_to_color<std::uint16_t>(depth, out,
                                                            {labels, custom, Interpolation::linear, 777}));
  EXPECT_TRUE(std::ranges::any_of(custom, [](auto value) { return value > 10000 && value < 30000; }));
}

TEST_F(ImageRules, BlackInTheColorImageIsToldFromNoColor) {
  const auto depth = image_of<std::uint16_t>(from_, [](int x, int) { return x < 10 ? 0 : 1000; });
  const auto black = image_of<std::uint32_t>(to_, [](int, int) { return 0; });
  std::vector<std::uint32_t> out(depth.size(), 9);
  ASSERT_TRUE(transformation_.color_to_depth(depth, black, out));
  for (int y = 0; y < from_.height; ++y) EXPECT_EQ(out[static_cast<std::size_t>(y * from_.width + 5)], 0U);
  EXPECT_EQ(out[static_cast<std::size_t>(from_.height / 2 * from_.width + from_.width / 2)], 1U);
}

TEST_F(ImageRules, PointsAreTheRaysOfTheirPixelsTimesTheirDepth) {
  const auto depth = image_of<std::uint16_t>(from_, [](int x, int y) { return x == y ? 0 : 2000 + x + y; });
  std::vector<std::int16_t> xyz(3 * depth.size());
  ASSERT_TRUE(transformation_.point_cloud(Sensor::depth, depth, xyz));
  for (std::size_t i = 0; i < depth.size(); i += 97) {
    const Point2 pixel{static_cast<double>(i % static_cast<std::size_t>(from_.width)),
                       static_cast<double>(i / static_cast<std::size_t>(from_.width))};
    const auto point = point_2d_to_3d(calibration_, pixel, depth[i], Sensor::depth, Sensor::depth).value();
    const Point3 want = point.value_or(Point3{});
    EXPECT_NEAR(xyz[3 * i], want.x, 0.51);
    EXPECT_NEAR(xyz[3 * i + 1], want.y, 0.51);
    EXPECT_EQ(xyz[3 * i + 2], want.z);
  }
}

TEST_F(ImageRules, PointsBeyond16BitsAreSaturated) {
  const Calibration wide = small(anchor_unit(), DepthMode::wfov_unbinned, ColorResolution::off);
  Transformation transformation = Transformation::create(wide).value();
  const auto depth = image_of<std::uint16_t>(wide.depth.size, [](int, int) { return 65535; });
  std::vector<std::int16_t> xyz(3 * depth.size());
  ASSERT_TRUE(transformation.point_cloud(Sensor::depth, depth, xyz));
  EXPECT_EQ(std::ranges::max(xyz), 32767);
  EXPECT_EQ(std::ranges::min(xyz), -32768);
  EXPECT_EQ(xyz[2], 0) << "the corner has no ray";
  EXPECT_EQ(xyz[3 * (depth.size() / 2) + 2], -1) << "the bits of 65535";
}

TEST_F(ImageRules, ImagesOfOtherSizesAreRefusedAndTheOutputsLeftAlone) {
  const auto depth = anchor_depth(from_);
  const auto color = anchor_color(to_);
  std::vector<std::uint16_t> out = blank_;
  std::vector<std::uint32_t> colors(depth.size(), 5);
  std::vector<std::int16_t> xyz(3 * depth.size(), 5);
  std::vector<std::uint8_t> custom(depth.size(), 5), out_custom(out.size(), 5);
  const std::span short_depth(depth.data(), depth.size() - 1);
  const auto refused = [](const Status& status, const char* part) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code(), Errc::invalid);
    EXPECT_THAT(status.error().message(), HasSubstr(part));
  };
  refused(transformation_.depth_to_color(short_depth, out), "depth image has");
  refused(transformation_.depth_to_color(depth, std::span(out).first(9)), "colour image has 9 values");
  refused(transformation_.depth_to_color<std::uint8_t>(depth, out, {custom, std::span(out_custom).first(3)}),
          "transformed custom image has 3");
  refused(transformation_.depth_to_color<std::uint8_t>(depth, out, {std::span(custom).first(4), out_custom}),
          "custom image has 4");
  refused(transformation_.color_to_depth(depth, std::span(color).first(2), colors), "colour image has 2");
  refused(transformation_.color_to_depth(depth, color, std::span(colors).first(2)),
          "transformed colour image has 2");
  refused(transformation_.point_cloud(Sensor::depth, depth, std::span(xyz).first(2)), "xyz image has 2");
  refused(transformation_.point_cloud(Sensor::color, depth, xyz), "depth image has");
  refused(transformation_.point_cloud(Sensor::gyro, depth, xyz), "depth or the colour camera");
  EXPECT_EQ(out, blank_);
  EXPECT_THAT(colors, Each(5U));
  EXPECT_THAT(xyz, Each(5));
  EXPECT_THAT(out_custom, Each(5));
}

TEST_F(ImageRules, OneCameraAloneHasItsPointCloudOnly) {
  Transformation depth_only =
      Transformation::create(small(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::off)).value();
  const auto depth = anchor_depth(from_);
  std::vector<std::int16_t> xyz(3 * depth.size());
  std::vector<std::uint16_t> out = blank_;
  EXPECT_TRUE(depth_only.point_cloud(Sensor::depth, depth, xyz));
  EXPECT_FALSE(depth_only.point_cloud(Sensor::color, depth, xyz));
  EXPECT_FALSE(depth_only.depth_to_color(depth, out));
  EXPECT_EQ(depth_only.size(Sensor::color), Size{});
  Transformation color_only =
      Transformation::create(small(anchor_unit(), DepthMode::off, ColorResolution::r720p)).value();
  std::vector<std::uint16_t> color_depth(static_cast<std::size_t>(color_only.size(Sensor::color).width) *
                                         static_cast<std::size_t>(color_only.size(Sensor::color).height));
  xyz.resize(3 * color_depth.size());
  EXPECT_TRUE(color_only.point_cloud(Sensor::color, color_depth, xyz));
  EXPECT_FALSE(color_only.point_cloud(Sensor::depth, depth, xyz));
}

TEST_F(ImageRules, CalibrationsThatCannotTransformAreRefused) {
  Calibration calibration = calibration_;
  calibration.color.intrinsics.model = LensModel::theta;
  EXPECT_FALSE(Transformation::create(calibration));
  calibration.color_resolution = ColorResolution::off;
  EXPECT_TRUE(Transformation::create(calibration)) << "nobody looks at a camera that is off";
  calibration.depth.size = {0, 576};
  EXPECT_FALSE(Transformation::create(calibration));
  calibration.depth_mode = DepthMode::off;
  EXPECT_FALSE(Transformation::create(calibration));
}

}  // namespace
}  // namespace genlock::geometry
