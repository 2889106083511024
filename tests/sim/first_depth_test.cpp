#include <gtest/gtest.h>

#include <functional>

#include "device/sim/capture_queue.h"
#include "lab.h"
#include "reading.h"

// Whatever a valid bench and camera configuration make of the first depth frames, depth arrives.

namespace genlock::device::sim {
namespace {

using std::chrono::seconds;
using enum WiredSyncMode;

/// Captures with depth among those that a unit's frames become by a time.
std::size_t with_depth(Lab& lab, std::size_t unit, const CameraConfig& config, HostDuration until) {
  const UnitLog log("test");
  CaptureQueue queue(config, log);
  std::size_t count = 0;
  for (const Frame& frame : lab.frames(unit, until)) {
    queue.push(frame);
    while (const auto capture = queue.pop()) count += capture->depth.has_value();
  }
  return count;
}

/// Cameras of a role, with delays as long as they can be.
CameraConfig latest(WiredSyncMode mode, FrameRate rate, bool delayed) {
  CameraConfig config = cameras(mode, rate);
  if (!delayed) return config;
  config.depth_delay_off_color = period_us(rate);
  if (mode == subordinate) config.delay_off_master = period_us(rate);
  return config;
}

/// Starts the unit b in a role, a being its master before or after it, and expects depth from both.
void expect_depth(Lab& lab, WiredSyncMode mode, FrameRate rate, bool delayed, bool armed_first) {
  const CameraConfig of_b = latest(mode, rate, delayed), of_a = latest(master, rate, delayed);
  lab.switch_on();
  lab.start(armed_first ? kB : kA, seconds(0), armed_first ? of_b : of_a);
  lab.start(armed_first ? kA : kB, seconds(2), armed_first ? of_a : of_b);
  EXPECT_GT(with_depth(lab, kA, of_a, seconds(20)), 10U) << fps(rate);
  EXPECT_GT(with_depth(lab, kB, of_b, seconds(20)), 10U)
      << fps(rate) << ' ' << to_string(mode) << (delayed ? " delayed" : "") << (armed_first ? " armed" : "");
}

/// Every rate and role, with and without delays, on units as `set_up` makes them.
void expect_depth_always(const std::function<void(UnitConfig&)>& set_up) {
  for (const FrameRate rate : {FrameRate::fps5, FrameRate::fps15, FrameRate::fps30}) {
    for (const WiredSyncMode mode : {standalone, subordinate}) {
      for (const bool delayed : {false, true}) {
        for (const bool armed_first : {false, true}) {
          Lab lab;
          for (UnitConfig& unit : lab.config.units) set_up(unit);
          expect_depth(lab, mode, rate, delayed, armed_first);
        }
      }
    }
  }
}

TEST(FirstDepth, ArrivesWithTheFirstPulsesOfEveryFirmware) {
  for (const Version firmware :
       {Version{1, 6, 102}, Version{1, 6, 104}, Version{1, 6, 107}, Version{1, 6, 108}, Version{1, 6, 110}}) {
    expect_depth_always([&](UnitConfig& unit) { unit.version.color = firmware; });
  }
}

TEST(FirstDepth, ArrivesWithTheLatestFirstPulseAndTheLargestOffset) {
  expect_depth_always([](UnitConfig& unit) {
    unit.first_pulse = kMaxFirstPulse;
    unit.counter_offset = kMaxCounterOffset;
  });
}

TEST(FirstDepth, ArrivesWhenManyOfTheFirstFramesAreLost) {
  expect_depth_always([](UnitConfig& unit) { unit.start_drops = {30, 30}; });
}

TEST(FirstDepth, ArrivesAfterAStallThatBeganBeforeIt) {
  Lab lab;
  const CameraConfig config = cameras(standalone);
  const auto stall = [](bool on) {
    return Event{.kind = EventKind::stall, .unit = kA, .on = on, .streams = {.depth = true}};
  };
  lab.event(seconds(0), stall(true));
  lab.start(kA, seconds(1), config);
  lab.event(seconds(5), stall(false));
  EXPECT_GT(with_depth(lab, kA, config, seconds(10)), 100U);
}

TEST(FirstDepth, ArrivesFromABenchFileWithBothKeysAtTheirEnds) {
  auto config = parse_bench(
      "clock = \"stepped\"\nloop_frames = 1\n[[unit]]\nname = \"a\"\nserial = \"900001400101\"\n"
      "first_pulse = 10\ncounter_offset_ticks = 30000\n",
      "late.toml");
  ASSERT_TRUE(config) << config.error().message();
  test::TemporaryBench bench(*std::move(config));
  const auto unit = bench.open("a");
  ASSERT_TRUE(unit->start_cameras(test::small_cameras(standalone)));
  const auto capture = next(bench, *unit);
  ASSERT_TRUE(capture);
  EXPECT_TRUE(capture->color);
  EXPECT_TRUE(capture->depth);
}

}  // namespace
}  // namespace genlock::device::sim
