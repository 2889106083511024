// When a recording takes what, and which arguments it refuses: facts k4a-abi.md B10, G8 62 to 66.

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <limits>

#include "record_support.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

class RecordState : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "recording.mkv"; }

  k4a_result_t create(const k4a_device_configuration_t& config) {
    k4a_record_t recording = kNotAHandle;
    const k4a_result_t result = k4a_record_create(file().c_str(), nullptr, config, &recording);
    EXPECT_EQ(result == kFailed, recording == nullptr);
    if (result == kOk) k4a_record_close(recording);
    return result;
  }

  static inline const k4a_record_t kNotAHandle = reinterpret_cast<k4a_record_t>(std::uintptr_t{16});
  TemporaryFolder folder_;
};

TEST_F(RecordState, AnOldFileIsReplaced) {
  std::ofstream(file()) << std::string(100'000, 'x');
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(write_capture(recording.handle(), small_capture(1000)), kOk);
  recording.close();
  const Result<Playback> played = play(file());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_EQ(played->captures.size(), 1U);
}

TEST_F(RecordState, AFileThatCannotBeMadeLeavesNoHandle) {
  k4a_record_t recording = kNotAHandle;
  EXPECT_EQ(
      k4a_record_create((folder_ / "no" / "such.mkv").c_str(), nullptr, small_device_config(), &recording),
      kFailed);
  EXPECT_EQ(recording, nullptr);
  recording = kNotAHandle;
  EXPECT_EQ(k4a_record_create(folder_.path().c_str(), nullptr, small_device_config(), &recording), kFailed);
  EXPECT_EQ(recording, nullptr);
  recording = kNotAHandle;
  EXPECT_EQ(k4a_record_create(nullptr, nullptr, small_device_config(), &recording), kFailed);
  EXPECT_EQ(recording, nullptr);
  EXPECT_EQ(k4a_record_create(file().c_str(), nullptr, small_device_config(), nullptr), kFailed);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(RecordState, ConfigurationsThatCannotBeRecordedAreRefused) {
  const auto with = [](auto change) {
    k4a_device_configuration_t config = small_device_config();
    change(config);
    return config;
  };
  using Config = k4a_device_configuration_t;
  EXPECT_EQ(create(with([](Config& c) { c.camera_fps = static_cast<k4a_fps_t>(3); })), kFailed);
  EXPECT_EQ(create(with([](Config& c) { c.color_resolution = static_cast<k4a_color_resolution_t>(7); })),
            kFailed);
  EXPECT_EQ(create(with([](Config& c) { c.color_format = K4A_IMAGE_FORMAT_DEPTH16; })), kFailed);
  EXPECT_EQ(create(with([](Config& c) { c.depth_mode = static_cast<k4a_depth_mode_t>(6); })), kFailed);
  EXPECT_EQ(create(with([](Config& c) { c.wired_sync_mode = static_cast<k4a_wired_sync_mode_t>(3); })),
            kFailed);
  EXPECT_FALSE(std::filesystem::exists(file())) << "nothing was replaced for nothing";
}

// Rules of streaming are not rules of recording.
TEST_F(RecordState, ConfigurationsThatNoUnitStreamsAreTaken) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  EXPECT_EQ(create(config), kOk) << "both cameras off";
  config.color_format = K4A_IMAGE_FORMAT_CUSTOM;
  EXPECT_EQ(create(config), kOk) << "a format of a camera that is off";
  config = small_device_config();
  config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12;
  config.color_resolution = K4A_COLOR_RESOLUTION_3072P;
  config.depth_mode = K4A_DEPTH_MODE_WFOV_UNBINNED;
  config.depth_delay_off_color_usec = 1'000'000;
  config.subordinate_delay_off_master_usec = 1'000'000;
  EXPECT_EQ(create(config), kOk);
}

TEST_F(RecordState, WithoutAHeaderTheFileIsNoRecording) {
  OpenRecording(file(), small_device_config()).close();
  EXPECT_TRUE(std::filesystem::exists(file()));
  EXPECT_FALSE(play(file()));
}

TEST_F(RecordState, EverythingHasItsSideOfTheHeader) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  std::array<std::uint8_t, 4> data{};
  const k4a_record_video_settings_t video{64, 32, 30};
  const auto configure = [&](const char* track, const char* video_track) {
    return std::array{k4a_record_add_tag(handle, "TAG", "value"),
                      k4a_record_add_attachment(handle, "file", data.data(), data.size()),
                      k4a_record_add_custom_subtitle_track(handle, track, "S_X", nullptr, 0, nullptr),
                      k4a_record_add_custom_video_track(handle, video_track, "V_X", nullptr, 0, &video),
                      k4a_record_add_imu_track(handle),
                      k4a_record_write_header(handle)};
  };
  const auto use = [&](std::uint64_t time) {
    return std::array{write_capture(handle, small_capture(time)),
                      k4a_record_write_imu_sample(handle, make_sample(time)),
                      k4a_record_write_custom_track_data(handle, "TRACK", time, data.data(), data.size()),
                      k4a_record_write_capture(handle, nullptr), k4a_record_flush(handle)};
  };
  for (k4a_result_t result : use(1000)) EXPECT_EQ(result, kFailed);
  for (k4a_result_t result : configure("TRACK", "VIDEO")) EXPECT_EQ(result, kOk);
  for (k4a_result_t result : configure("OTHER", "ANOTHER")) EXPECT_EQ(result, kFailed);
  for (k4a_result_t result : use(2000)) EXPECT_EQ(result, kOk);
  recording.close();
  EXPECT_EQ(write_capture(handle, small_capture(3000)), kFailed);
}

