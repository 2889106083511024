// What is written comes back from the file, whatever its size and order: facts k4a-abi.md B10, G8 66 to 72.
// Read with Genlock's reader here; tests/oracle has the official one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "record_support.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

using recording::Reader;

/// Everything the reader finds, images as they are stored.
struct Content {
  std::unique_ptr<Reader> reader;
  std::vector<Capture> captures;
  std::vector<ImuSample> imu;
};

class RecordContent : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "recording.mkv"; }

  Content read() const {
    Content content;
    Result<std::unique_ptr<ByteSource>> source = open_file(file());
    EXPECT_TRUE(source);
    Result<std::unique_ptr<Reader>> reader = Reader::open(*std::move(source), {.any_image_size = true});
    EXPECT_TRUE(reader) << reader.error().message();
    if (!reader) return content;
    content.reader = *std::move(reader);
    while (true) {
      Result<std::optional<Capture>> capture = content.reader->next_capture();
      EXPECT_TRUE(capture);
      if (!capture || !*capture) break;
      content.captures.push_back(**std::move(capture));
    }
    while (true) {
      Result<std::optional<ImuSample>> sample = content.reader->next_imu_sample();
      EXPECT_TRUE(sample);
      if (!sample || !*sample) break;
      content.imu.push_back(**sample);
    }
    return content;
  }

  static void expect_pixels(const std::optional<Image>& image, const std::optional<Pixels>& pixels) {
    ASSERT_EQ(image.has_value(), pixels.has_value());
    if (!image) return;
    const std::vector<std::uint8_t> bytes = pixel_bytes(*pixels);
    EXPECT_EQ(count_us(image->device_time), static_cast<std::int64_t>(pixels->time_us));
    EXPECT_TRUE(std::ranges::equal(image->data.bytes(), std::as_bytes(std::span(bytes))));
  }

  static void expect_capture(const Capture& capture, const CaptureContent& content) {
    expect_pixels(capture.color, content.color);
    expect_pixels(capture.depth, content.depth);
    expect_pixels(capture.ir, content.ir);
  }

  TemporaryFolder folder_;
};

struct Mode {
  const char* name;
  k4a_device_configuration_t config;
  bool imu;
  CaptureContent capture;
};

k4a_device_configuration_t device_config(k4a_image_format_t format, k4a_color_resolution_t color,
                                         k4a_depth_mode_t depth) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = format;
  config.color_resolution = color;
  config.depth_mode = depth;
  config.camera_fps = K4A_FRAMES_PER_SECOND_15;
  return config;
}

class RecordModes : public RecordContent, public testing::WithParamInterface<Mode> {};

TEST_P(RecordModes, GiveAFileWithTheSameConfigurationAndData) {
  const Mode& mode = GetParam();
  OpenRecording recording(file(), mode.config);
  if (mode.imu) {
    EXPECT_EQ(k4a_record_add_imu_track(recording.handle()), kOk);
  }
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(write_capture(recording.handle(), mode.capture), kOk);
  if (mode.imu) {
    EXPECT_EQ(k4a_record_write_imu_sample(recording.handle(), make_sample(1'000'500)), kOk);
  }
  recording.close();
  const Content content = read();
  ASSERT_TRUE(content.reader);
  const recording::RecordingInfo& info = content.reader->info();
  EXPECT_EQ(info.color_track, mode.capture.color.has_value());
  EXPECT_EQ(info.depth_track, mode.capture.depth.has_value());
  EXPECT_EQ(info.ir_track, mode.capture.ir.has_value());
  EXPECT_EQ(info.imu_track, mode.imu);
  EXPECT_EQ(static_cast<int>(info.config.depth_mode), static_cast<int>(mode.config.depth_mode));
  EXPECT_EQ(static_cast<int>(info.config.color_resolution), static_cast<int>(mode.config.color_resolution));
  EXPECT_EQ(static_cast<int>(info.config.rate), info.color_track || info.ir_track ? 1 : 2);
  const bool any = mode.capture.color || mode.capture.ir;
  ASSERT_EQ(content.captures.size(), any ? 1U : 0U);
  if (any) expect_capture(content.captures[0], mode.capture);
  EXPECT_EQ(content.imu.size(), mode.imu ? 1U : 0U);
}

constexpr std::uint64_t kStart = 1'000'000;

