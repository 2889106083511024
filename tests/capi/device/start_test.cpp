// Which configurations start, and the states of cameras and IMU: facts k4a-abi.md B3, C1 and G1.

#include <functional>

#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using Config = k4a_device_configuration_t;

constexpr std::uint32_t kPeriodUs = 33333;

struct Rule {
  const char* name;
  std::function<void(Config&)> break_it;
  const char* said;        ///< in the one line of the log
  std::uint32_t unit = 1;  ///< sub1, which has a cable in both jacks
};

void switch_color_off(Config& config) {
  config.color_resolution = K4A_COLOR_RESOLUTION_OFF;
}

void switch_depth_off(Config& config) {
  config.depth_mode = K4A_DEPTH_MODE_OFF;
}

void be(Config& config, k4a_wired_sync_mode_t mode) {
  config.wired_sync_mode = mode;
}

/// In the order of facts C1, whose numbers the names begin with.
const Rule kRules[] = {
    {"R1FormatThatIsNone", [](Config& c) { c.color_format = static_cast<k4a_image_format_t>(300); },
     "colour format"},
    {"R1FormatOfDepthThoughColorIsOff",
     [](Config& c) {
       switch_color_off(c);
       c.color_format = K4A_IMAGE_FORMAT_DEPTH16;
     },
     "colour format"},
    {"R2Resolution", [](Config& c) { c.color_resolution = static_cast<k4a_color_resolution_t>(7); },
     "resolution"},
    {"R3DepthMode", [](Config& c) { c.depth_mode = static_cast<k4a_depth_mode_t>(6); }, "depth mode"},
    {"R4FrameRate", [](Config& c) { c.camera_fps = static_cast<k4a_fps_t>(3); }, "frame rate"},
    {"R5SyncMode", [](Config& c) { be(c, static_cast<k4a_wired_sync_mode_t>(3)); }, "sync mode"},
    {"R6NoCableIn", [](Config& c) { be(c, K4A_WIRED_SYNC_MODE_SUBORDINATE); }, "SYNC IN", 0},
    {"R7NoCableOut", [](Config& c) { be(c, K4A_WIRED_SYNC_MODE_MASTER); }, "SYNC OUT", 2},
    {"R8MasterWithoutColor",
     [](Config& c) {
       be(c, K4A_WIRED_SYNC_MODE_MASTER);
       switch_color_off(c);
     },
     "master"},
    {"R9DelayOffMasterTooLong",
     [](Config& c) {
       be(c, K4A_WIRED_SYNC_MODE_SUBORDINATE);
       c.subordinate_delay_off_master_usec = kPeriodUs + 1;
     },
     "delay off master"},
    {"R10DelayOffMasterOfAStandalone", [](Config& c) { c.subordinate_delay_off_master_usec = 1; },
     "delay off master"},
    {"R11NothingOn",
     [](Config& c) {
       switch_color_off(c);
       switch_depth_off(c);
     },
     "both off"},
    {"R12DepthDelayTooLong", [](Config& c) { c.depth_delay_off_color_usec = kPeriodUs + 1; }, "depth delay"},
    {"R12DepthDelayTooEarly", [](Config& c) { c.depth_delay_off_color_usec = -int{kPeriodUs} - 1; },
     "depth delay"},
    {"R13DepthDelayOfOneCamera",
     [](Config& c) {
       switch_depth_off(c);
       c.depth_delay_off_color_usec = 1;
     },
     "depth delay"},
    {"R14SynchronizedOnlyOfOneCamera",
     [](Config& c) {
       switch_color_off(c);
       c.synchronized_images_only = true;
     },
     "synchronized images only"},
    {"R15WideUnbinnedAt30", [](Config& c) { c.depth_mode = K4A_DEPTH_MODE_WFOV_UNBINNED; }, "too fast"},
    {"R16Nv12Above720p", [](Config& c) { c.color_resolution = K4A_COLOR_RESOLUTION_1080P; },
     "does not exist at"},
    {"R16LargestAt30",
     [](Config& c) {
       c.color_format = K4A_IMAGE_FORMAT_COLOR_MJPG;
       c.color_resolution = K4A_COLOR_RESOLUTION_3072P;
     },
     "too fast"},
};

