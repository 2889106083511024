#include <gmock/gmock.h>

#include <cmath>
#include <future>
#include <numeric>

#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::small_cameras;
using test::TemporaryBench;
using testing::HasSubstr;
using enum WiredSyncMode;

TEST(DefaultBench, SubordinatesWaitForTheMasterAndThenShareItsStampsAndPulses) {
  TemporaryBench bench;
  const auto master_unit = bench.open("master"), sub1 = bench.open("sub1"), sub2 = bench.open("sub2");
  ASSERT_TRUE(sub1->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(sub2->start_cameras(small_cameras(subordinate)));
  bench.step(seconds(10));
  EXPECT_FALSE(sub1->next_capture(kNow)->has_value());
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  const auto from_master = next(bench, *master_unit);
  ASSERT_TRUE(from_master && from_master->color && from_master->ir && from_master->depth);
  for (Device* sub : {sub1.get(), sub2.get()}) {
    // A subordinate's first frame comes two pulses before the master's first.
    std::optional<Capture> capture = next(bench, *sub);
    ASSERT_TRUE(capture && capture->color && capture->ir && capture->depth);
    EXPECT_EQ(pulse_in(*capture->color) + 2, pulse_in(*from_master->color));
    capture = next(bench, *sub);
    capture = next(bench, *sub);
    EXPECT_EQ(pulse_in(*capture->color), pulse_in(*from_master->color));
    EXPECT_EQ(pulse_in(*capture->depth), pulse_in(*from_master->ir));
    EXPECT_NEAR(count_us(capture->color->device_time), count_us(from_master->color->device_time), 23);
  }
}

TEST(Opening, IsExclusiveWithinAProcessAndFreeAgainAfterwards) {
  TemporaryBench bench;
  auto unit = bench.open("sub1");
  const auto again = bench.provider().open(1);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::busy);
  const auto other = open_bench(bench.options());
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->open(1).error().code(), Errc::busy);
  EXPECT_EQ((*other)->list()->size(), 3U);
  unit.reset();
  EXPECT_TRUE((*other)->open(1));
}

TEST(FlatUnits, HandOutOnePictureForEveryCapture) {
  BenchConfig config = test::stepped_bench();
  config.units[0].images = "flat";
  TemporaryBench bench(config);
  const auto unit = bench.open("master");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  const auto first = next(bench, *unit), second = next(bench, *unit);
  ASSERT_TRUE(first && first->color && first->depth && second && second->color && second->depth);
  EXPECT_EQ(first->color->data.data(), second->color->data.data());
  EXPECT_EQ(first->depth->data.data(), second->depth->data.data());
  EXPECT_NE(first->color->device_time, second->color->device_time);
}

TEST(Opening, PastTheLastUnitFails) {
  TemporaryBench bench;
  for (const unsigned index : {3U, 1'000'000U}) {
    EXPECT_EQ(bench.provider().open(index).error().code(), Errc::not_found);
  }
}

TEST(Starting, IsRefusedWithoutTheCableItsRoleNeeds) {
  TemporaryBench bench;
  const auto master_unit = bench.open("master"), sub2 = bench.open("sub2");
  EXPECT_EQ(sub2->start_cameras(small_cameras(master)).error().code(), Errc::invalid);  // nothing in sync out
  EXPECT_EQ(master_unit->start_cameras(small_cameras(subordinate)).error().code(), Errc::invalid);
  EXPECT_EQ(*sub2->sync_jacks(), (SyncJacks{.in = true, .out = false}));
  ASSERT_TRUE(set(bench, {"sub2", "cable-in", "pull"}));
  EXPECT_EQ(*sub2->sync_jacks(), (SyncJacks{.in = false, .out = false}));
  EXPECT_FALSE(sub2->start_cameras(small_cameras(subordinate)));
  EXPECT_TRUE(sub2->start_cameras(small_cameras(standalone)));
}

TEST(Starting, IsRefusedWhenTheHostsUsbIsFull) {
  BenchConfig config = test::stepped_bench();
  config.hosts = {{.name = "pc", .units = {"master", "sub1", "sub2"}, .usb_mb_per_s = 450}};
  TemporaryBench bench(config);
  const auto a = bench.open("master"), b = bench.open("sub1"), c = bench.open("sub2");
  EXPECT_TRUE(a->start_cameras(small_cameras(standalone)));
  EXPECT_TRUE(b->start_cameras(small_cameras(standalone)));
  const auto third = c->start_cameras(small_cameras(standalone));
  ASSERT_FALSE(third);
  EXPECT_THAT(third.error().message(), HasSubstr("USB bandwidth"));
  a->stop_cameras();
  EXPECT_TRUE(c->start_cameras(small_cameras(standalone)));
}

