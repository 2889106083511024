#include "device/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/thread.h"
#include "device/registry.h"
#include "fake_backend.h"

namespace genlock::device {
namespace {

using testing::HasSubstr;

constexpr HostDuration kNow{0};
constexpr HostDuration kForever{-1};
constexpr CameraConfig kBoth{.color_resolution = ColorResolution::r720p,
                             .depth_mode = DepthMode::nfov_unbinned,
                             .rate = FrameRate::fps30};

Image image_at(std::int64_t us) {
  return {.device_time = device_time_us(us)};
}

Capture both_at(std::int64_t us) {
  return {.color = image_at(us), .depth = image_at(us), .ir = image_at(us)};
}

class DeviceShell : public testing::Test {
 protected:
  ManualClock clock_;
  FakeUnit unit_;
  Device device_{std::make_unique<FakeBackend>(unit_, clock_), clock_};
};

TEST_F(DeviceShell, ReadingBeforeStartAndAfterStopFailsWhateverTheTimeout) {
  for (const HostDuration timeout : {kNow, HostDuration(std::chrono::milliseconds(5)), kForever}) {
    EXPECT_EQ(device_.next_capture(timeout).error().code(), Errc::state);
    EXPECT_EQ(device_.next_imu_sample(timeout).error().code(), Errc::state);
  }
  ASSERT_TRUE(device_.start_cameras(kBoth));
  EXPECT_FALSE(device_.next_capture(kNow).value());
  device_.stop_cameras();
  EXPECT_EQ(device_.next_capture(kForever).error().code(), Errc::state);
}

TEST_F(DeviceShell, SecondStartIsRefusedAndTheRunningStreamGoesOn) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  const Status again = device_.start_cameras(kBoth);
  EXPECT_EQ(again.error().code(), Errc::state);
  EXPECT_THAT(again.error().message(), HasSubstr("unit 000123456712"));
  unit_.give(both_at(1000));
  EXPECT_TRUE(device_.next_capture(kNow).value());
}

TEST_F(DeviceShell, ImuNeedsARunningCameraAndKeepsCamerasFromStarting) {
  EXPECT_EQ(device_.start_imu().error().code(), Errc::state);
  ASSERT_TRUE(device_.start_cameras(kBoth));
  ASSERT_TRUE(device_.start_imu());
  EXPECT_EQ(device_.start_imu().error().code(), Errc::state);
  device_.stop_cameras();
  EXPECT_EQ(device_.start_cameras(kBoth).error().code(), Errc::state);
  unit_.give(ImuSample{});
  EXPECT_TRUE(device_.next_imu_sample(kNow).value()) << "the IMU goes on without cameras";
  device_.stop_imu();
  device_.stop_imu();
  EXPECT_TRUE(device_.start_cameras(kBoth));
}

TEST_F(DeviceShell, StopIsHarmlessInAnyStateAndReachesTheBackendOnce) {
  device_.stop_cameras();
  device_.stop_imu();
  ASSERT_TRUE(device_.start_cameras(kBoth));
  device_.stop_cameras();
  device_.stop_cameras();
  MutexLock lock(unit_.mutex);
  EXPECT_EQ(unit_.stops, 1);
}

TEST_F(DeviceShell, ConfigurationIsCheckedAgainstTheJacksBeforeTheUnitHearsOfIt) {
  unit_.jacks = {.in = false, .out = false};
  CameraConfig config = kBoth;
  config.sync_mode = WiredSyncMode::subordinate;
  const Status refused = device_.start_cameras(config);
  EXPECT_EQ(refused.error().code(), Errc::invalid);
  EXPECT_EQ(refused.error().message(),
            "unit 000123456712: no cable in SYNC IN; plug the chain, or start it as standalone");
  EXPECT_FALSE(device_.running_config());
  MutexLock lock(unit_.mutex);
  EXPECT_EQ(unit_.starts, 0);
}

TEST_F(DeviceShell, FailedStartLeavesTheUnitStopped) {
  unit_.start_error = Error(Errc::io, "not enough bandwidth");
  EXPECT_EQ(device_.start_cameras(kBoth).error().message(), "unit 000123456712: not enough bandwidth");
  EXPECT_EQ(device_.next_capture(kNow).error().code(), Errc::state);
  unit_.start_error.reset();
  EXPECT_TRUE(device_.start_cameras(kBoth));
}

TEST_F(DeviceShell, StopWakesAReaderThatWaitsForEver) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  std::optional<Errc> seen;
  Thread reader("reader", [&] { seen = device_.next_capture(kForever).error().code(); });
  unit_.await_reader();
  device_.stop_cameras();
  reader.join();
  EXPECT_EQ(seen, Errc::state);
}

TEST_F(DeviceShell, StartsFromTwoThreadsLeaveExactlyOneWinner) {
  std::array<bool, 2> won{};
  {
    Thread other("starter", [&] { won[0] = device_.start_cameras(kBoth).has_value(); });
    won[1] = device_.start_cameras(kBoth).has_value();
  }
  EXPECT_NE(won[0], won[1]);
}

