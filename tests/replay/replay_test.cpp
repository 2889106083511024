#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_recording.h"
#include "recording/reader.h"
#include "replay/recorded_images.h"
#include "support/split_recording.h"
#include "support/temporary_folder.h"

namespace genlock::replay {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

constexpr HostDuration kNow{0};
constexpr HostDuration kForever{-1};
const std::filesystem::path kRealFile = test::data_file("mkv/pyk4a_recording.mkv");

class Replay : public testing::Test {
 protected:
  std::unique_ptr<device::Device> open(Recording recording, Pace pace = Pace::as_fast_as_read) {
    auto provider = Provider::create({std::move(recording)}, {.pace = pace, .clock = &clock_});
    EXPECT_TRUE(provider) << (provider ? "" : provider.error().message());
    provider_ = *std::move(provider);
    return provider_->open(0).value();
  }
  std::unique_ptr<device::Device> open(const MadeRecording& made, Pace pace = Pace::as_fast_as_read) {
    return open(recording_in_memory("made.mkv", write_recording(made)), pace);
  }
  std::unique_ptr<device::Device> open_started(const MadeRecording& made, Pace pace = Pace::as_fast_as_read) {
    auto device = open(made, pace);
    EXPECT_TRUE(device->start_cameras(made.config));
    return device;
  }

  ManualClock clock_{HostTime(std::chrono::hours(1))};
  std::unique_ptr<Provider> provider_;
};

/// Whether two captures are the same but for when the host got them.
bool same_capture(Capture a, Capture b) {
  for (Capture* capture : {&a, &b})
    for (auto* image : {&capture->color, &capture->depth, &capture->ir})
      if (*image) (*image)->host_time.reset();
  return test::same_capture(a, b);
}

TEST_F(Replay, RealRecordingIsAUnitWithTheValuesOfItsManifest) {
  const auto device = open(recording_file(kRealFile));
  EXPECT_EQ(device->identity().serial, "001514394512");
  EXPECT_EQ(device->identity().version.color, (Version{1, 6, 110}));
  EXPECT_EQ(device->identity().version.depth, (Version{1, 6, 79}));
  EXPECT_EQ(device->identity().version.audio, Version{});
  EXPECT_EQ(device->identity().raw_calibration.size(), 3900u);
  EXPECT_FALSE(device->identity().simulated);
  EXPECT_EQ(device->sync_jacks().value(), SyncJacks{});

  ASSERT_TRUE(device->start_cameras(provider_->info(0).config));
  ASSERT_TRUE(device->start_imu());
  const Capture capture = device->next_capture(kNow)->value();
  EXPECT_EQ(capture.color->data.size(), 217095u);
  EXPECT_EQ(capture.depth->data.size(), 737280u);
  EXPECT_EQ(capture.ir->data.size(), 737280u);
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir})
    EXPECT_EQ((*image)->device_time, device_time_us(800222));
  EXPECT_EQ(device->next_imu_sample(kNow)->value().accel_time, device_time_us(336277));
}

TEST_F(Replay, RealRecordingRecordedAgainReadsBackEqual) {
  const auto device = open(recording_file(kRealFile));
  const recording::RecordingInfo& original = provider_->info(0);
  ASSERT_TRUE(device->start_cameras(original.config));
  ASSERT_TRUE(device->start_imu());
  const Capture capture = device->next_capture(kNow)->value();
  const ImuSample sample = device->next_imu_sample(kNow)->value();

  const auto& unit = device->identity();
  const auto info = recording::info_from_unit(original.config, true, unit.serial, unit.version,
                                              unit.raw_calibration, unit.simulated, unit.host);
  const auto bytes = test::record(info, {.captures = {capture}, .imu = {sample}}).value();
  const auto again = recording::Reader::open(std::make_unique<MemorySource>(bytes)).value();
  EXPECT_EQ(again->info().config, original.config);
  EXPECT_EQ(again->info().serial, original.serial);
  EXPECT_EQ(again->info().color_firmware, original.color_firmware);
  EXPECT_TRUE(std::ranges::equal(again->info().raw_calibration.bytes(), original.raw_calibration.bytes()));
  EXPECT_TRUE(same_capture(again->next_capture()->value(), capture));
  EXPECT_TRUE(test::same_sample(again->next_imu_sample()->value(), sample));
  EXPECT_FALSE(again->next_capture().value());
}

TEST_F(Replay, AsFastAsReadGivesEveryCaptureOfTheFileThenSaysThatItEnded) {
  const MadeRecording made{.frames = 30};
  const auto device = open_started(made);
  for (int number = 0; number < made.frames; ++number) {
    const auto capture = device->next_capture(kNow);
    ASSERT_TRUE(capture && *capture);
    EXPECT_TRUE(same_capture(**capture, made_capture(made, number))) << number;
  }
  for (const HostDuration timeout : {kNow, HostDuration(milliseconds(20)), kForever})
    EXPECT_EQ(device->next_capture(timeout).error().code(), Errc::not_found);
  EXPECT_EQ(device->counters().backend.captures_dropped, 0u);
}