TEST(Captures, AreLostOldestFirstWhenTheReaderIsSlow) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  bench.step(seconds(3));
  std::vector<std::int64_t> stamps;
  while (auto capture = *unit->next_capture(kNow)) stamps.push_back(count_us(capture->color->device_time));
  ASSERT_EQ(stamps.size(), 7U);
  EXPECT_NEAR(static_cast<double>(stamps.back() - stamps.front()), 6 * 33333.3, 30);
  EXPECT_GT(stamps.back(), 2'200'000);
  EXPECT_GT(unit->counters().backend.captures_dropped, 50U);
}

TEST(Captures, CarryWhatARealUnitTells) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->set_color_control(ColorControl::exposure_us, {ControlMode::manual, 8'000}));
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  std::optional<HostTime> last;
  for (int i = 0; i < 5; ++i) {
    const auto capture = next(bench, *unit);
    ASSERT_TRUE(capture && capture->color && capture->depth && capture->ir);
    EXPECT_EQ(capture->color->exposure, device_us(8'330));
    EXPECT_EQ(capture->color->white_balance, 4500U);
    EXPECT_GT(capture->color->iso, 0U);
    EXPECT_EQ(capture->color->data.size(), 1'382'400U);
    EXPECT_EQ(capture->ir->data.size(), 184'320U);
    EXPECT_FALSE(capture->ir->exposure);
    EXPECT_EQ(capture->ir->device_time, capture->depth->device_time);
    EXPECT_GT(capture->temperature_c, 0.0F);
    EXPECT_LE(*capture->color->host_time, bench.clock().now());
    EXPECT_TRUE(!last || *capture->color->host_time > *last);
    last = capture->color->host_time;
  }
}

TEST(Captures, WithoutDepthOrColorHaveNone) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(
      unit->start_cameras({.color_format = PixelFormat::yuy2, .color_resolution = ColorResolution::r720p}));
  auto capture = next(bench, *unit);
  ASSERT_TRUE(capture && capture->color && !capture->depth && !capture->ir);
  EXPECT_TRUE(std::isnan(capture->temperature_c));
  unit->stop_cameras();
  ASSERT_TRUE(unit->start_cameras({.depth_mode = DepthMode::passive_ir, .rate = FrameRate::fps5}));
  capture = next(bench, *unit);
  ASSERT_TRUE(capture && !capture->color && !capture->depth && capture->ir);
}

TEST(Waiting, ForACaptureEndsAtTheDeadlineWhenTheClockGetsThere) {
  TemporaryBench bench;
  const auto sub = bench.open("sub1");
  ASSERT_TRUE(sub->start_cameras(small_cameras(subordinate)));
  auto waiting = std::async(std::launch::async, [&] { return sub->next_capture(seconds(360)); });
  while (waiting.wait_for(milliseconds(1)) != std::future_status::ready) bench.step(seconds(5));
  const auto capture = waiting.get();
  ASSERT_TRUE(capture);
  EXPECT_FALSE(capture->has_value());
}

TEST(Waiting, ForEverEndsWithAnErrorWhenAnotherThreadStops) {
  TemporaryBench bench;
  const auto sub = bench.open("sub1");
  ASSERT_TRUE(sub->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(sub->start_imu());
  auto capture = std::async(std::launch::async, [&] { return sub->next_capture(kEver); });
  auto imu = std::async(std::launch::async, [&] { return sub->next_imu_sample(kEver); });
  sub->stop_imu();
  sub->stop_cameras();
  EXPECT_EQ(capture.get().error().code(), Errc::state);
  EXPECT_EQ(imu.get().error().code(), Errc::state);
}

TEST(Waiting, OnARunningBenchEndsWhenTheMasterStartsInAnotherThread) {
  BenchConfig config = test::stepped_bench();
  config.stepped = false;
  config.speed = 10;
  TemporaryBench bench(config);
  const auto sub = bench.open("sub1"), master_unit = bench.open("master");
  ASSERT_TRUE(sub->start_cameras(small_cameras(subordinate)));
  auto waiting = std::async(std::launch::async, [&] { return sub->next_capture(kEver); });
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  const auto capture = waiting.get();
  ASSERT_TRUE(capture && *capture);
  EXPECT_LE(*(*capture)->ir->host_time, bench.clock().now());
}

TEST(DepthCamera, IsOffAfterAMinuteOfArmingUntilTheUnitIsRestarted) {
  TemporaryBench bench;
  const auto sub = bench.open("sub1"), master_unit = bench.open("master");
  CameraConfig armed = small_cameras(subordinate);
  ASSERT_TRUE(sub->start_cameras(armed));
  bench.step(seconds(61));
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  const auto capture = next(bench, *sub, seconds(10));
  ASSERT_TRUE(capture);
  EXPECT_TRUE(capture->color);
  EXPECT_FALSE(capture->ir);
  master_unit->stop_cameras();
  sub->stop_cameras();
  ASSERT_TRUE(sub->start_cameras(armed));
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  EXPECT_TRUE(next(bench, *sub)->ir);
}

TEST(ColorControls, StayInTheUnitUntilItLosesPower) {
  TemporaryBench bench;
  const ControlValue exposure{ControlMode::manual, 2'500};
  {
    const auto unit = bench.open("sub1");
    ASSERT_TRUE(unit->set_color_control(ColorControl::exposure_us, {ControlMode::manual, 1'251}));
    ASSERT_TRUE(unit->set_color_control(ColorControl::gain, {ControlMode::manual, 7}));
  }
  {
    const auto unit = bench.open("sub1");
    EXPECT_EQ(*unit->color_control(ColorControl::exposure_us), exposure);
    EXPECT_EQ(unit->color_control(ColorControl::gain)->value, 7);
  }
  ASSERT_TRUE(set(bench, {"sub1", "usb", "unplug"}));
  ASSERT_TRUE(set(bench, {"sub1", "usb", "replug"}));
  EXPECT_EQ(bench.open("sub1")->color_control(ColorControl::exposure_us)->mode, ControlMode::automatic);
}

TEST(ColorControls, ReadBackOnTheStepOfThePowerLine) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->set_color_control(ColorControl::exposure_us, {ControlMode::manual, 8'331}));
  EXPECT_EQ(unit->color_control(ColorControl::exposure_us)->value, 16'670);
  ASSERT_TRUE(unit->set_color_control(ColorControl::powerline_frequency, {ControlMode::manual, 1}));
  EXPECT_EQ(unit->color_control(ColorControl::exposure_us)->value, 10'000);
  ASSERT_TRUE(unit->set_color_control(ColorControl::exposure_us, {ControlMode::automatic, 0}));
  EXPECT_EQ(*unit->color_control(ColorControl::exposure_us), (ControlValue{ControlMode::automatic, 20'000}));
}

TEST(Imu, SpeaksAtItsRateInTheUnitsTimeAndFeelsGravity) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  ASSERT_TRUE(unit->start_imu());
  std::vector<ImuSample> samples;
  std::array<ImuSample, 900> buffer;
  for (int i = 0; i < 40; ++i) {
    bench.step(milliseconds(100));
    const auto read = unit->read_imu(buffer, kNow);
    ASSERT_TRUE(read);
    samples.insert(samples.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*read));
  }
  const double span =
      static_cast<double>(count_us(samples.back().accel_time) - count_us(samples.front().accel_time));
  EXPECT_NEAR(static_cast<double>(samples.size() - 1) / span * 1e6, 1666, 1);
  EXPECT_EQ(samples.size() % 8, 0U);
  EXPECT_LT(count_us(samples.front().accel_time), 2'000'000);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    EXPECT_GT(samples[i].gyro_time, samples[i - 1].gyro_time);
    EXPECT_LT(samples[i].accel_time - samples[i - 1].accel_time, device_us(900));
  }
  const auto& accel = samples.front().accel;
  EXPECT_NEAR(std::sqrt(std::inner_product(accel.begin(), accel.end(), accel.begin(), 0.0)), 9.81, 1e-3);
  EXPECT_LT(accel[2], -9.0F);
  EXPECT_EQ(unit->counters().backend.imu_samples_dropped, 0U);
}

TEST(Imu, KeepsTheNewestHalfSecondAndCountsWhatItLost) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  ASSERT_TRUE(unit->start_imu());
  bench.step(seconds(10));
  std::array<ImuSample, 900> buffer;
  EXPECT_EQ(*unit->read_imu(buffer, kNow), 833U);
  EXPECT_GT(count_us(buffer[0].accel_time), 8'800'000);
  EXPECT_GT(unit->counters().backend.imu_samples_dropped, 14'000U);
}

TEST(Imu, OfASubordinateIsSilentBeforeTheFirstPulse) {
  TemporaryBench bench;
  const auto sub = bench.open("sub1"), master_unit = bench.open("master");
  ASSERT_TRUE(sub->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(sub->start_imu());
  bench.step(seconds(20));
  EXPECT_FALSE(sub->next_imu_sample(kNow)->has_value());
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  bench.step(milliseconds(600));
  const auto sample = sub->next_imu_sample(kNow);
  ASSERT_TRUE(sample && *sample);
  EXPECT_LT(count_us((*sample)->accel_time), 12'000);
}

TEST(Imu, RunsOnWhenTheCamerasStop) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  ASSERT_TRUE(unit->start_imu());
  bench.step(seconds(2));
  unit->stop_cameras();
  std::array<ImuSample, 900> buffer;
  ASSERT_TRUE(unit->read_imu(buffer, kNow));
  bench.step(milliseconds(100));
  EXPECT_GE(*unit->read_imu(buffer, kNow), 150U);
}

}  // namespace
}  // namespace genlock::device::sim
