#include <gtest/gtest.h>

#include "device/sim/images/jpeg.h"
#include "device/sim/images/pulse_code.h"
#include "scenes.h"

// Pictures that came out wrong (facts device.md 2.5, 3).

namespace genlock::device::sim {
namespace {

using testing::color_options;
using testing::same;

constexpr Size kSize{1280, 720};

double mean_of(const Buffer& nv12, std::size_t from, std::size_t step) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = from; i < nv12.size(); i += step, ++count) sum += std::to_integer<int>(nv12.data()[i]);
  return sum / static_cast<double>(count);
}

class ColorDamages : public ::testing::TestWithParam<PixelFormat> {
 protected:
  Buffer frame(std::uint64_t pulse, ColorDamage damage) {
    return images_->color({.pulse = pulse, .damage = damage}).value();
  }
  std::unique_ptr<ImageSource> images_ =
      make_scene_images(color_options(GetParam(), ColorResolution::r720p)).value();
};

TEST_P(ColorDamages, LeaveOtherFramesAlone) {
  const Buffer good = frame(3, ColorDamage::none);
  for (const ColorDamage damage : {ColorDamage::pink, ColorDamage::black, ColorDamage::corrupt}) {
    EXPECT_FALSE(same(frame(3, damage), good));
    EXPECT_TRUE(same(frame(3, damage), frame(3, damage)));
    EXPECT_TRUE(same(frame(3, ColorDamage::none), good));
  }
}
INSTANTIATE_TEST_SUITE_P(Formats, ColorDamages,
                         ::testing::Values(PixelFormat::mjpg, PixelFormat::nv12, PixelFormat::yuy2,
                                           PixelFormat::bgra32),
                         [](const auto& instance) { return std::string(to_string(instance.param)); });

TEST(ColorDamage, PinkIsRedderThanGreen) {
  const auto images = make_scene_images(color_options(PixelFormat::nv12, ColorResolution::r720p)).value();
  const Buffer good = images->color({}).value();
  const Buffer pink = images->color({.damage = ColorDamage::pink}).value();
  constexpr std::size_t kChroma = std::size_t{1280} * 720;
  EXPECT_GT(mean_of(pink, kChroma + 1, 2), mean_of(good, kChroma + 1, 2) + 15);
  EXPECT_GT(mean_of(pink, kChroma, 2), mean_of(good, kChroma, 2) + 5);
}

TEST(ColorDamage, BlackIsAWholePictureWithoutLight) {
  const auto images = make_scene_images(color_options(PixelFormat::mjpg, ColorResolution::r720p)).value();
  const Buffer black = images->color({.damage = ColorDamage::black}).value();
  const auto luma = decode_jpeg_luma(black.bytes(), kSize.height);
  ASSERT_TRUE(luma) << luma.error().message();
  EXPECT_LT(std::ranges::max(luma->pixels), 10);
  EXPECT_EQ(read_pulse_code(PixelFormat::mjpg, kSize, black.bytes()), std::nullopt);
}

TEST(ColorDamage, CorruptJpegsAreShorterAndDecodersComplain) {
  const auto images = make_scene_images(color_options(PixelFormat::mjpg, ColorResolution::r720p)).value();
  for (std::uint64_t pulse = 0; pulse < 40; ++pulse) {
    const Buffer good = images->color({.pulse = pulse}).value();
    const Buffer bad = images->color({.pulse = pulse, .damage = ColorDamage::corrupt}).value();
    EXPECT_LT(bad.size(), good.size());
    EXPECT_GT(bad.size(), good.size() / 2);
    EXPECT_TRUE(std::ranges::equal(bad.bytes().first(600), good.bytes().first(600))) << "the header is whole";
    const auto luma = decode_jpeg_luma(bad.bytes(), kSize.height);
    ASSERT_FALSE(luma) << pulse;
    EXPECT_EQ(luma.error().code(), Errc::corrupt);
  }
}

TEST(ColorDamage, CorruptRawFramesKeepTheirSizeAndMissAStretch) {
  const auto images = make_scene_images(color_options(PixelFormat::yuy2, ColorResolution::r720p)).value();
  const Buffer good = images->color({.pulse = 5}).value();
  const Buffer bad = images->color({.pulse = 5, .damage = ColorDamage::corrupt}).value();
  ASSERT_EQ(bad.size(), good.size());
  std::size_t lost = 0, other = 0;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    if (bad.data()[i] == good.data()[i]) continue;
    (bad.data()[i] == std::byte{0} ? lost : other) += 1;
  }
  EXPECT_GE(lost, 900U);
  EXPECT_EQ(other, 0U);
}

}  // namespace
}  // namespace genlock::device::sim
