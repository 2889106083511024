// What the host makes of a unit: how late frames come, what its own clock shows, what its library throws
// away.

#include <gtest/gtest.h>

#include <algorithm>

#include "device/sim/capture_queue.h"
#include "device/sim/chance.h"
#include "device/sim/latency.h"
#include "device/sim/pc_clock.h"
#include "lab.h"
#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum WiredSyncMode;
using test::TemporaryBench;

// ---- Latency ----

struct Spread {
  double least, mean, most;
};
Spread spread_of(const Latency& latency) {
  Spread spread{1e9, 0, 0};
  constexpr std::uint64_t kFrames = 20'000;
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    const double ms =
        static_cast<double>(latency_of(latency, random_bits(1, Chance::color_latency, 0, i)).count()) / 1e6;
    spread = {std::min(spread.least, ms), spread.mean + ms / kFrames, std::max(spread.most, ms)};
  }
  return spread;
}

TEST(Latency, HasTheMeanItIsGivenWithinItsBounds) {
  for (const int mean : {85, 86, 93, 110, 121, 140, 155, 156}) {
    const Spread spread = spread_of({milliseconds(85), milliseconds(156), milliseconds(mean)});
    EXPECT_NEAR(spread.mean, mean, 0.4);
    EXPECT_GE(spread.least, 85);
    EXPECT_LE(spread.most, 156);
  }
  const Spread measured = spread_of({milliseconds(85), milliseconds(156), milliseconds(93)});
  EXPECT_LT(measured.least, 85.1);
  EXPECT_GT(measured.most, 154);
}

TEST(Latency, IsEvenWithoutAMean) {
  const Spread spread = spread_of({milliseconds(80), milliseconds(120), std::nullopt});
  EXPECT_NEAR(spread.mean, 100, 0.4);
}

// ---- Clocks of hosts ----

TEST(PcClock, FindsTheFirstBenchTimeThatItShows) {
  const HostTime boot{std::chrono::hours(7)};
  for (const double ppm : {-50.123, 0.0, 33.333}) {
    const PcClock clock(boot, {.clock_offset = milliseconds(-1234), .clock_ppm = ppm});
    for (std::int64_t ns = 0; ns < 40'000'000'000; ns += 1'234'567'891) {
      const HostTime t = boot + HostDuration(ns);
      const HostTime found = clock.bench_time(clock.shows(t));
      EXPECT_LE(found, t);
      EXPECT_EQ(clock.shows(found), clock.shows(t));
      EXPECT_LT(clock.shows(found - HostDuration(1)), clock.shows(t));
    }
    EXPECT_EQ(clock.bench_time(kNoDeadline), kNoDeadline);
  }
}

BenchConfig two_clocks() {
  BenchConfig config = test::stepped_bench();
  config.hosts[1].clock_offset = milliseconds(2500);
  config.hosts[1].clock_ppm = 100;
  return config;
}

TEST(HostClock, IsThatOfTheHostLookedFrom) {
  TemporaryBench bench(two_clocks());
  const auto sub1 = Bench::open(bench.options("sub1"));
  ASSERT_TRUE(sub1);
  bench.step(seconds(1000));
  const HostDuration lead = (*sub1)->clock().now() - bench.clock().now();
  EXPECT_EQ(lead, milliseconds(2500 + 100));
  EXPECT_EQ((*sub1)->clock().wall_now() - bench.clock().wall_now(), lead);
}

TEST(HostClock, StampsFramesAndEndsWaitsThere) {
  TemporaryBench bench(two_clocks());
  const auto here = Bench::open(bench.options("sub1"));
  ASSERT_TRUE(here);
  const auto provider = make_provider(*here);
  auto unit = provider->open(0);
  ASSERT_TRUE(unit);
  ASSERT_TRUE((*unit)->start_cameras(test::small_cameras(standalone)));
  const auto capture = next(bench, **unit);
  ASSERT_TRUE(capture);
  const HostDuration age = (*here)->clock().now() - *capture->color->host_time;
  EXPECT_GE(age, HostDuration::zero());
  EXPECT_LE(age, milliseconds(10));
  while (next(bench, **unit, HostDuration::zero())) continue;
  const auto nothing = (*unit)->next_capture(kNow);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
}

// ---- Frames from before the reset ----

