#include "cli/recorder_options.h"

#include <gmock/gmock.h>

#include "cli/exit_code.h"

namespace genlock::cli {
namespace {

using testing::HasSubstr;

ParsedRecorderOptions parse(std::vector<const char*> words) {
  words.insert(words.begin(), "k4arecorder");
  return parse_recorder_options(static_cast<int>(words.size()), words.data());
}

/// The message of a command line that must be refused.
std::string refusal(std::vector<const char*> words) {
  testing::internal::CaptureStderr();
  const auto parsed = parse(std::move(words));
  const std::string message = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(parsed.options.has_value());
  EXPECT_EQ(parsed.exit_code, kUsage);
  return message;
}

TEST(RecorderOptions, HaveTheStockDefaults) {
  const auto parsed = parse({"out.mkv"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->camera, (CameraConfig{.color_format = PixelFormat::mjpg,
                                                  .color_resolution = ColorResolution::r1080p,
                                                  .depth_mode = DepthMode::nfov_unbinned,
                                                  .rate = FrameRate::fps30}));
  EXPECT_TRUE(parsed.options->imu);
  EXPECT_EQ(parsed.options->device, 0u);
  EXPECT_FALSE(parsed.options->length);
  EXPECT_FALSE(parsed.options->exposure);
  EXPECT_EQ(parsed.options->file, "out.mkv");
}

TEST(RecorderOptions, BoundTheMemoryForASlowDisk) {
  EXPECT_EQ(parse({"o.mkv"}).options->buffer_mb, 0U) << "two seconds of the cameras";
  EXPECT_EQ(parse({"--buffer", "300", "o.mkv"}).options->buffer_mb, 300U);
  for (const char* wrong : {"0", "15", "65537", "lots"})
    EXPECT_EQ(parse({"--buffer", wrong, "o.mkv"}).exit_code, kUsage) << wrong;
}

TEST(RecorderOptions, SplitBySizesOfBothKindsAndBySeconds) {
  EXPECT_FALSE(parse({"o.mkv"}).options->split_bytes);
  EXPECT_FALSE(parse({"o.mkv"}).options->split_length);
  EXPECT_EQ(parse({"--split-size", "4G", "o.mkv"}).options->split_bytes, 4'000'000'000U);
  EXPECT_EQ(parse({"--split-size", "500m", "o.mkv"}).options->split_bytes, 500'000'000U);
  EXPECT_EQ(parse({"--split-size", "2Gi", "o.mkv"}).options->split_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(parse({"--split-size", "7000000", "o.mkv"}).options->split_bytes, 7'000'000U);
  EXPECT_EQ(parse({"--split-time", "600", "o.mkv"}).options->split_length, device_us(600'000'000));
  for (const char* wrong : {"0", "-4G", "10k", "4X", "much"})
    EXPECT_EQ(parse({"--split-size", wrong, "o.mkv"}).exit_code, kUsage) << wrong;
  for (const char* wrong : {"0", "-1", "1.5", "1m"})
    EXPECT_EQ(parse({"--split-time", wrong, "o.mkv"}).exit_code, kUsage) << wrong;
}

TEST(RecorderOptions, LeaveChecksumsOutOnlyWhenAsked) {
  EXPECT_TRUE(parse({"o.mkv"}).options->cluster_crc);
  EXPECT_FALSE(parse({"--no-crc", "o.mkv"}).options->cluster_crc);
}

TEST(RecorderOptions, TakeTheDocumentedCommandsVerbatim) {
  const auto sub = parse({"--external-sync", "subordinate", "-r", "5", "-l", "10", "sub1.mkv"});
  ASSERT_TRUE(sub.options);
  EXPECT_EQ(sub.options->camera.sync_mode, WiredSyncMode::subordinate);
  EXPECT_EQ(sub.options->camera.rate, FrameRate::fps5);
  EXPECT_EQ(sub.options->length, device_us(10'000'000));
  const auto one_host = parse({"--device", "1", "--external-sync", "subordinate", "--imu", "OFF", "-r", "5",
                               "-l", "5", "output-2.mkv"});
  ASSERT_TRUE(one_host.options);
  EXPECT_EQ(one_host.options->device, 1u);
  EXPECT_FALSE(one_host.options->imu);
}

TEST(RecorderOptions, ReadValuesInAnyCase) {
  const auto parsed =
      parse({"-d", "wfov_2x2Binned", "-c", "720P_nv12", "--external-sync", "SUB", "--imu", "off", "o.mkv"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->camera.depth_mode, DepthMode::wfov_2x2binned);
  EXPECT_EQ(parsed.options->camera.color_format, PixelFormat::nv12);
  EXPECT_EQ(parsed.options->camera.color_resolution, ColorResolution::r720p);
  EXPECT_EQ(parsed.options->camera.sync_mode, WiredSyncMode::subordinate);
}

TEST(RecorderOptions, GivenTwiceCountAsGivenLast) {
  const auto parsed = parse({"-c", "720p_NV12", "-c", "720p", "-r", "5", "-r", "15", "o.mkv"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->camera.color_format, PixelFormat::mjpg);
  EXPECT_EQ(parsed.options->camera.rate, FrameRate::fps15);
}

TEST(RecorderOptions, TakeTheOutputAfterReplayedRecordings) {
  const auto parsed = parse({"--replay", "a.mkv", "--replay", "b.mkv", "o.mkv"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->units.replay, (std::vector<std::filesystem::path>{"a.mkv", "b.mkv"}));
  EXPECT_EQ(parsed.options->file, "o.mkv");
}

TEST(RecorderOptions, LowerTheRateOfModesThatCapItOnlyWhenNotAsked) {
  for (auto mode : {std::pair("-d", "WFOV_UNBINNED"), std::pair("-c", "3072p")}) {
    const auto parsed = parse({mode.first, mode.second, "o.mkv"});
    ASSERT_TRUE(parsed.options);
    EXPECT_EQ(parsed.options->camera.rate, FrameRate::fps15);
    EXPECT_THAT(refusal({mode.first, mode.second, "-r", "30", "o.mkv"}), HasSubstr("at most 15"));
  }
}

TEST(RecorderOptions, ReadExposureAsPowerOfTwoOrMicroseconds) {
  EXPECT_EQ(parse({"-e", "-8", "o.mkv"}).options->exposure, device_us(3906));
  EXPECT_EQ(parse({"-e", "-11", "o.mkv"}).options->exposure, device_us(488));
  EXPECT_EQ(parse({"-e", "1", "o.mkv"}).options->exposure, device_us(2'000'000));
  EXPECT_EQ(parse({"-e", "8330", "o.mkv"}).options->exposure, device_us(8330));
  EXPECT_THAT(refusal({"-e", "-12", "o.mkv"}), HasSubstr("-12"));
  EXPECT_THAT(refusal({"-e", "200001", "o.mkv"}), HasSubstr("200001"));
}

TEST(RecorderOptions, NameTheOptionAndTheValueTheyRefuse) {
  struct Row {
    std::vector<const char*> words;
    const char* says;
  };
  for (const Row& row : {Row{{"-c", "480p", "o.mkv"}, "480p"},
                         Row{{"-c", "1080p_NV12", "o.mkv"}, "1080p_NV12"},
                         Row{{"-d", "NFOV", "o.mkv"}, "NFOV_2X2BINNED"},
                         Row{{"-r", "25", "o.mkv"}, "25"},
                         Row{{"-r", "5abc", "o.mkv"}, "5abc"},
                         Row{{"--imu", "maybe", "o.mkv"}, "maybe"},
                         Row{{"--external-sync", "slave", "o.mkv"}, "slave"},
                         Row{{"-g", "256", "o.mkv"}, "256"},
                         Row{{"-l", "-1", "o.mkv"}, "record-length"},
                         Row{{"--device", "256", "o.mkv"}, "256"},
                         Row{{"--sync-delay", "160", "o.mkv"}, "subordinate only"},
                         Row{{"--sync-delay", "-1", "--external-sync", "sub", "o.mkv"}, "sync-delay"},
                         Row{{"-c", "off", "-d", "off", "o.mkv"}, "switch one camera on"},
                         Row{{"-r", "5"}, "output.mkv"},
                         Row{{"--depth-delay", "33334", "o.mkv"}, "33334"},
                         Row{{"--external-sync", "master", "-c", "OFF", "o.mkv"}, "colour"},
                         Row{{"--serial", "900001400101", "--device", "1", "o.mkv"}, "--device"},
                         Row{{"--bench", "default", "--replay", "a.mkv", "o.mkv"}, "--bench"},
                         Row{{"--colour", "o.mkv"}, "colour"},
                         Row{{"a.mkv", "b.mkv"}, "b.mkv"}})
    EXPECT_THAT(refusal(row.words), HasSubstr(row.says));
}

TEST(RecorderOptions, HelpSaysUnitsAndDefaultsAndSucceeds) {
  testing::internal::CaptureStdout();
  const auto parsed = parse({"--help"});
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_EQ(parsed.exit_code, 0);
  EXPECT_FALSE(parsed.options);
  for (const char* part :
       {"us", "NFOV_UNBINNED", "1080p", "default: GENLOCK_BENCH", "Exit codes", "--external-sync"})
    EXPECT_THAT(help, HasSubstr(part));
}

}  // namespace
}  // namespace genlock::cli