TEST_F(Replay, AsFastAsReadKeepsTheImuWholeHoweverLateItIsRead) {
  const MadeRecording made{.frames = 30};
  const auto device = open_started(made);
  ASSERT_TRUE(device->start_imu());
  while (device->next_capture(kNow)) continue;
  std::vector<ImuSample> samples(5000);
  const std::size_t count = device->read_imu(samples, kNow).value();
  EXPECT_EQ(count, 966'666u / 600 + 1);
  EXPECT_EQ(samples[0].accel_time, device_time_us(100'000));
  EXPECT_EQ(device->read_imu(samples, kForever).error().code(), Errc::not_found);
}

TEST_F(Replay, AsFastAsReadTheImuStaysBesideTheCaptures) {
  const auto device = open_started({.frames = 30});
  ASSERT_TRUE(device->start_imu());
  std::vector<ImuSample> samples(5000);
  EXPECT_EQ(device->read_imu(samples, kNow).value(), 0u);
  for (int number = 0; number < 10; ++number) {
    const DeviceTime taken = device->next_capture(kNow)->value().ir->device_time;
    const std::size_t count = device->read_imu(samples, kNow).value();
    ASSERT_GT(count, 0u);
    EXPECT_LE(samples[count - 1].accel_time, taken);
    EXPECT_GT(samples[count - 1].accel_time, taken - device_us(600));
  }
  device->stop_cameras();
  EXPECT_GT(device->read_imu(samples, kNow).value(), 1000u) << "without cameras it runs on alone";
}

TEST_F(Replay, AnyPartOfASplitRecordingPlaysAllOfIt) {
  const test::TemporaryFolder folder;
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::off;
  const test::TakeContent content = test::synthetic_take(config, true, 90);
  const auto files = test::split_recording(folder.path() / "take.mkv", test::synthetic_info(config, true),
                                           content, device_us(1'000'000));
  ASSERT_GE(files.size(), 3U);
  for (const std::filesystem::path& file : files) {
    const auto device = open(recording_file(file));
    ASSERT_TRUE(device->start_cameras(config));
    for (const Capture& capture : content.captures)
      EXPECT_TRUE(same_capture(device->next_capture(kNow)->value(), capture)) << file;
    EXPECT_EQ(device->next_capture(kNow).error().code(), Errc::not_found);
  }
}

TEST_F(Replay, CutRecordingGivesWhatItHas) {
  const auto bytes = write_recording({.frames = 30});
  const auto device = open(recording_in_memory(
      "cut.mkv", std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2))));
  ASSERT_TRUE(device->start_cameras(MadeRecording{}.config));
  ASSERT_TRUE(device->start_imu());
  int captures = 0;
  while (device->next_capture(kNow)) ++captures;
  EXPECT_GT(captures, 10);
  std::vector<ImuSample> samples(5000);
  EXPECT_GT(device->read_imu(samples, kNow).value(), 300u);
}

TEST_F(Replay, RealTimeCapturesComeWhenTheirStampsSay) {
  const MadeRecording made{.frames = 3, .imu = false};
  const auto device = open_started(made, Pace::real_time);
  EXPECT_TRUE(device->next_capture(kNow)->has_value()) << "the first at once";
  clock_.step(milliseconds(33));
  EXPECT_FALSE(device->next_capture(kNow)->has_value());
  clock_.step(milliseconds(1));
  const auto second = device->next_capture(kNow);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->color->host_time, HostTime(std::chrono::hours(1)) + std::chrono::microseconds(33333));
  clock_.step(milliseconds(34));
  EXPECT_TRUE(device->next_capture(kNow)->has_value());
  EXPECT_EQ(device->next_capture(kForever).error().code(), Errc::not_found);
}

TEST_F(Replay, RealTimeKeepsTheSevenNewestOfASlowReader) {
  const MadeRecording made{.frames = 30};
  const auto device = open_started(made, Pace::real_time);
  clock_.step(milliseconds(667));  // frames 0 to 20
  const auto first = device->next_capture(kNow);
  EXPECT_TRUE(same_capture(first->value(), made_capture(made, 14)));
  EXPECT_EQ(device->counters().backend.captures_dropped, 14u);
}

