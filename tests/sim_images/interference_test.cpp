#include <gtest/gtest.h>

#include <cmath>

#include "device/sim/images/interference.h"
#include "device/sim/images/pulse_code.h"
#include "geometry/lens.h"
#include "scenes.h"

// Laser light of other units (facts device.md 2.7): spoils depth where it falls, and nowhere else.

namespace genlock::device::sim {
namespace {

using testing::depth_options;
using testing::Picture16;
using testing::same;
using testing::wall_options;

constexpr Size kDepthSize{640, 576};
constexpr std::size_t kOther = 4;

LaserOverlap narrow(float share) {
  return {.unit = kOther, .mode = DepthMode::nfov_unbinned, .share = share};
}

/// The default room, and another unit beside this one.
SceneImagesOptions beside(DepthMode mode = DepthMode::nfov_unbinned) {
  SceneImagesOptions options = depth_options(mode);
  options.neighbours = {{.unit = kOther, .pose = look_at({0.9, 0, 0.2}, {0, 0, 1.8})}};
  return options;
}

struct Damage {
  int touched = 0;   ///< pixels whose depth differs
  int lost = 0;      ///< of them, without value
  double error = 0;  ///< mean of the others, mm
};

Damage damage(const Picture16& before, const Picture16& after) {
  Damage result;
  double sum = 0;
  for (std::size_t i = 0; i < before.pixels.size(); ++i) {
    if (before.pixels[i] == after.pixels[i]) continue;
    ++result.touched;
    if (after.pixels[i] == 0)
      ++result.lost;
    else
      sum += std::abs(double(after.pixels[i]) - double(before.pixels[i]));
  }
  result.error = sum / std::max(1, result.touched - result.lost);
  return result;
}

Damage damage_by(ImageSource& images, const std::vector<LaserOverlap>& others) {
  const Picture16 before(images.depth({.pulse = 2})->depth, kDepthSize);
  return damage(before, Picture16(images.depth({.pulse = 2, .others = others})->depth, kDepthSize));
}

TEST(Interference, WithoutOverlapNotAByteChanges) {
  SceneImagesOptions options = beside();
  const auto with = make_scene_images(options).value();
  options.neighbours.clear();
  const auto without = make_scene_images(options).value();
  const DepthIr expected = without->depth({.pulse = 5}).value();
  for (const auto& others : {std::vector<LaserOverlap>{},
                             {narrow(0)},
                             {{.unit = 9, .share = 1}},
                             {{.unit = kOther, .mode = DepthMode::passive_ir, .share = 1}}}) {
    const DepthIr got = with->depth({.pulse = 5, .others = others}).value();
    EXPECT_TRUE(same(got.depth, expected.depth));
    EXPECT_TRUE(same(got.ir, expected.ir));
  }
}

TEST(Interference, SpoilsDepthInProportionToTheShare) {
  const auto images = make_scene_images(beside()).value();
  const Damage full = damage_by(*images, {narrow(1)});
  EXPECT_GT(full.touched, 100'000);
  EXPECT_GT(full.error, 30) << "centimetres to decimetres";
  EXPECT_LT(full.error, 400);
  EXPECT_GT(full.lost, full.touched / 50);
  const Damage half = damage_by(*images, {narrow(0.5F)}), little = damage_by(*images, {narrow(0.05F)});
  EXPECT_LT(half.error, 0.9 * full.error);
  EXPECT_LT(little.error, 0.25 * full.error);
  EXPECT_GT(little.error, 1);
  EXPECT_LT(little.lost, half.lost);
  EXPECT_LT(half.lost, full.lost);
}

TEST(Interference, TheNearerLaserSpoilsMore) {
  const auto error_from = [](double distance_m) {
    SceneImagesOptions options = wall_options(DepthMode::nfov_unbinned, 2.0);
    options.neighbours = {{.unit = kOther, .pose = options.pose}};
    options.neighbours[0].pose.position_m[2] = options.scene.room_to_m[2] - distance_m;
    const auto images = make_scene_images(options).value();
    return damage_by(*images, {narrow(0.2F)}).error;
  };
  const double near = error_from(1.4), same_distance = error_from(2.0), far = error_from(4.0);
  EXPECT_GT(near, 1.2 * same_distance);
  EXPECT_NEAR(far / same_distance, 0.25 * 1.2 / 1.05, 0.08) << "inverse square";
}

/// A room with the board between the other unit and a part of the wall.
struct Shadow {
  Shadow() : options(wall_options(DepthMode::nfov_unbinned, 2.5)) {
    const double wall = options.scene.room_to_m[2];
    options.noise = 0;
    options.pose.position_m[0] = -0.5;
    options.scene.board = {.pose = {.position_m = {0.6, 0, wall - 1.2}},
                           .columns = 8,
                           .rows = 8,
                           .square_m = 0.08,
                           .margin_m = 0};
    options.neighbours = {{.unit = kOther, .pose = {.position_m = {0.6, 0, wall - 2.4}}}};
  }
  SceneImagesOptions options;
};

TEST(Interference, WhatTheOtherLaserDoesNotReachStaysAsItIs) {
  const Shadow room;
  const SceneImagesOptions& options = room.options;
  const auto images = make_scene_images(options).value();
  const Picture16 before(images->depth({.pulse = 0})->depth, kDepthSize);
  const Picture16 after(images->depth({.pulse = 0, .others = {narrow(1)}})->depth, kDepthSize);
  const auto raw = geometry::parse_calibration(options.raw_calibration.bytes()).value();
  const auto camera =
      geometry::calibration_for(raw, DepthMode::nfov_unbinned, ColorResolution::off).value().depth;
  const auto mm = [&](int axis) { return 1000 * options.pose.position_m[static_cast<std::size_t>(axis)]; };
  int lit = 0, dark = 0, missed = 0;
  for (int y = 120; y < 460; y += 2)
    for (int x = 30; x < 610; x += 2) {
      const double z = before.at(x, y);
      const auto ray = geometry::unproject(camera, {double(x), double(y)});
      if (z < 2400 || !ray) continue;  // the wall alone
      // The board of 64 cm at half the way shades 128 cm of the wall; the cone is 2.4 m tan 37.5, tan 32.5.
      const double u = std::abs(ray->x * z + mm(0) - 600), v = std::abs(ray->y * z + mm(1));
      const bool shaded = u < 600 && v < 600;
      const bool outside = u > 1880 || v > 1560;
      const bool reached = (u > 680 || v > 680) && u < 1800 && v < 1490;
      const bool same = before.at(x, y) == after.at(x, y);
      lit += reached, dark += shaded || outside;
      missed += reached && same;
      ASSERT_TRUE(same || !(shaded || outside)) << x << "," << y;
    }
  EXPECT_GT(lit, 2000);
  EXPECT_GT(dark, 2000);
  EXPECT_LT(missed, lit / 50) << "a pull of less than half a millimetre";
}

TEST(Interference, AWideLaserReachesWhereANarrowOneDoesNot) {
  SceneImagesOptions options = wall_options(DepthMode::wfov_2x2binned, 1.5);
  options.neighbours = {{.unit = kOther, .pose = options.pose}};
  const auto images = make_scene_images(options).value();
  const Size size{512, 512};
  const Picture16 before(images->depth({.pulse = 0})->depth, size);
  const auto touched = [&](DepthMode mode) {
    const LaserOverlap other{.unit = kOther, .mode = mode, .share = 1};
    return damage(before, Picture16(images->depth({.pulse = 0, .others = {other}})->depth, size)).touched;
  };
  EXPECT_GT(touched(DepthMode::wfov_2x2binned), 1.8 * touched(DepthMode::nfov_2x2binned));
}

TEST(Interference, IrShowsTheLightInProportion) {
  SceneImagesOptions options = wall_options(DepthMode::nfov_unbinned, 2.0);
  options.noise = 0;
  options.neighbours = {{.unit = kOther, .pose = options.pose}};
  const auto images = make_scene_images(options).value();
  const auto at_centre = [&](float share) {
    return double(
        Picture16(images->depth({.pulse = 0, .others = {narrow(share)}})->ir, kDepthSize).at(320, 288));
  };
  const double own = at_centre(0);
  EXPECT_NEAR(at_centre(1) / own, 2, 0.06) << "from the same place it is as bright as the own";
  EXPECT_NEAR(at_centre(0.25F) / own, 1.25, 0.02);
}

TEST(Interference, PassiveIrSeesOtherLasersAsBrightness) {
  const auto images = make_scene_images(beside(DepthMode::passive_ir)).value();
  const Size size = image_size(DepthMode::passive_ir);
  const auto mean = [&](float share) {
    const Picture16 ir(images->depth({.pulse = 0, .others = {narrow(share)}})->ir, size);
    double sum = 0;
    for (const std::uint16_t value : ir.pixels) sum += value;
    return sum / static_cast<double>(ir.pixels.size());
  };
  const double dark = mean(0), half = mean(0.5F), full = mean(1);
  EXPECT_GT(full, 1.5 * dark);
  EXPECT_NEAR((full - dark) / (half - dark), 2, 0.05);
}

TEST(Interference, DependsOnTheMomentAlone) {
  const auto one = make_scene_images(beside()).value(), other = make_scene_images(beside()).value();
  const DepthMoment moment{.pulse = 37, .others = {narrow(0.7F)}};
  const DepthIr first = one->depth(moment).value();
  for (std::uint64_t pulse : {36, 5, 37}) (void)other->depth({.pulse = pulse, .others = {narrow(1)}});
  const DepthIr again = other->depth(moment).value();
  EXPECT_TRUE(same(first.depth, again.depth));
  EXPECT_TRUE(same(first.ir, again.ir));
  EXPECT_FALSE(same(first.depth, one->depth({.pulse = 37 + 2, .others = moment.others})->depth))
      << "the same frame of the loop at another pulse has another pattern";
}

TEST(Interference, TheCodeOfThePulseStaysReadable) {
  const auto images = make_scene_images(beside()).value();
  const DepthIr frame = images->depth({.pulse = 4711, .distance_error_mm = 9, .others = {narrow(1)}}).value();
  EXPECT_EQ(read_pulse_code(PixelFormat::depth16, kDepthSize, frame.depth.bytes()), 4711U);
  EXPECT_EQ(read_pulse_code(PixelFormat::ir16, kDepthSize, frame.ir.bytes()), 4711U);
}

TEST(Interference, AHundredNeighboursKeepWithinTheirMemory) {
  const auto raw = geometry::parse_calibration(testing::real_blob().bytes()).value();
  const auto camera =
      geometry::calibration_for(raw, DepthMode::nfov_2x2binned, ColorResolution::off).value().depth;
  const World world(SceneOptions{}, 4);
  View view(camera, {}, 2);
  view.look_at_standing(world);
  std::vector<Neighbour> neighbours;
  for (std::size_t i = 0; i < 99; ++i)
    neighbours.push_back({i, look_at({-1.5 + 0.03 * static_cast<double>(i), -0.2, 0.1}, {0, 0, 1.8})});
  constexpr std::size_t kMost = 1'000'000;  // ten maps of 320x288
  LaserLight bounded(world, view, neighbours, kMost), roomy(world, view, neighbours);
  for (const int frame : {0, 3})
    for (std::size_t i = 0; i < 99; i += 4) {
      const auto got = bounded.map(i, false, frame), expected = roomy.map(i, false, frame);
      ASSERT_TRUE(got && expected);
      EXPECT_TRUE(std::ranges::equal(got->standing, expected->standing)) << i;
      EXPECT_TRUE(std::ranges::equal(got->patch, expected->patch)) << i;
      EXPECT_LE(bounded.bytes(), kMost);
    }
  EXPECT_GT(roomy.bytes(), 2 * kMost);
}

}  // namespace
}  // namespace genlock::device::sim
