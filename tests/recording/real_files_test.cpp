// The two recordings of tests/data, with the values their origin documents.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::data_file;
using test::play;
using test::Playback;

const char* const kStockFile = "mkv/pyk4a_recording.mkv";
const char* const kOldFile = "mkv/ms_sdk_2018_playback_test_input.mkv";

Playback play_data(const char* name) {
  Result<Playback> played = play(data_file(name));
  EXPECT_TRUE(played) << played.error().message();
  return played ? *std::move(played) : Playback();
}

TEST(StockRecording, SaysWhatTheUnitWas) {
  const RecordingInfo info = play_data(kStockFile).info;
  EXPECT_EQ(info.serial, "001514394512");
  EXPECT_EQ(info.color_firmware, (Version{1, 6, 110}));
  EXPECT_EQ(info.depth_firmware, (Version{1, 6, 79}));
  EXPECT_EQ(info.config.color_format, PixelFormat::mjpg);
  EXPECT_EQ(info.config.color_resolution, ColorResolution::r720p);
  EXPECT_EQ(info.config.depth_mode, DepthMode::nfov_unbinned);
  EXPECT_EQ(info.config.rate, FrameRate::fps5);
  EXPECT_EQ(info.config.sync_mode, WiredSyncMode::standalone);
  EXPECT_TRUE(info.color_track && info.depth_track && info.ir_track && info.imu_track);
  EXPECT_EQ(info.start_offset, device_time_us(336277));
  EXPECT_EQ(info.raw_calibration.size(), 3900U);
  EXPECT_EQ(info.writing_app, "k4arecord-1.4.1");
  EXPECT_FALSE(info.simulated);
  EXPECT_TRUE(info.host.name.empty() && info.host.boot_id.empty());
  EXPECT_EQ(info.tags.at("K4A_START_OFFSET_NS"), "336277000");
}

TEST(StockRecording, GivesItsCaptureAndItsSample) {
  const Playback file = play_data(kStockFile);
  ASSERT_EQ(file.captures.size(), 1U);
  const Capture& capture = file.captures[0];
  ASSERT_TRUE(capture.color && capture.depth && capture.ir);
  EXPECT_EQ(capture.color->data.size(), 217095U);
  EXPECT_EQ(capture.depth->data.size(), 737280U);
  EXPECT_EQ(capture.ir->data.size(), 737280U);
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir})
    EXPECT_EQ((*image)->device_time, device_time_us(800222));
  EXPECT_EQ(capture.color->data.bytes()[0], std::byte{0xFF});
  EXPECT_EQ(capture.color->data.bytes()[1], std::byte{0xD8});
  EXPECT_TRUE(std::isnan(capture.temperature_c));
  ASSERT_EQ(file.imu.size(), 1U);
  EXPECT_EQ(file.imu[0].accel_time, device_time_us(336277));
}

TEST(StockRecording, HasPixelsInTheMachinesOrder) {
  const Playback file = play_data(kStockFile);
  // Depths of an indoor scene: with the bytes the wrong way round most values would be far beyond 10 m.
  const ByteSpan depth = file.captures.at(0).depth->data.bytes();
  std::size_t plausible = 0;
  for (std::size_t i = 0; i + 1 < depth.size(); i += 2)
    if (std::to_integer<unsigned>(depth[i + 1]) < 10000 / 256) ++plausible;
  EXPECT_GT(plausible, depth.size() / 2 * 95 / 100);
}

TEST(StockRecording, IsHealthy) {
  const Survey survey = play_data(kStockFile).survey;
  EXPECT_TRUE(survey.finalised);
  EXPECT_THAT(survey.problems, testing::IsEmpty());
  EXPECT_EQ(survey.duration, device_us(463945));
  EXPECT_EQ(survey.file_bytes, 1699264U);
  EXPECT_EQ(survey.frames.size(), 3U);
  EXPECT_EQ(survey.imu_samples, 1U);
  EXPECT_EQ(survey.first_imu, device_time_us(336277));
  EXPECT_EQ(survey.last_imu, device_time_us(336277));
}

