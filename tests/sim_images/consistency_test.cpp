#include <gtest/gtest.h>

#include "device/sim/images/jpeg.h"
#include "geometry/lens.h"
#include "geometry/points.h"
#include "scenes.h"

// One world, seen by three real units from three places: whatever a unit's calibration says about the board's
// corners is where its pictures show them.

namespace genlock::device::sim {
namespace {

using geometry::Calibration;
using geometry::Point2;
using geometry::Point3;
using geometry::Sensor;

struct Unit {
  const char* blob;
  Pose pose;
};

const Unit kUnits[] = {
    {"k4a.net.raw_calibration.bin", {}},
    {"ms-sdk.TestCalibration.json", look_at({-0.9, 0.05, 0.15}, {0, 0.05, 1.8})},
    {"ms-sdk.g_test_json.json",
     {.position_m = {0.8, -0.2, 0.2}, .yaw_deg = -27, .pitch_deg = -4, .roll_deg = 5}},
};

constexpr Size k720p{1280, 720};
constexpr Size kNfov{640, 576};

SceneImagesOptions options_of(const Unit& unit, PixelFormat format) {
  SceneImagesOptions options{.raw_calibration = testing::real_blob(unit.blob), .pose = unit.pose, .noise = 0};
  options.config.depth_mode = DepthMode::nfov_unbinned;
  options.config.color_resolution = ColorResolution::r720p;
  options.config.color_format = format;
  return options;
}

Calibration calibration_of(const SceneImagesOptions& options) {
  const auto raw = geometry::parse_calibration(options.raw_calibration.bytes()).value();
  return geometry::calibration_for(raw, options.config.depth_mode, options.config.color_resolution).value();
}

/// Where a unit's camera sees a point of the board; outside the image counts as a failure.
struct Seen {
  Point2 pixel;
  double depth_mm;
};

Seen seen(const SceneImagesOptions& options, const Calibration& calibration, Sensor camera, double column,
          double row) {
  const Point3 world = board_point(options.scene.board, column, row);
  const Point3 own = apply(inverse(world_from_depth(options.pose)), world);
  const Point3 in_camera = geometry::point_3d_to_3d(calibration, own, Sensor::depth, camera).value();
  const auto pixel = geometry::project(calibration.camera(camera), in_camera);
  EXPECT_TRUE(pixel) << "the board is beyond the lens";
  return {pixel.value_or(Point2{}), in_camera.z};
}

/// Calls check(dark) for four points about 1.6 pixels from every inner corner; a picture shifted by a pixel
/// shows at least one of them in the wrong colour.
template <class Check>
void for_each_corner(const SceneImagesOptions& options, const Calibration& calibration, Sensor camera,
                     Check&& check) {
  const BoardOptions& board = options.scene.board;
  for (int column = 1; column < board.columns; ++column)
    for (int row = 1; row < board.rows; ++row)
      for (const auto& [u, v] : {std::pair{-1, -1}, {1, -1}, {-1, 1}, {1, 1}}) {
        const Seen corner = seen(options, calibration, camera, column, row);
        const double step =
            1.6 * corner.depth_mm / calibration.camera(camera).intrinsics.fx / (board.square_m * 1000);
        const Seen near = seen(options, calibration, camera, column + u * step, row + v * step);
        check(near, (column + row + (u > 0 ? 0 : -1) + (v > 0 ? 0 : -1)) % 2 == 0);
      }
}

int rounded(double value) {
  return static_cast<int>(std::lround(value));
}

TEST(Consistency, BoardCornersAreWhereTheColorCameraShouldSeeThem) {
  for (const Unit& unit : kUnits) {
    const auto options = options_of(unit, PixelFormat::nv12);
    const Buffer frame = make_scene_images(options).value()->color({.pulse = 0}).value();
    for_each_corner(options, calibration_of(options), Sensor::color, [&](const Seen& place, bool dark) {
      const int x = rounded(place.pixel.x), y = rounded(place.pixel.y);
      ASSERT_TRUE(x >= 0 && x < k720p.width && y >= 0 && y < k720p.height);
      const auto luma = std::to_integer<int>(frame.data()[static_cast<std::size_t>(y * k720p.width + x)]);
      EXPECT_EQ(luma < 70, dark) << unit.blob << " luma " << luma << " at " << x << "," << y;
    });
  }
}

TEST(Consistency, JpegFramesShowThemAtTheSamePixels) {
  const auto options = options_of(kUnits[1], PixelFormat::mjpg);
  const Buffer frame = make_scene_images(options).value()->color({.pulse = 0}).value();
  const Luma luma = decode_jpeg_luma(frame.bytes(), k720p.height).value();
  for_each_corner(options, calibration_of(options), Sensor::color, [&](const Seen& place, bool dark) {
    const int x = rounded(place.pixel.x), y = rounded(place.pixel.y);
    EXPECT_EQ(luma.pixels[static_cast<std::size_t>(y * k720p.width + x)] < 70, dark) << x << "," << y;
  });
}

TEST(Consistency, BoardCornersAreWhereTheDepthCameraShouldSeeThem) {
  for (const Unit& unit : kUnits) {
    const auto options = options_of(unit, PixelFormat::nv12);
    const DepthIr frame = make_scene_images(options).value()->depth({.pulse = 0}).value();
    for_each_corner(options, calibration_of(options), Sensor::depth, [&](const Seen& place, bool dark) {
      const int x = rounded(place.pixel.x), y = rounded(place.pixel.y);
      ASSERT_TRUE(x >= 0 && x < kNfov.width && y >= 0 && y < kNfov.height);
      EXPECT_EQ(testing::pixel16(frame.ir, kNfov.width, x, y) < 100, dark)
          << unit.blob << " at " << x << "," << y;
      EXPECT_NEAR(testing::pixel16(frame.depth, kNfov.width, x, y), place.depth_mm, 2.5) << unit.blob;
    });
  }
}

TEST(Consistency, EveryUnitSeesTheBallAtTheSamePlaceOfItsPath) {
  for (const Unit& unit : kUnits) {
    const auto options = options_of(unit, PixelFormat::nv12);
    const auto images = make_scene_images(options).value();
    const Calibration calibration = calibration_of(options);
    const auto& ball = options.scene.ball;
    const auto& c = ball.centre_m;
    // A quarter of the loop after its start on the right the ball is at the bottom of its circle.
    const Point3 centre{c[0] * 1000, (c[1] + ball.path_radius_m) * 1000, c[2] * 1000};
    const Point3 own = apply(inverse(world_from_depth(options.pose)), centre);
    const Point3 nearest = own * ((norm(own) - ball.radius_m * 1000) / norm(own));
    const auto pixel = geometry::project(calibration.depth, nearest);
    ASSERT_TRUE(pixel);
    const int x = rounded(pixel->x), y = rounded(pixel->y);
    if (x < 0 || x >= kNfov.width || y < 0 || y >= kNfov.height) continue;
    const DepthIr frame =
        images->depth({.pulse = static_cast<std::uint64_t>(options.loop_frames / 4)}).value();
    const int depth = testing::pixel16(frame.depth, kNfov.width, x, y);
    if (depth != 0) {
      EXPECT_NEAR(depth, nearest.z, 3) << unit.blob;
    }
  }
}

}  // namespace
}  // namespace genlock::device::sim
