#include <gtest/gtest.h>

#include "device/sim/images/flat_images.h"
#include "device/sim/images/jpeg.h"
#include "scenes.h"

namespace genlock::device::sim {
namespace {

constexpr CameraConfig kBoth{.color_format = PixelFormat::mjpg,
                             .color_resolution = ColorResolution::r1080p,
                             .depth_mode = DepthMode::nfov_unbinned};

TEST(FlatImages, EveryCaptureSharesOnePicture) {
  const auto images = make_flat_images(kBoth).value();
  const Buffer color = images->color({.pulse = 1}).value();
  const DepthIr depth = images->depth({.pulse = 1}).value();
  EXPECT_EQ(images->color({.pulse = 99})->data(), color.data());
  EXPECT_EQ(images->depth({.pulse = 99})->depth.data(), depth.depth.data());
  EXPECT_EQ(images->depth({.pulse = 99})->ir.data(), depth.ir.data());
}

TEST(FlatImages, AreGreyAndOfTheirModesSizes) {
  const auto images = make_flat_images(kBoth).value();
  const Luma luma = decode_jpeg_luma(images->color({}).value().bytes(), 1080).value();
  EXPECT_EQ(luma.image, (Size{1920, 1080}));
  EXPECT_EQ(std::ranges::count(luma.pixels, 128), 1920 * 1080);
  const DepthIr depth = images->depth({}).value();
  ASSERT_EQ(depth.depth.size(), 737'280u);  // facts device.md 1.1
  ASSERT_EQ(depth.ir.size(), 737'280u);
  for (const auto& [x, y] : {std::pair{0, 0}, {639, 575}, {320, 288}}) {
    EXPECT_EQ(testing::pixel16(depth.depth, 640, x, y), kFlatDepthMm);
    EXPECT_EQ(testing::pixel16(depth.ir, 640, x, y), kFlatIr);
  }
  for (PixelFormat format : {PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32}) {
    CameraConfig raw = kBoth;
    raw.color_format = format;
    raw.color_resolution = ColorResolution::r720p;
    EXPECT_EQ(make_flat_images(raw).value()->color({})->size(), image_bytes(format, {1280, 720}));
  }
}

TEST(FlatImages, ThatAreDarkHaveNeitherLightNorDepth) {
  const auto images = make_flat_images(kBoth, FlatPicture::dark).value();
  const Luma luma = decode_jpeg_luma(images->color({}).value().bytes(), 1080).value();
  EXPECT_EQ(std::ranges::count(luma.pixels, 0), 1920 * 1080);
  const DepthIr depth = images->depth({}).value();
  ASSERT_EQ(depth.ir.size(), 737'280u);
  for (const Buffer& image : {depth.depth, depth.ir})
    EXPECT_EQ(std::ranges::count(image.bytes(), std::byte{}), 737'280);
}

TEST(FlatImages, ACameraThatIsOffHasNone) {
  CameraConfig off = kBoth;
  off.color_resolution = ColorResolution::off;
  EXPECT_EQ(make_flat_images(off).value()->color({}).error().code(), Errc::state);
  off = kBoth;
  off.depth_mode = DepthMode::off;
  EXPECT_EQ(make_flat_images(off).value()->depth({}).error().code(), Errc::state);
  off = kBoth;
  off.color_format = PixelFormat::depth16;
  EXPECT_EQ(make_flat_images(off).error().code(), Errc::invalid);
}

}  // namespace
}  // namespace genlock::device::sim