// What was read from the stock recorder's file and written again is the same file to a reader.
TEST(StockRecording, SurvivesBeingRecordedAgain) {
  const Playback first = play_data(kStockFile);
  const Result<std::vector<std::byte>> bytes =
      test::record(first.info, {.captures = first.captures, .imu = first.imu, .host_pairs = {}, .jacks = {}});
  ASSERT_TRUE(bytes) << bytes.error().message();
  const Result<Playback> again = play(*bytes);
  ASSERT_TRUE(again) << again.error().message();
  ASSERT_EQ(again->captures.size(), 1U);
  EXPECT_TRUE(test::same_capture(again->captures[0], first.captures[0]));
  ASSERT_EQ(again->imu.size(), 1U);
  EXPECT_TRUE(test::same_sample(again->imu[0], first.imu[0]));
  std::map<std::string, std::string> tags = again->info.tags;
  EXPECT_EQ(tags.erase("GENLOCK_CLOCK_ID") + tags.erase("GENLOCK_PART"), 2U);
  EXPECT_EQ(tags, first.info.tags);
  EXPECT_EQ(again->info.config, first.info.config);
  EXPECT_EQ(again->info.start_offset, first.info.start_offset);
  EXPECT_EQ(again->survey.duration, first.survey.duration);
  const ByteSpan a = again->info.raw_calibration.bytes();
  const ByteSpan b = first.info.raw_calibration.bytes();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(OldDialect, IsUnderstood) {
  const Playback file = play_data(kOldFile);
  const RecordingInfo& info = file.info;
  EXPECT_EQ(info.serial, "000317384312");
  EXPECT_EQ(info.color_firmware, (Version{1, 4, 44}));
  EXPECT_EQ(info.depth_firmware, (Version{1, 4, 36}));
  EXPECT_EQ(info.config.color_format, PixelFormat::mjpg);
  EXPECT_EQ(info.config.color_resolution, ColorResolution::r1080p);
  EXPECT_EQ(info.config.depth_mode, DepthMode::nfov_unbinned);
  EXPECT_EQ(info.config.rate, FrameRate::fps30);
  EXPECT_TRUE(info.color_track && info.depth_track && info.ir_track && info.imu_track);
  EXPECT_EQ(info.start_offset, DeviceTime{});
  const ByteSpan attachment = info.raw_calibration.bytes();
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(attachment.data()), attachment.size()),
            "Hello World");
  EXPECT_TRUE(file.captures.empty());
  ASSERT_EQ(file.imu.size(), 1U);
  EXPECT_EQ(file.imu[0].accel_time, device_time_us(141522));
  EXPECT_EQ(file.survey.duration, device_us(1'000'000));
  EXPECT_TRUE(file.survey.finalised);
  EXPECT_THAT(file.survey.problems, testing::IsEmpty());
}

TEST(OldDialect, HasOtherNamesForItsTracks) {
  Result<std::unique_ptr<ByteSource>> source = open_file(data_file(kOldFile));
  ASSERT_TRUE(source);
  const Result<std::unique_ptr<Reader>> reader = Reader::open(*std::move(source));
  ASSERT_TRUE(reader);
  std::vector<std::pair<std::string, std::string>> names;
  for (const TrackInfo& track : (*reader)->tracks()) names.emplace_back(track.name, track.stored_name);
  EXPECT_THAT(names, testing::ElementsAre(testing::Pair("COLOR", "COLOR"), testing::Pair("DEPTH", "DEPTH"),
                                          testing::Pair("IMU", "IMU"), testing::Pair("IR", "DEPTH_IR")));
}

TEST(StockRecording, TellsTagsOfTracksAndAttachmentsToo) {
  Result<std::unique_ptr<ByteSource>> source = open_file(data_file(kStockFile));
  ASSERT_TRUE(source);
  const Result<std::unique_ptr<Reader>> reader = Reader::open(*std::move(source));
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->tag("K4A_DEPTH_MODE"), "NFOV_UNBINNED");
  EXPECT_EQ((*reader)->tag("K4A_CALIBRATION_FILE"), "calibration.json");
  EXPECT_EQ((*reader)->tag("K4A_DEVICE_SERIAL_NUMBER"), "001514394512");
  EXPECT_EQ((*reader)->tag("TAKE"), std::nullopt);
  EXPECT_FALSE((*reader)->info().tags.contains("K4A_DEPTH_MODE"));
}

}  // namespace
}  // namespace genlock::recording
