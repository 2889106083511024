#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "device/sim/images/color_tone.h"
#include "device/sim/images/pulse_code.h"
#include "scenes.h"

// What the colour camera's settings do to its pictures (facts device.md 1.2).

namespace genlock::device::sim {
namespace {

using testing::color_options;
using testing::same;

constexpr Size kColorSize{1280, 720};

/// An NV12 image as planes.
struct Nv12 {
  explicit Nv12(const Buffer& image) {
    for (const std::byte b : image.bytes()) bytes.push_back(std::to_integer<int>(b));
  }
  int luma(int x, int y) const { return bytes[static_cast<std::size_t>(y * kColorSize.width + x)]; }

  double mean_of_row(int y) const {
    const auto row = bytes.begin() + y * kColorSize.width;
    return std::accumulate(row, row + kColorSize.width, 0.0) / kColorSize.width;
  }
  double mean_luma() const {
    double sum = 0;
    for (int y = 0; y < kColorSize.height; ++y) sum += mean_of_row(y) / kColorSize.height;
    return sum;
  }
  /// Of blue (0) or red (1) minus grey.
  double mean_chroma(std::size_t plane) const {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = std::size_t{1280} * 720 + plane; i < bytes.size(); i += 2, ++count)
      sum += bytes[i] - 128;
    return sum / static_cast<double>(count);
  }
  double chroma_strength() const {
    double sum = 0;
    for (std::size_t i = std::size_t{1280} * 720; i < bytes.size(); ++i) sum += std::abs(bytes[i] - 128);
    return sum;
  }
  /// Root mean square of the step to the next pixel but one: contrast of small things.
  double detail() const {
    double sum = 0;
    for (int y = 100; y < 700; ++y)
      for (int x = 0; x + 2 < kColorSize.width; ++x) sum += std::pow(luma(x + 2, y) - luma(x, y), 2);
    return std::sqrt(sum / (600 * (kColorSize.width - 2)));
  }
  double deviation() const {
    const double mean = mean_luma();
    double sum = 0;
    for (int y = 0; y < kColorSize.height; ++y)
      for (int x = 0; x < kColorSize.width; ++x) sum += std::pow(luma(x, y) - mean, 2);
    return std::sqrt(sum / (kColorSize.width * kColorSize.height));
  }