class StartRule : public testing::TestWithParam<Rule> {
 protected:
  ProgramBench bench_;
};

TEST_P(StartRule, IsKeptAndNamedInOneLine) {
  const OpenDevice device(GetParam().unit);
  Config config = small_cameras();
  GetParam().break_it(config);
  const Heard heard;
  EXPECT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_FAILED);
  EXPECT_THAT(heard.lines(), ElementsAre(HasSubstr(GetParam().said)));
  k4a_capture_t capture = nullptr;
  EXPECT_EQ(k4a_device_get_capture(device, &capture, 0), K4A_WAIT_RESULT_FAILED) << "nothing runs";
}

INSTANTIATE_TEST_SUITE_P(FactsC1, StartRule, testing::ValuesIn(kRules),
                         [](const auto& instance) { return instance.param.name; });

class DeviceStart : public testing::Test {
 protected:
  k4a_result_t start(k4a_device_t device) { return k4a_device_start_cameras(device, &config_); }

  ProgramBench bench_;
  Config config_ = small_cameras();
};

TEST_F(DeviceStart, DelaysAtTheirLimitsAreAllowed) {
  const OpenDevice device(1);
  be(config_, K4A_WIRED_SYNC_MODE_SUBORDINATE);
  config_.subordinate_delay_off_master_usec = kPeriodUs;
  for (const int delay : {int{kPeriodUs}, -int{kPeriodUs}}) {
    config_.depth_delay_off_color_usec = delay;
    EXPECT_EQ(start(device), K4A_RESULT_SUCCEEDED);
    k4a_device_stop_cameras(device);
  }
  switch_color_off(config_);
  config_.depth_delay_off_color_usec = 0;
  EXPECT_EQ(start(device), K4A_RESULT_SUCCEEDED) << "a subordinate may have depth alone";
}

TEST_F(DeviceStart, NothingStartsWithoutAConfiguration) {
  const OpenDevice device;
  EXPECT_EQ(k4a_device_start_cameras(device, nullptr), K4A_RESULT_FAILED);
  config_ = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  EXPECT_EQ(start(device), K4A_RESULT_FAILED);
}

TEST_F(DeviceStart, StopIsHarmlessInAnyState) {
  const OpenDevice device;
  const Heard heard;
  k4a_device_stop_cameras(device);
  k4a_device_stop_imu(device);
  ASSERT_EQ(start(device), K4A_RESULT_SUCCEEDED);
  for (int i = 0; i < 2; ++i) k4a_device_stop_cameras(device), k4a_device_stop_imu(device);
  EXPECT_THAT(heard.lines(), testing::IsEmpty());
}

