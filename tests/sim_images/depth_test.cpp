#include <gtest/gtest.h>

#include <cmath>

#include "device/sim/images/pulse_code.h"
#include "scenes.h"

namespace genlock::device::sim {
namespace {

using testing::depth_options;
using testing::pixel16;
using testing::wall_options;

struct Statistics {
  double mean = 0;
  double deviation = 0;
  int zeros = 0;
};

/// Of the middle third of the image.
Statistics statistics(const Buffer& depth, Size size) {
  double sum = 0, squares = 0;
  int count = 0, zeros = 0;
  for (int y = size.height / 3; y < 2 * size.height / 3; ++y)
    for (int x = size.width / 3; x < 2 * size.width / 3; ++x) {
      const double value = pixel16(depth, size.width, x, y);
      zeros += value == 0;
      if (value == 0) continue;
      ++count, sum += value, squares += value * value;
    }
  const double mean = sum / count;
  return {mean, std::sqrt(squares / count - mean * mean), zeros};
}

TEST(Depth, AWallIsAtItsDistanceWithTheNoiseOfItsMode) {
  struct Row {
    DepthMode mode;
    double distance_m, sigma_mm;  ///< facts device.md 1.6: 1 mm + 1 mm (z/m)², times 0.6 binned
  };
  const Row rows[] = {{DepthMode::nfov_unbinned, 2.0, 5.0},   {DepthMode::nfov_unbinned, 1.0, 2.0},
                      {DepthMode::nfov_2x2binned, 2.0, 3.0},  {DepthMode::nfov_2x2binned, 4.0, 10.2},
                      {DepthMode::wfov_2x2binned, 1.5, 1.95}, {DepthMode::wfov_unbinned, 2.0, 5.0}};
  for (const Row& row : rows) {
    const auto images = make_scene_images(wall_options(row.mode, row.distance_m)).value();
    const Statistics got = statistics(images->depth({.pulse = 1})->depth, image_size(row.mode));
    EXPECT_NEAR(got.mean, row.distance_m * 1000, 1) << to_string(row.mode);
    EXPECT_NEAR(got.deviation, row.sigma_mm, 0.1 * row.sigma_mm) << to_string(row.mode);
    EXPECT_EQ(got.zeros, 0) << to_string(row.mode);
  }
}

TEST(Depth, WhatIsOutOfTheModesRangeHasNoValue) {
  const auto far = make_scene_images(wall_options(DepthMode::wfov_unbinned, 2.4)).value();
  const Size size = image_size(DepthMode::wfov_unbinned);
  EXPECT_EQ(pixel16(far->depth({.pulse = 0})->depth, size.width, 512, 512), 0);
  EXPECT_GT(pixel16(far->depth({.pulse = 0})->ir, size.width, 512, 512), 0)
      << "the IR image has no such limit";
  const auto near = make_scene_images(wall_options(DepthMode::nfov_unbinned, 0.45)).value();
  EXPECT_EQ(pixel16(near->depth({.pulse = 0})->depth, 640, 320, 288), 0);
  const auto wide = make_scene_images(wall_options(DepthMode::wfov_2x2binned, 0.45)).value();
  EXPECT_NEAR(pixel16(wide->depth({.pulse = 0})->depth, 512, 256, 256), 450, 6);
}

TEST(Depth, TheNarrowMaskIsTheHexagonOfARealUnit) {
  struct Row {
    int y, first, last;  ///< facts device.md 1.1
  };
  const Row rows[] = {{0, 152, 513},  {96, 98, 566},  {192, 45, 620}, {300, 0, 639},
                      {384, 31, 634}, {480, 88, 576}, {575, 145, 519}};
  const auto images = make_scene_images(depth_options(DepthMode::nfov_unbinned)).value();
  const DepthIr frame = images->depth({.pulse = 0}).value();
  for (const Row& row : rows) {
    int first = 640, last = -1;
    for (int x = 0; x < 640; ++x)
      if (pixel16(frame.ir, 640, x, row.y) != 0) first = std::min(first, x), last = x;
    EXPECT_NEAR(first, row.first, 4) << row.y;
    EXPECT_NEAR(last, row.last, 4) << row.y;
  }
}

double share_of_non_zero(const Buffer& image, Size size) {
  int count = 0;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) count += pixel16(image, size.width, x, y) != 0;
  return static_cast<double>(count) / (size.width * size.height);
}

TEST(Depth, MasksCoverWhatRealOnesDoAndOutsideThereIsNothing) {
  for (DepthMode mode : testing::kDepthModes) {
    const Size size = image_size(mode);
    const auto images = make_scene_images(depth_options(mode)).value();
    const DepthIr frame = images->depth({.pulse = 0}).value();
    const bool narrow = mode == DepthMode::nfov_unbinned || mode == DepthMode::nfov_2x2binned;
    EXPECT_NEAR(share_of_non_zero(frame.ir, size), narrow ? 0.824 : 0.80, narrow ? 0.005 : 0.03)
        << to_string(mode);
    for (const auto& [x, y] :
         {std::pair{0, 0}, {size.width - 1, 0}, {0, size.height - 1}, {size.width - 1, size.height - 1}}) {
      EXPECT_EQ(pixel16(frame.ir, size.width, x, y), 0);
      if (has_depth_image(mode)) {
        EXPECT_EQ(pixel16(frame.depth, size.width, x, y), 0);
      }
    }
  }
}

TEST(Depth, SomePixelsAtEdgesHaveNoValueButMostPixelsDo) {
  const auto images = make_scene_images(depth_options(DepthMode::nfov_unbinned)).value();
  const DepthIr frame = images->depth({.pulse = 0}).value();
  const double mask = share_of_non_zero(frame.ir, {640, 576});
  const double valid = share_of_non_zero(frame.depth, {640, 576});
  EXPECT_LT(valid, mask - 0.002);
  EXPECT_GT(valid, 0.9 * mask);
}

TEST(Depth, PassiveIrHasNoDepthImage) {
  const auto images = make_scene_images(depth_options(DepthMode::passive_ir)).value();
  const DepthIr frame = images->depth({.pulse = 0}).value();
  EXPECT_TRUE(frame.depth.empty());
  EXPECT_EQ(frame.ir.size(), 2u * 1024 * 1024);
}

TEST(Depth, TheBallMovesAndTheLoopCloses) {
  SceneImagesOptions options = depth_options(DepthMode::nfov_2x2binned);
  options.loop_frames = 4;
  options.noise = 0;
  const auto images = make_scene_images(options).value();
  const auto moved = [&](std::uint64_t a, std::uint64_t b) {
    const DepthIr first = images->depth({.pulse = a}).value();
    const DepthIr second = images->depth({.pulse = b}).value();
    const CodeArea code = depth_code_area({320, 288});
    int count = 0;
    for (int y = code.y + code.cell_height; y < 288; ++y)
      for (int x = 0; x < 320; ++x)
        count += std::abs(pixel16(first.depth, 320, x, y) - pixel16(second.depth, 320, x, y)) > 100;
    return count;
  };
  EXPECT_GT(moved(0, 2), 200);
  EXPECT_EQ(moved(1, 1 + 4 * 1000), 0);
}

}  // namespace
}  // namespace genlock::device::sim