TEST_F(DeviceShell, CountsWhatWasDeliveredAndWhatTheStampsSayIsMissing) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  unit_.give(both_at(100'000));
  unit_.give(both_at(133'322));  // one tick early
  unit_.give({.depth = image_at(166'688), .ir = image_at(166'688)});
  unit_.give(both_at(233'333));  // colour: two gone, depth: one
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(device_.next_capture(kNow).value());
  const DeviceCounters counters = device_.counters();
  EXPECT_EQ(counters.captures, 4u);
  EXPECT_EQ(counters.color.delivered, 3u);
  EXPECT_EQ(counters.color.missing, 2u);
  EXPECT_EQ(counters.depth.delivered, 4u);
  EXPECT_EQ(counters.depth.missing, 1u);
  EXPECT_EQ(counters.backend.captures_dropped, 4u);
}

TEST_F(DeviceShell, CountersBeginAnewWithEveryStart) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  unit_.give(both_at(100'000));
  ASSERT_TRUE(device_.next_capture(kNow).value());
  device_.stop_cameras();
  ASSERT_TRUE(device_.start_cameras(kBoth));
  EXPECT_EQ(device_.counters().captures, 0u);
  unit_.give(both_at(900'000));
  ASSERT_TRUE(device_.next_capture(kNow).value());
  EXPECT_EQ(device_.counters().color.missing, 0u) << "the time between two runs is no gap";
}

TEST_F(DeviceShell, TimeoutIsCountedOnTheUnitsClock) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  std::optional<bool> got;
  Thread reader("reader", [&] { got = device_.next_capture(std::chrono::seconds(60))->has_value(); });
  unit_.await_reader();
  clock_.step(std::chrono::seconds(60));
  reader.join();
  EXPECT_EQ(got, false);
}

TEST_F(DeviceShell, ErrorsOfAUnitThatIsGoneNameTheUnit) {
  unit_.command_error = Error(Errc::disconnected, "no longer on the bus");
  EXPECT_EQ(device_.sync_jacks().error().message(), "unit 000123456712: no longer on the bus");
  EXPECT_EQ(device_.color_control(ColorControl::gain).error().code(), Errc::disconnected);
  CameraConfig master = kBoth;
  master.sync_mode = WiredSyncMode::master;
  EXPECT_EQ(device_.start_cameras(master).error().code(), Errc::disconnected);
}

TEST_F(DeviceShell, ReadsAsManySamplesAsThereAreAndFit) {
  ASSERT_TRUE(device_.start_cameras(kBoth));
  ASSERT_TRUE(device_.start_imu());
  for (int i = 0; i < 5; ++i) unit_.give(ImuSample{});
  std::array<ImuSample, 4> out;
  EXPECT_EQ(device_.read_imu(std::span<ImuSample>(), kNow).value(), 0u) << "no room, nothing taken";
  EXPECT_EQ(device_.read_imu(out, kNow).value(), 4u);
  EXPECT_EQ(device_.read_imu(out, kNow).value(), 1u);
  EXPECT_EQ(device_.read_imu(out, kNow).value(), 0u);
  EXPECT_EQ(device_.counters().imu_samples, 5u);
}

TEST_F(DeviceShell, RefusesControlValuesThatNoUnitTakes) {
  const Status refused = device_.set_color_control(ColorControl::gain, {.value = 256});
  EXPECT_EQ(refused.error().message(), "unit 000123456712: gain 256 is out of range; set 0 to 255");
  EXPECT_EQ(device_.color_control(static_cast<ColorControl>(10)).error().code(), Errc::invalid);
}

TEST(Device, IsStoppedWhenItGoes) {
  ManualClock clock;
  FakeUnit unit;
  {
    Device device(std::make_unique<FakeBackend>(unit, clock), clock);
    ASSERT_TRUE(device.start_cameras(kBoth));
    ASSERT_TRUE(device.start_imu());
  }
  MutexLock lock(unit.mutex);
  EXPECT_FALSE(unit.running);
  EXPECT_FALSE(unit.imu_running);
}

class FakeProvider final : public Provider {
 public:
  std::string backend() const override { return "fake"; }
  std::string description() const override { return "three units"; }
  Result<std::vector<UnitListing>> list() override {
    return std::vector<UnitListing>{{0, "A", ""}, {1, "", ""}, {2, "", ""}};
  }
  Result<std::unique_ptr<Device>> open(unsigned index) override {
    if (index < 2) return Error(Errc::busy, "open elsewhere");
    unit_.identity.serial = "C";
    return std::make_unique<Device>(std::make_unique<FakeBackend>(unit_, clock_), clock_);
  }
  Clock& clock() override { return clock_; }

 private:
  ManualClock clock_;
  FakeUnit unit_;
};

TEST(OpenSerial, SkipsBusyUnitsUnlessTheListingNamesThem) {
  FakeProvider provider;
  EXPECT_EQ(open_serial(provider, "A").error().code(), Errc::busy);
  EXPECT_EQ(open_serial(provider, "C").value()->identity().serial, "C");
  const auto none = open_serial(provider, "D");
  EXPECT_EQ(none.error().code(), Errc::not_found);
  EXPECT_THAT(none.error().message(), HasSubstr("D here; attached: A, "));
}

}  // namespace
}  // namespace genlock::device
