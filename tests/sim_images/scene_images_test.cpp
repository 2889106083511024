#include <gtest/gtest.h>

#include <limits>

#include "device/sim/images/view.h"
#include "geometry/lens.h"
#include "scenes.h"

namespace genlock::device::sim {
namespace {

using testing::color_options;
using testing::depth_options;
using testing::same;

TEST(SceneImages, TheSameOptionsGiveTheSameBytes) {
  SceneImagesOptions options = color_options(PixelFormat::mjpg, ColorResolution::r720p);
  options.config.depth_mode = DepthMode::nfov_2x2binned;
  const auto one = make_scene_images(options).value();
  const auto other = make_scene_images(options).value();
  const Buffer first = one->color({.pulse = 7}).value();
  const DepthIr depth = one->depth({.pulse = 7}).value();
  for (std::uint64_t pulse : {4, 1, 7}) (void)other->color({.pulse = pulse});
  EXPECT_TRUE(same(first, other->color({.pulse = 7}).value())) << "whatever was asked for before";
  EXPECT_TRUE(same(first, one->color({.pulse = 7}).value()));
  EXPECT_TRUE(same(depth.depth, other->depth({.pulse = 7})->depth));
  EXPECT_TRUE(same(depth.ir, other->depth({.pulse = 7})->ir));
}

TEST(SceneImages, SeedsDifferInTheirNoiseAndInNothingElse) {
  for (double noise : {1.0, 0.0}) {
    SceneImagesOptions options = color_options(PixelFormat::nv12, ColorResolution::r720p);
    options.config.depth_mode = DepthMode::nfov_2x2binned;
    options.noise = noise;
    const auto one = make_scene_images(options).value();
    options.seed = 2;
    const auto other = make_scene_images(options).value();
    EXPECT_EQ(same(one->color({.pulse = 0}).value(), other->color({.pulse = 0}).value()), noise == 0);
    EXPECT_EQ(same(one->depth({.pulse = 0})->ir, other->depth({.pulse = 0})->ir), noise == 0);
  }
}

TEST(SceneImages, ImagesAlreadyHandedOutStayAsTheyAre) {
  const auto images = make_scene_images(depth_options(DepthMode::nfov_2x2binned)).value();
  const DepthIr kept = images->depth({.pulse = 0}).value();
  const Buffer copy = Buffer::copy_of(kept.depth.bytes());
  for (std::uint64_t pulse = 1; pulse < 20; ++pulse) (void)images->depth({.pulse = pulse});
  EXPECT_TRUE(same(kept.depth, copy));
}

TEST(SceneImages, DepthAndIrShareOneAllocation) {
  const auto images = make_scene_images(depth_options(DepthMode::nfov_2x2binned)).value();
  const DepthIr frame = images->depth({.pulse = 0}).value();
  EXPECT_EQ(frame.depth.data() + frame.depth.size(), frame.ir.data());
}

TEST(SceneImages, ACameraThatIsOffHasNoImages) {
  const auto depth_only = make_scene_images(depth_options(DepthMode::nfov_2x2binned)).value();
  ASSERT_FALSE(depth_only->color({.pulse = 0}));
  EXPECT_EQ(depth_only->color({.pulse = 0}).error().code(), Errc::state);
  const auto color_only = make_scene_images(color_options(PixelFormat::nv12, ColorResolution::r720p)).value();
  ASSERT_FALSE(color_only->depth({.pulse = 0}));
  EXPECT_EQ(color_only->depth({.pulse = 0}).error().code(), Errc::state);
}

TEST(SceneImages, OptionsThatCannotBeAreRefused) {
  const auto code_of = [](auto change) {
    SceneImagesOptions options = depth_options(DepthMode::nfov_2x2binned);
    change(options);
    const auto images = make_scene_images(options);
    return images ? std::optional<Errc>() : images.error().code();
  };
  EXPECT_EQ(code_of([](auto&) {}), std::nullopt);
  EXPECT_EQ(code_of([](auto& o) { o.loop_frames = 0; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.loop_frames = 257; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.noise = -1; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.mains_hz = 55; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.noise = std::numeric_limits<double>::quiet_NaN(); }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.pose.position_m[2] = 50; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.pose.yaw_deg = std::numeric_limits<double>::infinity(); }),
            Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.scene.board.columns = 0; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.scene.board.square_m = 1e-9; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.scene.room_to_m[0] = 1e9; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.scene.room_to_m[0] = o.scene.room_from_m[0]; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.scene.ball.radius_m = 0; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.config.depth_mode = DepthMode::off; }), Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) { o.raw_calibration = {}; }), Errc::corrupt);
  EXPECT_EQ(code_of([](auto& o) {
              o.config.color_resolution = ColorResolution::r720p;
              o.config.color_format = PixelFormat::depth16;
            }),
            Errc::invalid);
  EXPECT_EQ(code_of([](auto& o) {
              o.config.color_resolution = ColorResolution::r720p;
              o.pose.position_m[0] = o.scene.room_to_m[0] - 0.01;
            }),
            Errc::invalid)
      << "the colour camera is 3 cm to the right of the depth camera";
}

TEST(Poses, TurnsGoTheWayTheyAreNamed) {
  const auto ahead = [](const Pose& pose) { return rotate(world_from_depth(pose), {0, 0, 1}); };
  EXPECT_GT(ahead({.yaw_deg = 10}).x, 0.1) << "to the right";
  EXPECT_LT(ahead({.pitch_deg = 10}).y, -0.1) << "up is -y";
  EXPECT_GT(rotate(world_from_depth({.roll_deg = 10}), {1, 0, 0}).y, 0.1) << "the right side goes down";
  const Pose pose = look_at({1, -0.5, 0.2}, {-0.3, 0.4, 2});
  const auto target = apply(inverse(world_from_depth(pose)), {-300, 400, 2000});
  EXPECT_NEAR(target.x, 0, 1e-6);
  EXPECT_NEAR(target.y, 0, 1e-6);
  EXPECT_GT(target.z, 0);
}

TEST(Views, InterpolatedRaysAreWithinATwentiethOfAPixel) {
  for (const char* blob : {"k4a.net.raw_calibration.bin", "ms-sdk.TestCalibration.json"}) {
    const auto raw = geometry::parse_calibration(testing::real_blob(blob).bytes()).value();
    const auto calibration =
        geometry::calibration_for(raw, DepthMode::wfov_2x2binned, ColorResolution::r720p).value();
    for (const auto& [camera, shift] : {std::pair{calibration.depth, 2}, {calibration.color, 3}}) {
      const View view(camera, {}, shift);
      double worst = 0;
      for (int y = 1; y < camera.size.height; y += 5)
        for (int x = 2; x < camera.size.width; x += 7) {
          const View::Normalised n = view.normalised(x, y);
          const auto pixel = n.valid() ? geometry::project_normalised(camera, {n.x, n.y}) : std::nullopt;
          if (pixel) worst = std::max(worst, std::hypot(pixel->x - x, pixel->y - y));
        }
      EXPECT_LT(worst, 0.05) << blob;
    }
  }
}

}  // namespace
}  // namespace genlock::device::sim