TEST(EarlyDepth, ComesWithTheOldCountAndDoesNotLeaveThePairing) {
  for (const FrameRate rate : {FrameRate::fps5, FrameRate::fps30}) {
    for (const WiredSyncMode mode : {standalone, master}) {
      Lab lab;
      lab.config.units[kA].early_depth_frames = 3;
      const CameraConfig config = cameras(mode, rate);
      lab.start(kA, seconds(0), config);
      std::int64_t early = 0;
      const UnitLog log("test");
      CaptureQueue queue(config, log);
      std::size_t captures = 0;
      for (const Frame& frame : lab.frames(kA, seconds(3))) {
        early += frame.early;
        if (frame.early) {
          EXPECT_GE(ticks(frame) / count_ticks(frame_period(rate)), 11);
          EXPECT_EQ(captures, 0U);
        }
        queue.push(frame);
        while (const auto capture = queue.pop()) {
          EXPECT_TRUE(capture->color && capture->depth);
          ++captures;
        }
      }
      EXPECT_EQ(early, rate == FrameRate::fps5 ? 2 : 3);  // 0.55 s hold two periods of 0.2 s
      EXPECT_GT(captures, 2U);
    }
  }
}

TEST(EarlyDepth, ComesToAProgramThatHasPairingOff) {
  Lab lab;
  lab.config.units[kA].early_depth_frames = 3;
  const CameraConfig config = cameras(standalone, FrameRate::fps30);
  lab.start(kA, seconds(0), config);
  const UnitLog log("test");
  CaptureQueue queue(config, log, {.pairing = PairingMode::pass_through});
  int early = 0;
  for (const Frame& frame : lab.frames(kA, seconds(3))) {
    queue.push(frame);
    const auto capture = queue.pop();
    ASSERT_TRUE(capture);
    EXPECT_NE(capture->color.has_value(), capture->depth.has_value());
    early += capture->depth && capture->depth->early;
    EXPECT_FALSE(queue.pop());
  }
  EXPECT_EQ(early, 3);
}

TEST(EarlyDepth, IsNotThereForDepthAloneOrBeforeAPulse) {
  Lab lab;
  for (UnitConfig& unit : lab.config.units) unit.early_depth_frames = 3;
  lab.start(kA, seconds(0), {.depth_mode = DepthMode::nfov_unbinned});
  lab.start(kB, seconds(0), cameras(subordinate));
  for (const std::size_t unit : {kA, kB})
    for (const Frame& frame : lab.frames(unit, seconds(3))) EXPECT_FALSE(frame.early);
}

// ---- Warmth ----

TEST(WarmUp, TakesItsTimeSinceThePowerCameAndIsSeenInCapturesAndImu) {
  BenchConfig config = test::stepped_bench();
  config.units[0].cold_temperature_c = 20;
  config.units[0].warm_up = minutes(30);
  TemporaryBench bench(config);
  const auto unit = bench.open("master");
  const auto temperature = [&] {
    EXPECT_TRUE(unit->start_cameras(test::small_cameras(standalone)));
    EXPECT_TRUE(unit->start_imu());
    const auto capture = next(bench, *unit);
    const auto sample = unit->next_imu_sample(kNow);
    EXPECT_TRUE(capture && sample && *sample);
    unit->stop_imu();
    unit->stop_cameras();
    EXPECT_NEAR(capture->temperature_c, (*sample)->temperature_c, 0.01);
    const float steps = (*sample)->temperature_c * 256;
    EXPECT_EQ(steps, static_cast<float>(static_cast<int>(steps)));
    return static_cast<double>(capture->temperature_c);
  };
  EXPECT_NEAR(temperature(), 20, 0.1);
  bench.step(minutes(10));
  EXPECT_NEAR(temperature(), 27 - 7 * 8.0 / 27, 0.1);
  bench.step(minutes(21));
  EXPECT_EQ(temperature(), 27);
}

TEST(WarmUp, BeginsAnewWithEveryPowerCycle) {
  BenchConfig config = test::stepped_bench();
  config.units[0].cold_temperature_c = 20;
  TemporaryBench bench(config);
  bench.step(minutes(60));
  ASSERT_TRUE(set(bench, {"master", "usb", "unplug"}));
  ASSERT_TRUE(set(bench, {"master", "usb", "replug"}));
  const auto unit = bench.open("master");
  ASSERT_TRUE(unit->start_cameras(test::small_cameras(standalone)));
  const auto capture = next(bench, *unit);
  ASSERT_TRUE(capture);
  EXPECT_NEAR(capture->temperature_c, 20, 0.1);
}

}  // namespace
}  // namespace genlock::device::sim