INSTANTIATE_TEST_SUITE_P(
    Configurations, RecordModes,
    testing::Values(
        Mode{"depth",
             device_config(K4A_IMAGE_FORMAT_COLOR_MJPG, K4A_COLOR_RESOLUTION_OFF,
                           K4A_DEPTH_MODE_NFOV_2X2BINNED),
             false,
             {{},
              Pixels{K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 184320, kStart},
              Pixels{K4A_IMAGE_FORMAT_IR16, 320, 288, 184320, kStart}}},
        Mode{"color",
             device_config(K4A_IMAGE_FORMAT_COLOR_YUY2, K4A_COLOR_RESOLUTION_720P, K4A_DEPTH_MODE_OFF),
             false,
             {Pixels{K4A_IMAGE_FORMAT_COLOR_YUY2, 1280, 720, 1843200, kStart}, {}, {}}},
        Mode{"bgra",
             device_config(K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_COLOR_RESOLUTION_720P, K4A_DEPTH_MODE_OFF),
             true,
             {Pixels{K4A_IMAGE_FORMAT_COLOR_BGRA32, 1280, 720, 3686400, kStart}, {}, {}}},
        Mode{"passive",
             device_config(K4A_IMAGE_FORMAT_COLOR_MJPG, K4A_COLOR_RESOLUTION_OFF, K4A_DEPTH_MODE_PASSIVE_IR),
             false,
             {{}, {}, Pixels{K4A_IMAGE_FORMAT_IR16, 1024, 1024, 2097152, kStart}}},
        Mode{"imu",
             device_config(K4A_IMAGE_FORMAT_COLOR_MJPG, K4A_COLOR_RESOLUTION_OFF, K4A_DEPTH_MODE_OFF),
             true,
             {}}),
    [](const auto& instance) { return instance.param.name; });

// Sizes are not the recording's business: programs record cropped and padded images.
TEST_F(RecordContent, ImagesOfAnySizeComeBackExactly) {
  CaptureContent odd;
  odd.color = Pixels{K4A_IMAGE_FORMAT_COLOR_MJPG, 7, 3, 1, 1000};
  odd.depth = Pixels{K4A_IMAGE_FORMAT_DEPTH16, 5, 5, 50, 1000, 2};
  odd.ir = Pixels{K4A_IMAGE_FORMAT_IR16, 3, 1, 70'002, 1000, 3};
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(write_capture(recording.handle(), odd), kOk);
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.captures.size(), 1U);
  expect_capture(content.captures[0], odd);
}

TEST_F(RecordContent, OneBadImageDoesNotKeepTheOthersOut) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  CaptureContent capture = small_capture(1000);
  capture.color->format = K4A_IMAGE_FORMAT_COLOR_NV12;
  EXPECT_EQ(write_capture(recording.handle(), capture), kFailed);
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.captures.size(), 1U);
  capture.color.reset();
  expect_capture(content.captures[0], capture);
}

TEST_F(RecordContent, SlotsTakeTheFormatOfTheirTrackOnly) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  const Pixels depth = *small_capture(1000).depth;
  const Pixels ir = *small_capture(1000).ir;
  EXPECT_EQ(write_capture(recording.handle(), {{}, ir, {}}), kFailed);
  EXPECT_EQ(write_capture(recording.handle(), {{}, {}, depth}), kFailed);
  EXPECT_EQ(write_capture(recording.handle(), {depth, {}, {}}), kFailed);
  EXPECT_EQ(write_capture(recording.handle(), {}), kOk);
}

TEST_F(RecordContent, DataMayComeTwoSecondsLateAndAreSorted) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  const auto depth = [](std::uint64_t ms, unsigned seed) {
    return CaptureContent{{}, Pixels{K4A_IMAGE_FORMAT_DEPTH16, 4, 4, 32, ms * 1000, seed}, {}};
  };
  EXPECT_EQ(write_capture(recording.handle(), depth(5000, 1)), kOk);
  EXPECT_EQ(write_capture(recording.handle(), depth(3100, 2)), kOk);
  EXPECT_EQ(write_capture(recording.handle(), depth(4000, 3)), kOk);
  EXPECT_EQ(write_capture(recording.handle(), depth(2000, 4)), kFailed);
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.captures.size(), 3U);
  expect_capture(content.captures[0], depth(3100, 2));
  expect_capture(content.captures[1], depth(4000, 3));
  expect_capture(content.captures[2], depth(5000, 1));
}