TEST_F(DeviceStart, ARefusedSecondStartLeavesTheStreamRunning) {
  const OpenDevice device;
  ASSERT_EQ(start(device), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(start(device), K4A_RESULT_FAILED);
  EXPECT_NE(next_capture(bench_, device), nullptr);
}

TEST_F(DeviceStart, TheImuNeedsACameraAndKeepsCamerasFromStarting) {
  const OpenDevice device;
  EXPECT_EQ(k4a_device_start_imu(device), K4A_RESULT_FAILED);
  switch_color_off(config_);
  ASSERT_EQ(start(device), K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(k4a_device_start_imu(device), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_device_start_imu(device), K4A_RESULT_FAILED);
  k4a_device_stop_cameras(device);
  EXPECT_TRUE(next_sample(bench_, device)) << "it goes on without cameras";
  EXPECT_EQ(start(device), K4A_RESULT_FAILED);
  k4a_device_stop_imu(device);
  EXPECT_EQ(start(device), K4A_RESULT_SUCCEEDED);
}

TEST_F(DeviceStart, ReadingTimesOutWhileStartedAndFailsOtherwise) {
  const OpenDevice device;
  k4a_capture_t capture = nullptr;
  k4a_imu_sample_t sample{};
  const auto expect = [&](k4a_wait_result_t result, std::int32_t timeout_ms) {
    EXPECT_EQ(k4a_device_get_capture(device, &capture, timeout_ms), result);
    EXPECT_EQ(k4a_device_get_imu_sample(device, &sample, timeout_ms), result);
  };
  for (const std::int32_t timeout_ms : {0, 1, -1, -1000}) expect(K4A_WAIT_RESULT_FAILED, timeout_ms);
  ASSERT_EQ(start(device), K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(k4a_device_start_imu(device), K4A_RESULT_SUCCEEDED);
  {
    const Heard heard;
    expect(K4A_WAIT_RESULT_TIMEOUT, 0);
    EXPECT_THAT(heard.lines(), testing::IsEmpty()) << "a time-out is no error";
  }
  EXPECT_EQ(capture, nullptr);
  EXPECT_EQ(sample.acc_timestamp_usec, 0U);
  EXPECT_EQ(k4a_device_get_capture(device, nullptr, 0), K4A_WAIT_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_imu_sample(device, nullptr, 0), K4A_WAIT_RESULT_FAILED);
  k4a_device_stop_imu(device);
  k4a_device_stop_cameras(device);
  for (const std::int32_t timeout_ms : {0, -1}) expect(K4A_WAIT_RESULT_FAILED, timeout_ms);
}

TEST_F(DeviceStart, ASubordinateWaitsQuietlyForItsMasterAndAnyOrderOfEndingIsClean) {
  for (const bool master_ends_first : {true, false}) {
    OpenDevice master(0), subordinate(1);
    be(config_, K4A_WIRED_SYNC_MODE_SUBORDINATE);
    ASSERT_EQ(start(subordinate), K4A_RESULT_SUCCEEDED);
    bench_.step(std::chrono::seconds(20));
    k4a_capture_t capture = nullptr;
    EXPECT_EQ(k4a_device_get_capture(subordinate, &capture, 0), K4A_WAIT_RESULT_TIMEOUT);
    be(config_, K4A_WIRED_SYNC_MODE_MASTER);
    ASSERT_EQ(start(master), K4A_RESULT_SUCCEEDED);
    EXPECT_NE(next_capture(bench_, master), nullptr);
    EXPECT_NE(next_capture(bench_, subordinate), nullptr);
    (master_ends_first ? master : subordinate).close();
    bench_.step(std::chrono::seconds(2));
    const k4a_device_t left = master_ends_first ? subordinate : master;
    const k4a_wait_result_t result = k4a_device_get_capture(left, &capture, 0);
    EXPECT_NE(result, K4A_WAIT_RESULT_FAILED) << "the other one's end is no failure";
    if (result == K4A_WAIT_RESULT_SUCCEEDED) k4a_capture_release(capture);
  }
}

TEST_F(DeviceStart, AnUnpluggedUnitTimesOutForEverAndItsImuFails) {
  const OpenDevice device;
  ASSERT_EQ(start(device), K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(k4a_device_start_imu(device), K4A_RESULT_SUCCEEDED);
  ASSERT_NE(next_capture(bench_, device), nullptr);
  bench_.set({"master", "usb", "unplug"});
  take_all(device);
  bench_.step(std::chrono::seconds(60));
  k4a_capture_t capture = nullptr;
  EXPECT_EQ(k4a_device_get_capture(device, &capture, 0), K4A_WAIT_RESULT_TIMEOUT);
  k4a_wait_result_t imu = K4A_WAIT_RESULT_SUCCEEDED;
  k4a_imu_sample_t sample;
  while (imu == K4A_WAIT_RESULT_SUCCEEDED) imu = k4a_device_get_imu_sample(device, &sample, 0);
  EXPECT_EQ(imu, K4A_WAIT_RESULT_FAILED);
}

}  // namespace
}  // namespace genlock::test