TEST_F(RecordState, TheImuTrackIsMadeOnce) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_add_imu_track(recording.handle()), kOk);
  EXPECT_EQ(k4a_record_add_imu_track(recording.handle()), kFailed);
}

TEST_F(RecordState, SamplesNeedTheirTrack) {
  OpenRecording recording(file(), small_device_config());
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(k4a_record_write_imu_sample(recording.handle(), make_sample(1000)), kFailed);
}

TEST_F(RecordState, TrackNamesAreNewAndOfTheRightLetters) {
  OpenRecording recording(file(), small_device_config());
  const auto add = [&](const char* name) {
    return k4a_record_add_custom_subtitle_track(recording.handle(), name, "S_X", nullptr, 0, nullptr);
  };
  EXPECT_EQ(add("MY_TRACK-1"), kOk);
  EXPECT_EQ(add("MY_TRACK-1"), kFailed);
  EXPECT_EQ(add("lower"), kFailed);
  EXPECT_EQ(add(""), kFailed);
  EXPECT_EQ(add("WITH SPACE"), kFailed);
  EXPECT_EQ(add("DOT.TED"), kFailed);
  EXPECT_EQ(add("COLOR"), kFailed);
  EXPECT_EQ(add("DEPTH"), kFailed);
  EXPECT_EQ(add("IR"), kFailed);
  EXPECT_EQ(add("IMU"), kOk) << "this file has none of its own";
  EXPECT_EQ(k4a_record_add_imu_track(recording.handle()), kFailed);
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
}

TEST_F(RecordState, NullArgumentsAreRefusedWithoutEffect) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  std::uint8_t byte = 1;
  const k4a_record_video_settings_t video{64, 32, 30};
  EXPECT_EQ(k4a_record_add_tag(handle, nullptr, "value"), kFailed);
  EXPECT_EQ(k4a_record_add_tag(handle, "TAG", nullptr), kFailed);
  EXPECT_EQ(k4a_record_add_attachment(handle, nullptr, &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_add_attachment(handle, "file", nullptr, 1), kFailed);
  EXPECT_EQ(k4a_record_add_custom_video_track(handle, nullptr, "V_X", nullptr, 0, &video), kFailed);
  EXPECT_EQ(k4a_record_add_custom_video_track(handle, "TRACK", nullptr, nullptr, 0, &video), kFailed);
  EXPECT_EQ(k4a_record_add_custom_video_track(handle, "TRACK", "V_X", nullptr, 0, nullptr), kFailed);
  EXPECT_EQ(k4a_record_add_custom_video_track(handle, "TRACK", "V_X", nullptr, 1, &video), kFailed);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(handle, nullptr, "S_X", nullptr, 0, nullptr), kFailed);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(handle, "TRACK", nullptr, nullptr, 0, nullptr), kFailed);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(handle, "TRACK", "S_X", &byte, 1, nullptr), kOk)
      << "still free";
  EXPECT_EQ(k4a_record_write_header(handle), kOk);
  EXPECT_EQ(k4a_record_write_custom_track_data(handle, nullptr, 1000, &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_write_custom_track_data(handle, "TRACK", 1000, nullptr, 1), kFailed);
  EXPECT_EQ(k4a_record_write_custom_track_data(handle, "NONE", 1000, &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_write_custom_track_data(handle, "DEPTH", 1000, &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_write_capture(handle, nullptr), kOk) << "an empty capture has nothing to write";
}

/// Every function refuses a handle that is no recording's.
void expect_refused(k4a_record_t bad) {
  std::uint8_t byte = 1;
  const k4a_record_video_settings_t video{64, 32, 30};
  EXPECT_EQ(k4a_record_add_tag(bad, "TAG", "value"), kFailed);
  EXPECT_EQ(k4a_record_add_imu_track(bad), kFailed);
  EXPECT_EQ(k4a_record_add_attachment(bad, "file", &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_add_custom_video_track(bad, "TRACK", "V_X", nullptr, 0, &video), kFailed);
  EXPECT_EQ(k4a_record_add_custom_subtitle_track(bad, "TRACK", "S_X", nullptr, 0, nullptr), kFailed);
  EXPECT_EQ(k4a_record_write_header(bad), kFailed);
  EXPECT_EQ(k4a_record_write_capture(bad, nullptr), kFailed);
  EXPECT_EQ(k4a_record_write_imu_sample(bad, make_sample(1000)), kFailed);
  EXPECT_EQ(k4a_record_write_custom_track_data(bad, "TRACK", 1000, &byte, 1), kFailed);
  EXPECT_EQ(k4a_record_flush(bad), kFailed);
  k4a_record_close(bad);
}

TEST_F(RecordState, BadHandlesAreRefused) {
  expect_refused(nullptr);
  expect_refused(kNotAHandle);
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t closed = recording.handle();
  recording.close();
  expect_refused(closed);
  const k4a_capture_t capture = make_capture({});
  expect_refused(reinterpret_cast<k4a_record_t>(capture));
  k4a_capture_release(capture);
}

// Recordings of devices are in record_device_test.
TEST_F(RecordState, AHandleThatIsNoDevicesIsRefused) {
  int object = 0;
  k4a_record_t recording = kNotAHandle;
  EXPECT_EQ(k4a_record_create(file().c_str(), reinterpret_cast<k4a_device_t>(&object), small_device_config(),
                              &recording),
            kFailed);
  EXPECT_EQ(recording, nullptr);
}

TEST_F(RecordState, ARecordingOfNothingMayHaveAHeader) {
  OpenRecording recording(file(), K4A_DEVICE_CONFIG_INIT_DISABLE_ALL);
  EXPECT_EQ(k4a_record_write_header(recording.handle()), kOk);
  EXPECT_EQ(k4a_record_flush(recording.handle()), kOk);
}

}  // namespace
}  // namespace genlock::test