TEST_F(RecordContent, AfterAFlushOnlyLaterDataAreTakenAndTheFileGoesOnSeamlessly) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  std::vector<CaptureContent> written;
  for (unsigned flushes = 0; flushes < 3; ++flushes) {
    for (unsigned i = 0; i < 4; ++i) {
      const std::uint64_t time = 1'000'000 + (written.size() * 33'333);
      written.push_back({{}, Pixels{K4A_IMAGE_FORMAT_DEPTH16, 4, 4, 32, time, i}, {}});
      EXPECT_EQ(write_capture(recording.handle(), written.back()), kOk);
    }
    EXPECT_EQ(k4a_record_flush(recording.handle()), kOk);
    EXPECT_EQ(read().captures.size(), written.size()) << "readable as it stands";
    EXPECT_EQ(write_capture(recording.handle(), written.back()), kFailed);
    EXPECT_EQ(write_capture(recording.handle(), written.front()), kFailed);
  }
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.captures.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) expect_capture(content.captures[i], written[i]);
}

TEST_F(RecordContent, SamplesKeepEveryBitButTheTemperature) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_add_imu_track(recording.handle()), kOk);
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(write_capture(recording.handle(), small_capture(1'000'000)), kOk);
  for (unsigned i = 0; i < 600; ++i)
    EXPECT_EQ(k4a_record_write_imu_sample(recording.handle(), make_sample(1'000'000 + i * 601)), kOk);
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.imu.size(), 600U);
  for (unsigned i = 0; i < 600; ++i) {
    const k4a_imu_sample_t written = make_sample(1'000'000 + i * 601);
    const ImuSample& got = content.imu[i];
    EXPECT_EQ(count_us(got.accel_time), static_cast<std::int64_t>(written.acc_timestamp_usec));
    EXPECT_EQ(count_us(got.gyro_time), static_cast<std::int64_t>(written.gyro_timestamp_usec));
    EXPECT_EQ(std::memcmp(got.accel.data(), written.acc_sample.v, sizeof written.acc_sample.v), 0);
    EXPECT_EQ(std::memcmp(got.gyro.data(), written.gyro_sample.v, sizeof written.gyro_sample.v), 0);
  }
}

TEST_F(RecordContent, WhatTheImagesTellOfTheExposureIsKept) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  const k4a_capture_t capture = make_capture(small_capture(1000));
  const k4a_image_t color = k4a_capture_get_color_image(capture);
  k4a_image_set_system_timestamp_nsec(color, 123'456);
  k4a_image_set_exposure_usec(color, 8330);
  k4a_image_set_white_balance(color, 4500);
  k4a_image_set_iso_speed(color, 200);
  k4a_image_release(color);
  const k4a_image_t depth = k4a_capture_get_depth_image(capture);
  k4a_image_set_system_timestamp_nsec(depth,
                                      4'000'000'000'000'000'000);  // Wall time, as other libraries give.
  k4a_image_release(depth);
  k4a_capture_set_temperature_c(capture, 36.5F);
  EXPECT_EQ(k4a_record_write_capture(recording.handle(), capture), kOk);
  k4a_capture_release(capture);
  recording.close();
  const Content content = read();
  ASSERT_EQ(content.captures.size(), 1U);
  ASSERT_TRUE(content.captures[0].color && content.captures[0].depth);
  const Image& image = *content.captures[0].color;
  EXPECT_EQ(image.host_time, HostTime(HostDuration(123'456)));
  EXPECT_EQ(image.exposure, device_us(8330));
  EXPECT_EQ(image.white_balance, 4500U);
  EXPECT_EQ(image.iso, 200U);
  EXPECT_EQ(content.captures[0].depth->host_time, std::nullopt);
  EXPECT_EQ(content.captures[0].temperature_c, 36.5F);
}

TEST_F(RecordContent, TagsAreKeptAndTheFirstOfAnyNameCounts) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  EXPECT_EQ(k4a_record_add_tag(handle, "A_TAG-1", "first \xC3\xA4 \"text\"\n"), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "A_TAG-1", "second"), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "EMPTY", ""), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "lower", "left out"), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "", "left out"), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "K4A_DEVICE_SERIAL_NUMBER", "000011590212"), kOk);
  EXPECT_EQ(k4a_record_add_tag(handle, "K4A_DEPTH_MODE", "WFOV_UNBINNED"), kOk);
  EXPECT_EQ(k4a_record_write_header(handle), kOk);
  EXPECT_EQ(write_capture(handle, small_capture(1000)), kOk);
  recording.close();
  const Content content = read();
  ASSERT_TRUE(content.reader);
  const recording::RecordingInfo& info = content.reader->info();
  EXPECT_EQ(info.tags.at("A_TAG-1"), "first \xC3\xA4 \"text\"\n");
  EXPECT_EQ(info.tags.at("EMPTY"), "");
  EXPECT_FALSE(info.tags.contains("lower"));
  EXPECT_EQ(info.serial, "000011590212");
  EXPECT_EQ(info.config.depth_mode, DepthMode::nfov_2x2binned) << "the file's own tag counts";
}