TEST_F(Replay, AFailedStartNamesTheSettingThatDiffersAndWhatTheRecordingHas) {
  const MadeRecording made{};
  const auto device = open(made);
  CameraConfig other = made.config;
  other.color_resolution = ColorResolution::r1080p;
  const Status refused = device->start_cameras(other);
  EXPECT_EQ(refused.error().code(), Errc::unsupported);
  EXPECT_THAT(refused.error().message(),
              AllOf(HasSubstr("unit 000011590212"),
                    HasSubstr("colour resolution is 720P in the recording, not 1080P"),
                    HasSubstr("MJPG 720P, NFOV_2X2BINNED, 30 fps, STANDALONE")));
  other = made.config;
  other.rate = FrameRate::fps15;
  EXPECT_THAT(device->start_cameras(other).error().message(),
              HasSubstr("frame rate is 30 in the recording, not 15"));
  other = made.config;
  other.depth_delay_off_color = device_us(160);
  EXPECT_THAT(device->start_cameras(other).error().message(), HasSubstr("depth delay is 0 us"));
  EXPECT_TRUE(device->start_cameras(made.config));
}

TEST_F(Replay, WithoutAnImuTrackTheImuIsRefused) {
  const auto device = open_started({.imu = false});
  EXPECT_EQ(device->start_imu().error().code(), Errc::unsupported);
}

TEST_F(Replay, JacksAreAsRecordedElseAsTheSyncModeNeedsThem) {
  MadeRecording made{.frames = 2, .jacks = SyncJacks{.in = true, .out = true}};
  EXPECT_EQ(open(made)->sync_jacks().value(), made.jacks);
  made.jacks.reset();
  made.config.sync_mode = WiredSyncMode::subordinate;
  EXPECT_EQ(open(made)->sync_jacks()->in, true);
  EXPECT_TRUE(open(made)->start_cameras(made.config));
  made.config.sync_mode = WiredSyncMode::master;
  EXPECT_EQ(open(made)->sync_jacks()->out, true);
}

TEST_F(Replay, SynchronizedImagesOnlyLeavesOutCapturesWithAHole) {
  MadeRecording made{.frames = 5, .without_color = {0, 3}};
  made.config.synchronized_images_only = true;
  const auto device = open_started(made);
  for (const int number : {1, 2, 4})
    EXPECT_TRUE(same_capture(device->next_capture(kNow)->value(), made_capture(made, number)));
  EXPECT_FALSE(device->next_capture(kNow));
}

TEST_F(Replay, UnitOfASimulatedRecordingIsSimulated) {
  EXPECT_TRUE(open(MadeRecording{.serial = "900000512312", .frames = 1})->identity().simulated);
}

TEST(ReplayProvider, ErrorsNameTheRecording) {
  const auto missing = Provider::create({recording_file("none.mkv")}, {});
  EXPECT_EQ(missing.error().code(), Errc::not_found);
  EXPECT_THAT(missing.error().message(), HasSubstr("none.mkv"));
  const auto corrupt = Provider::create({recording_in_memory("bad.mkv", std::vector<std::byte>(100))}, {});
  EXPECT_EQ(corrupt.error().code(), Errc::corrupt);
  EXPECT_THAT(corrupt.error().message(), HasSubstr("bad.mkv"));
}

TEST(RecordedImages, LoopThroughTheRecordingByPulse) {
  const MadeRecording made{.frames = 3};
  auto source = std::make_unique<MemorySource>(write_recording(made));
  const auto images = recorded_images(std::move(source), made.config).value();
  for (const std::uint64_t pulse : {0u, 1u, 2u, 3u, 7u}) {
    const auto expected = made_capture(made, static_cast<int>(pulse % 3));
    EXPECT_TRUE(std::ranges::equal(images->color({.pulse = pulse})->bytes(), expected.color->data.bytes()))
        << pulse;
    const auto depth = images->depth({.pulse = pulse}).value();
    EXPECT_TRUE(std::ranges::equal(depth.depth.bytes(), expected.depth->data.bytes())) << pulse;
    EXPECT_TRUE(std::ranges::equal(depth.ir.bytes(), expected.ir->data.bytes())) << pulse;
    EXPECT_EQ(depth.ir.data(), depth.depth.data() + depth.depth.size()) << "views of one allocation";
  }
}

TEST(RecordedImages, KeepNoMoreThanTheirMemory) {
  const MadeRecording made{.frames = 9};
  auto source = std::make_unique<MemorySource>(write_recording(made));
  const auto images = recorded_images(std::move(source), made.config, {.max_bytes = 1'000'000}).value();
  const Image first = *made_capture(made, 0).ir;
  EXPECT_TRUE(std::ranges::equal(images->depth({.pulse = 2})->ir.bytes(), first.data.bytes()))
      << "two frames of 370 kB fit";
}

TEST(RecordedImages, RefuseAnotherMode) {
  const MadeRecording made{.frames = 1};
  CameraConfig wanted = made.config;
  wanted.depth_mode = DepthMode::wfov_unbinned;
  const auto refused = recorded_images(std::make_unique<MemorySource>(write_recording(made)), wanted);
  EXPECT_EQ(refused.error().code(), Errc::unsupported);
  EXPECT_THAT(refused.error().message(),
              HasSubstr("depth mode is NFOV_2X2BINNED, the bench's unit needs WFOV_UNBINNED"));
}

}  // namespace
}  // namespace genlock::replay
