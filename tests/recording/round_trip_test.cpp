// What is written comes back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::Playback;
using test::TakeContent;

void expect_same(const Playback& file, const TakeContent& content) {
  ASSERT_EQ(file.captures.size(), content.captures.size());
  for (std::size_t i = 0; i < content.captures.size(); ++i)
    EXPECT_TRUE(test::same_capture(file.captures[i], content.captures[i])) << "capture " << i;
  ASSERT_EQ(file.imu.size(), content.imu.size());
  for (std::size_t i = 0; i < content.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(file.imu[i], content.imu[i])) << "sample " << i;
}

Playback record_and_play(const RecordingInfo& info, const TakeContent& content) {
  const Result<std::vector<std::byte>> file = test::record(info, content);
  EXPECT_TRUE(file) << file.error().message();
  Result<Playback> played = test::play(*file);
  EXPECT_TRUE(played) << played.error().message();
  return *std::move(played);
}

struct Mode {
  PixelFormat format;
  ColorResolution resolution;
  DepthMode depth;
  FrameRate rate;
  bool imu;
};

class EveryMode : public testing::TestWithParam<Mode> {};

TEST_P(EveryMode, ComesBackAsItWasGiven) {
  CameraConfig config;
  config.color_format = GetParam().format;
  config.color_resolution = GetParam().resolution;
  config.depth_mode = GetParam().depth;
  config.rate = GetParam().rate;
  const TakeContent content = test::synthetic_take(config, GetParam().imu, 4);
  const RecordingInfo info = test::synthetic_info(config, GetParam().imu);
  const Playback file = record_and_play(info, content);
  expect_same(file, content);
  EXPECT_TRUE(file.survey.finalised);
  EXPECT_THAT(file.survey.problems, testing::IsEmpty());
  EXPECT_EQ(file.info.color_track, info.color_track);
  EXPECT_EQ(file.info.depth_track, info.depth_track);
  EXPECT_EQ(file.info.ir_track, info.ir_track);
  EXPECT_EQ(file.info.imu_track, info.imu_track);
  EXPECT_EQ(file.info.config.depth_mode, config.depth_mode);
  EXPECT_EQ(file.info.config.color_resolution, config.color_resolution);
  if (config.color_on() || config.depth_on()) {
    EXPECT_EQ(file.info.config.rate, config.rate);
  }
  if (config.color_on()) {
    EXPECT_EQ(file.info.config.color_format, config.color_format);
  }
}

constexpr auto kNoColor = ColorResolution::off;
INSTANTIATE_TEST_SUITE_P(
    Recording, EveryMode,
    testing::Values(
        Mode{PixelFormat::mjpg, ColorResolution::r720p, DepthMode::nfov_unbinned, FrameRate::fps30, true},
        Mode{PixelFormat::mjpg, ColorResolution::r3072p, DepthMode::wfov_unbinned, FrameRate::fps15, true},
        Mode{PixelFormat::mjpg, ColorResolution::r2160p, DepthMode::wfov_2x2binned, FrameRate::fps5, false},
        Mode{PixelFormat::mjpg, ColorResolution::r1440p, DepthMode::passive_ir, FrameRate::fps30, true},
        Mode{PixelFormat::mjpg, ColorResolution::r1536p, DepthMode::off, FrameRate::fps30, false},
        Mode{PixelFormat::mjpg, ColorResolution::r1080p, DepthMode::nfov_2x2binned, FrameRate::fps30, true},
        Mode{PixelFormat::nv12, ColorResolution::r720p, DepthMode::nfov_2x2binned, FrameRate::fps30, true},
        Mode{PixelFormat::yuy2, ColorResolution::r720p, DepthMode::nfov_2x2binned, FrameRate::fps30, true},
        Mode{PixelFormat::bgra32, ColorResolution::r720p, DepthMode::off, FrameRate::fps15, true},
        Mode{PixelFormat::mjpg, kNoColor, DepthMode::nfov_unbinned, FrameRate::fps5, false},
        Mode{PixelFormat::mjpg, kNoColor, DepthMode::passive_ir, FrameRate::fps15, false},
        Mode{PixelFormat::mjpg, kNoColor, DepthMode::off, FrameRate::fps30, true}));

}  // namespace
}  // namespace genlock::recording
