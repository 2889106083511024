// Recordings under load and on disks that fail: nothing is lost while the disk goes on, and a failure is told
// at once.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "record_support.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

/// No file of this process grows beyond so many bytes, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

class RecordLoad : public testing::Test {
 protected:
  static k4a_device_configuration_t color_config() {
    k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
    config.color_resolution = K4A_COLOR_RESOLUTION_720P;
    return config;
  }

  static CaptureContent color_capture(std::uint64_t time_us, std::size_t bytes) {
    return {Pixels{K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, bytes, time_us}, {}, {}};
  }

  std::filesystem::path file() const { return folder_ / "recording.mkv"; }

  TemporaryFolder folder_;
};

// Far more than the recording's buffer of 64 MiB, as fast as it is taken.
TEST_F(RecordLoad, AProgramFasterThanTheDiskIsHeldAndLosesNothing) {
  constexpr std::size_t kCaptures = 60;
  constexpr std::size_t kBytes = 2'000'000;
  OpenRecording recording(file(), color_config());
  ASSERT_EQ(k4a_record_write_header(recording.handle()), kOk);
  const k4a_capture_t capture = make_capture(color_capture(0, kBytes));
  const k4a_image_t image = k4a_capture_get_color_image(capture);
  for (std::size_t i = 0; i < kCaptures; ++i) {
    k4a_image_set_device_timestamp_usec(image, 1'000'000 + i * 33'333);
    ASSERT_EQ(k4a_record_write_capture(recording.handle(), capture), kOk) << i;
  }
  k4a_image_release(image);
  k4a_capture_release(capture);
  EXPECT_EQ(k4a_record_flush(recording.handle()), kOk);
  recording.close();
  const Result<Playback> played = play(file());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_EQ(played->captures.size(), kCaptures);
  EXPECT_EQ(played->captures.back().color->data.size(), kBytes);
}

TEST_F(RecordLoad, AFailingDiskFailsTheNextWriteAndFlushAndKeepsWhatItHas) {
  OpenRecording recording(file(), color_config());
  ASSERT_EQ(k4a_record_write_header(recording.handle()), kOk);
  const FileSizeLimit full(12'000'000);
  k4a_result_t result = kOk;
  std::size_t accepted = 0;
  for (; result == kOk && accepted < 2000; ++accepted)
    result = write_capture(recording.handle(), color_capture(1'000'000 + accepted * 33'333, 100'000));
  EXPECT_EQ(result, kFailed) << "the queue is bounded, so the failure is met sooner or later";
  EXPECT_EQ(write_capture(recording.handle(), color_capture(900'000'000, 1000)), kFailed);
  EXPECT_EQ(k4a_record_flush(recording.handle()), kFailed);
  recording.close();
  const Result<Playback> played = play(file());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_GT(played->captures.size(), 60U);
  EXPECT_LE(played->captures.size(), 120U);
}

TEST_F(RecordLoad, WritesMayComeFromSeveralThreads) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  ASSERT_EQ(k4a_record_add_imu_track(handle), kOk);
  ASSERT_EQ(k4a_record_add_custom_subtitle_track(handle, "NOTES", "S_TEXT", nullptr, 0, nullptr), kOk);
  ASSERT_EQ(k4a_record_write_header(handle), kOk);
  std::atomic<int> failures = 0;
  const auto count = [&](k4a_result_t result) { failures += result == kOk ? 0 : 1; };
  std::thread captures([&] {
    for (unsigned i = 0; i < 10; ++i)
      count(write_capture(handle, color_capture(1'000'000 + i * 33'333, 70'000)));
  });
  std::thread samples([&] {
    for (unsigned i = 0; i < 300; ++i)
      count(k4a_record_write_imu_sample(handle, make_sample(1'000'000 + i * 600)));
  });
  std::thread notes([&] {
    std::uint8_t note = 7;
    for (unsigned i = 0; i < 20; ++i)
      count(k4a_record_write_custom_track_data(handle, "NOTES", 1'000'000 + i * 10'000, &note, 1));
  });
  captures.join();
  samples.join();
  notes.join();
  EXPECT_EQ(failures, 0);
  recording.close();
  const Result<Playback> played = play(file());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_EQ(played->captures.size(), 10U);
  EXPECT_EQ(played->imu.size(), 300U);
}

TEST_F(RecordLoad, ARecordingMayBeClosedWhileAnotherThreadWrites) {
  OpenRecording recording(file(), small_device_config());
  const k4a_record_t handle = recording.handle();
  ASSERT_EQ(k4a_record_write_header(handle), kOk);
  std::atomic<unsigned> accepted = 0;
  std::thread writer([&] {
    unsigned i = 0;
    while (write_capture(handle, color_capture(1'000'000 + i++ * 1000, 1000)) == kOk) accepted = i;
  });
  while (accepted < 20) std::this_thread::yield();
  recording.close();
  writer.join();
  const Result<Playback> played = play(file());
  ASSERT_TRUE(played) << played.error().message();
  std::size_t images = 0;
  for (const Capture& capture : played->captures) images += capture.color ? 1 : 0;
  EXPECT_EQ(played->survey.frames.size(), accepted) << "what was accepted is in the file";
  EXPECT_LE(images, accepted);
}

}  // namespace
}  // namespace genlock::test