TEST_F(RecordContent, AttachmentsComeBackByteForByte) {
  OpenRecording recording(file(), small_device_config());
  const std::vector<std::uint8_t> data{0, 255, 10, 13, 0};
  const std::string calibration("{\"CalibrationInformation\":{}}\0", 30);
  EXPECT_EQ(k4a_record_add_attachment(recording.handle(), "no extension", data.data(), data.size()), kOk);
  EXPECT_EQ(k4a_record_add_attachment(recording.handle(), "empty.bin", data.data(), 0), kOk);
  EXPECT_EQ(k4a_record_add_attachment(recording.handle(), "calibration.json",
                                      reinterpret_cast<const std::uint8_t*>(calibration.data()),
                                      calibration.size()),
            kOk);
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(write_capture(recording.handle(), small_capture(1000)), kOk);
  recording.close();
  const Content content = read();
  ASSERT_TRUE(content.reader);
  const auto attachment = [&](const char* name) {
    const Result<std::optional<Buffer>> found = content.reader->attachment(name);
    EXPECT_TRUE(found && *found) << name;
    return found && *found ? std::string(reinterpret_cast<const char*>((**found).data()), (**found).size())
                           : "none";
  };
  EXPECT_EQ(attachment("no extension"), std::string(data.begin(), data.end()));
  EXPECT_EQ(attachment("empty.bin"), "");
  EXPECT_EQ(attachment("calibration.json"), calibration);
  EXPECT_EQ(
      std::string(reinterpret_cast<const char*>(content.reader->info().raw_calibration.data())).substr(0, 5),
      "{\"Cal")
      << "a program's own calibration is the recording's";
}

TEST_F(RecordContent, CustomTracksKeepTheirCodecSettingsAndData) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  const std::vector<std::uint8_t> context{1, 0, 2, 255};
  const k4a_record_video_settings_t video{123, 45, 10};
  const k4a_record_subtitle_settings_t often{true};
  EXPECT_EQ(
      k4a_record_add_custom_video_track(handle, "VIDEO", "V_MPEG1", context.data(), context.size(), &video),
      kOk);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(handle, "EVENTS", "S_TEXT", nullptr, 0, nullptr), kOk);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(handle, "FORCE", "S_FORCE", nullptr, 0, &often), kOk);
  EXPECT_EQ(k4a_record_write_header(handle), kOk);
  EXPECT_EQ(write_capture(handle, small_capture(1'000'000)), kOk);
  std::vector<std::vector<std::uint8_t>> data;
  for (unsigned i = 0; i < 20; ++i) {
    data.push_back(pixel_bytes({K4A_IMAGE_FORMAT_CUSTOM, 1, 1, i == 0 ? 1U : 70'000U / i, 0, i}));
    const std::uint64_t time = 1'000'000 + i * 1000;
    EXPECT_EQ(k4a_record_write_custom_track_data(handle, "VIDEO", time, data[i].data(), data[i].size()), kOk);
    EXPECT_EQ(k4a_record_write_custom_track_data(handle, "EVENTS", time, data[i].data(), data[i].size()),
              kOk);
    EXPECT_EQ(k4a_record_write_custom_track_data(handle, "FORCE", time, data[i].data(), data[i].size()), kOk);
  }
  recording.close();
  const Content content = read();
  ASSERT_TRUE(content.reader);
  for (const recording::TrackInfo& track : content.reader->tracks()) {
    if (track.name != "VIDEO") continue;
    EXPECT_EQ(track.codec_id, "V_MPEG1");
    EXPECT_TRUE(std::ranges::equal(track.codec_private.bytes(), std::as_bytes(std::span(context))));
    EXPECT_EQ(track.width, 123U);
    EXPECT_EQ(track.height, 45U);
    EXPECT_EQ(track.frame_period_ns, 100'000'000U);
  }
  for (const char* name : {"VIDEO", "EVENTS", "FORCE"})
    for (unsigned i = 0; i < 20; ++i) {
      const Result<std::optional<recording::DataBlock>> block = content.reader->next_data(name);
      ASSERT_TRUE(block && *block) << name << i;
      EXPECT_TRUE(std::ranges::equal((**block).data.bytes(), std::as_bytes(std::span(data[i])))) << name << i;
      EXPECT_NEAR(static_cast<double>(count_us((**block).device_time)), 1'000'000 + i * 1000, 1) << name << i;
    }
}

}  // namespace
}  // namespace genlock::test