  std::vector<int> bytes;
};

SceneImagesOptions still_options() {
  SceneImagesOptions options = color_options(PixelFormat::nv12, ColorResolution::r720p);
  options.noise = 0;
  return options;
}

class ColorLooks : public ::testing::Test {
 protected:
  Nv12 shown(const ColorLook& look, HostDuration centre = {}) {
    return Nv12(images_->color({.pulse = 0, .centre = centre, .look = look}).value());
  }
  std::unique_ptr<ImageSource> images_ = make_scene_images(still_options()).value();
};

ColorLook exposed(std::int64_t us, int gain = 0) {
  return {.exposure = device_us(us), .auto_exposure = false, .gain = gain};
}

TEST_F(ColorLooks, LongerExposureIsBrighter) {
  const double automatic = shown({}).mean_luma();
  EXPECT_NEAR(shown(exposed(16'670)).mean_luma(), automatic, 0.01);
  const double shorter = shown(exposed(8'330)).mean_luma();
  EXPECT_NEAR(shorter / automatic, std::pow(0.5, 1 / 2.2), 0.03) << "half the light at gamma 2.2";
  EXPECT_GT(shown(exposed(33'330)).mean_luma(), 1.2 * automatic);
  ColorLook chosen{.exposure = device_us(33'330)};
  EXPECT_NEAR(shown(chosen).mean_luma(), automatic, 3)
      << "what auto exposure chose is right; blur is all there is";
}

TEST_F(ColorLooks, GainIsBrighterAndNoisier) {
  EXPECT_GT(shown(exposed(8'330, 64)).mean_luma(), 1.3 * shown(exposed(8'330)).mean_luma());
  SceneImagesOptions options = still_options();
  options.noise = 1;
  const auto noisy = make_scene_images(options).value();
  const auto noise = [&](int gain) {
    const ColorLook look = exposed(2'500, gain);
    const Nv12 with(noisy->color({.pulse = 0, .look = look}).value()), without = shown(look);
    double sum = 0;
    for (int y = 300; y < 500; ++y)
      for (int x = 200; x < 1000; ++x) sum += std::pow(with.luma(x, y) - without.luma(x, y), 2);
    return std::sqrt(sum / (200 * 800));
  };
  EXPECT_NEAR(noise(0), 0.6, 0.15);
  EXPECT_NEAR(noise(255) / noise(0), 4, 0.8) << "16 times the gain of the same light";
}

TEST_F(ColorLooks, WhiteBalanceOffTheLampTints) {
  ColorLook look{.white_balance_k = kLampKelvin, .auto_white_balance = false};
  EXPECT_NEAR(shown(look).mean_chroma(1), shown({}).mean_chroma(1), 0.01);
  look.white_balance_k = 9000;
  const Nv12 warm = shown(look);
  look.white_balance_k = 2500;
  const Nv12 cold = shown(look);
  EXPECT_GT(warm.mean_chroma(1), cold.mean_chroma(1) + 15);
  EXPECT_LT(warm.mean_chroma(0), cold.mean_chroma(0) - 15);
  look.auto_white_balance = true;
  EXPECT_NEAR(shown(look).mean_chroma(1), shown({}).mean_chroma(1), 0.01) << "automatic is right";
}

TEST_F(ColorLooks, BrightnessShiftsAndContrastStretches) {
  const Nv12 normal = shown({});
  EXPECT_GT(shown({.brightness = 255}).mean_luma(), normal.mean_luma() + 40);
  EXPECT_LT(shown({.brightness = 0}).mean_luma(), normal.mean_luma() - 40);
  EXPECT_GT(shown({.contrast = 10}).deviation(), 1.3 * normal.deviation());
  EXPECT_LT(shown({.contrast = 0}).deviation(), 0.6 * normal.deviation());
}

TEST_F(ColorLooks, SaturationScalesColour) {
  const double normal = shown({}).chroma_strength();
  EXPECT_NEAR(shown({.saturation = 16}).chroma_strength() / normal, 0.5, 0.05);
  EXPECT_EQ(shown({.saturation = 0}).chroma_strength(), 0);
  EXPECT_GT(shown({.saturation = 63}).chroma_strength(), 1.7 * normal);
}

TEST_F(ColorLooks, SharpnessRaisesDetailAlone) {
  const Nv12 soft = shown({.sharpness = 0}), normal = shown({}), sharp = shown({.sharpness = 4});
  EXPECT_LT(soft.detail(), 0.97 * normal.detail());
  EXPECT_GT(sharp.detail(), 1.03 * normal.detail());
  EXPECT_NEAR(soft.mean_luma(), sharp.mean_luma(), 1);
}

TEST_F(ColorLooks, BacklightCompensationBrightens) {
  EXPECT_GT(shown({.backlight_compensation = true}).mean_luma(), 1.15 * shown({}).mean_luma());
}

TEST(MotionBlur, ALongExposureSmearsTheBallAlongItsWay) {
  SceneImagesOptions options = still_options();
  options.scene.furniture = false;
  options.loop_frames = 16;
  const auto images = make_scene_images(options).value();
  const auto frame = [&](std::int64_t us, std::uint64_t pulse) {
    return Nv12(images->color({.pulse = pulse, .look = {.exposure = device_us(us)}}).value());
  };
  // Pixels that differ from a frame in which the ball is on the other side of its circle.
  const auto touched = [&](std::int64_t us) {
    const Nv12 here = frame(us, 0), there = frame(us, 8);
    int count = 0;
    for (int y = 60; y < kColorSize.height; ++y)
      for (int x = kColorSize.width / 2; x < kColorSize.width; ++x)
        count += std::abs(here.luma(x, y) - there.luma(x, y)) > 2;
    return count;
  };
  EXPECT_GT(touched(33'330), 1.25 * touched(500));
}

TEST(Banding, FollowsMainsExposureAndTime) {
  constexpr HostDuration kMs = std::chrono::milliseconds(1);
  EXPECT_EQ(flicker_of(60, device_us(16'670), 5 * kMs).strength, 0) << "two of the lamp's periods";
  EXPECT_EQ(flicker_of(60, device_us(8'330), 5 * kMs).strength, 0);
  EXPECT_EQ(flicker_of(50, device_us(20'000), 5 * kMs).strength, 0);
  EXPECT_EQ(flicker_of(0, device_us(500), 5 * kMs).strength, 0);
  EXPECT_GT(flicker_of(60, device_us(500), 5 * kMs).strength, 0.5);
  EXPECT_GT(std::abs(flicker_of(60, device_us(20'000), 5 * kMs).strength), 0.05);
  EXPECT_GT(std::abs(flicker_of(50, device_us(16'670), 5 * kMs).strength), 0.05);
  const auto phase = [&](HostDuration centre) { return flicker_of(50, device_us(500), centre).phase; };
  EXPECT_EQ(phase(5 * kMs), 6) << "half of 10 ms";
  EXPECT_EQ(phase(105 * kMs), 6);
  EXPECT_EQ(phase(-5 * kMs), 6) << "before the bench's boot";
  EXPECT_EQ(phase(std::chrono::hours(100) + 5 * kMs), 6);
}

TEST_F(ColorLooks, BandsAreWhereTheRowsWereExposedInTheDark) {
  constexpr HostDuration kHalfPeriod = std::chrono::nanoseconds(4'166'667);
  const ColorLook look = exposed(500);
  const Nv12 one = shown(look), other = shown(look, kHalfPeriod);
  ColorLook steady = look;
  steady.exposure = kRightExposure;
  const Nv12 even = shown(steady);
  EXPECT_GT(one.mean_of_row(360) / other.mean_of_row(360), 1.5) << "bright and dark halves change places";
  // The lamp goes round 1.8 times during the readout of 15 ms: rows half a turn away are dark.
  const int half_turn = static_cast<int>(0.5 / 1.8 * kColorSize.height);
  const auto against_even = [&](const Nv12& picture, int y) {
    return picture.mean_of_row(y) / even.mean_of_row(y);
  };
  EXPECT_GT(against_even(one, 360) / against_even(one, 360 + half_turn), 1.4);
  EXPECT_GT(against_even(other, 360 + half_turn) / against_even(other, 360), 1.4);
}

TEST_F(ColorLooks, TheMomentAloneDecides) {
  const ColorLook looks[] = {exposed(500), {}, {.saturation = 0}, exposed(500)};
  std::vector<Buffer> first;
  for (const ColorLook& look : looks) first.push_back(images_->color({.pulse = 1, .look = look}).value());
  EXPECT_TRUE(same(first[0], first[3]));
  const auto fresh = make_scene_images(still_options()).value();
  for (std::size_t i = 4; i-- > 0;)
    EXPECT_TRUE(same(fresh->color({.pulse = 1, .look = looks[i]}).value(), first[i])) << i;
}

TEST(PulseCodes, AreReadableUnderEveryLook) {
  const ColorLook looks[] = {exposed(500),
                             exposed(133'330, 255),
                             {.brightness = 255, .contrast = 0},
                             {.saturation = 63},
                             {.sharpness = 4},
                             {.brightness = 0, .contrast = 10},
                             {.gain = 255},
                             {.backlight_compensation = true}};
  for (const PixelFormat format :
       {PixelFormat::mjpg, PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32}) {
    const auto images = make_scene_images(color_options(format, ColorResolution::r720p)).value();
    for (const ColorLook& look : looks)
      for (const ColorDamage damage : {ColorDamage::none, ColorDamage::pink}) {
        const Buffer frame = images->color({.pulse = 9001, .look = look, .damage = damage}).value();
        EXPECT_EQ(read_pulse_code(format, kColorSize, frame.bytes()), 9001U) << to_string(format);
      }
  }
}

}  // namespace
}  // namespace genlock::device::sim
