// What moves or spoils single frames: the lines of a triggered sensor, pulses of a wrong rate, writes of the
// exposure, an automatic exposure that drifts.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lab.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;
using enum FrameStream;

constexpr DepthMode kDepth = DepthMode::nfov_unbinned;

/// Two units on one generator that is so many ppm off.
Lab on_generator(double ppm) {
  Lab lab;
  lab.config.trigger = TriggerConfig{.ppm = ppm};
  lab.config.cables = {{.from = {"", Jack::out}, .to = {"a", Jack::in}},
                       {.from = {"", Jack::out}, .to = {"b", Jack::in}}};
  lab.switch_on();
  return lab;
}

std::vector<std::int64_t> intervals(const std::vector<Frame>& frames) {
  std::vector<std::int64_t> found;
  for (std::size_t i = 2; i < frames.size(); ++i) found.push_back(ticks(frames[i]) - ticks(frames[i - 1]));
  return found;
}

TEST(TriggerGrid, GivesThreeClumpsOfIntervalsWhoseMeanIsThePeriod) {
  Lab lab = on_generator(8.4);
  lab.config.units[kA].trigger_grid_ticks = 9.5;
  lab.config.units[kA].jitter_ticks = 1;
  lab.start(kA, seconds(0), {.depth_mode = kDepth, .sync_mode = subordinate});
  const auto frames = lab.frames(kA, seconds(7200));
  std::set<int> clumps;
  for (const std::int64_t interval : intervals(frames)) {
    // SYNC_NUMBERS row 2: 33333 µs and -122..-88, -11..+12, +89..+123 µs.
    const std::int64_t off = interval - 3000;
    const int clump = off < -5 ? -1 : off > 5 ? 1 : 0;
    EXPECT_GE(off, clump * 9 + (clump < 0 ? -2 : -1)) << off;
    EXPECT_LE(off, clump * 9 + (clump > 0 ? 2 : 1)) << off;
    clumps.insert(clump);
  }
  EXPECT_EQ(clumps.size(), 3U);
  const double periods = static_cast<double>(frames.back().pulse - frames[1].pulse);
  const double mean = static_cast<double>(ticks(frames.back()) - ticks(frames[1])) / periods;
  EXPECT_NEAR((mean - 3000 / (1 + 8.4e-6)) * periods, 0, 22);  // a line at either end
}

TEST(TriggerGrid, IsNotThereForPulsesOfAMaster) {
  Lab lab;
  for (UnitConfig& unit : lab.config.units) unit.trigger_grid_ticks = 9.5;
  lab.start(kB, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
  for (const std::int64_t interval : intervals(only(color, lab.frames(kB, seconds(20))))) {
    EXPECT_EQ(interval, 3000);
  }
}

TEST(TriggerRate, IsFollowedHoweverWrongWithinFivePercent) {
  for (const double ppm : {-50'000.0, -1000.0, 1000.0, 50'000.0}) {
    Lab lab = on_generator(ppm);
    lab.start(kA, seconds(0), cameras(subordinate));
    const auto frames = only(color, lab.frames(kA, seconds(60)));
    EXPECT_TRUE(lab.timeline(kA).locked());
    for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_EQ(frames[i].pulse, frames[i - 1].pulse + 1);
    const double mean = static_cast<double>(ticks(frames.back()) - ticks(frames.front())) /
                        static_cast<double>(frames.size() - 1);
    EXPECT_NEAR(mean, 3000 / (1 + ppm * 1e-6), 0.1);
  }
}

/// The part of the colour frames that a generator so many ppm off spoils.
double spoiled(double ppm) {
  Lab lab = on_generator(ppm);
  lab.start(kA, seconds(0), cameras(subordinate));
  const auto frames = only(color, lab.frames(kA, seconds(60)));
  const auto bad =
      std::ranges::count_if(frames, [](const Frame& f) { return f.damage != ColorDamage::none; });
  return static_cast<double>(bad) / static_cast<double>(frames.size());
}

TEST(TriggerRate, SpoilsColourFramesBeyondTheToleranceAlone) {
  EXPECT_EQ(spoiled(500), 0);
  EXPECT_EQ(spoiled(-500), 0);
  EXPECT_NEAR(spoiled(750), 0.5, 0.1);
  EXPECT_EQ(spoiled(-1000), 1);
  EXPECT_EQ(spoiled(1001), 1);
}

TEST(TriggerRate, SpoilsThemPinkAndBlackButNotDepthAndNotOnceTheyRunFree) {
  Lab lab = on_generator(2000);
  lab.start(kA, seconds(0), cameras(subordinate));
  std::set<ColorDamage> damages;
  for (const Frame& frame : lab.frames(kA, seconds(10))) {
    if (frame.stream == color) damages.insert(frame.damage);
    if (frame.stream == depth) {
      EXPECT_EQ(frame.damage, ColorDamage::none);
    }
  }
  EXPECT_EQ(damages, (std::set{ColorDamage::pink, ColorDamage::black}));
  lab.event(seconds(10), {.kind = EventKind::trigger, .on = false});
  lab.frames(kA, seconds(11));
  for (const Frame& frame : lab.frames(kA, seconds(13))) EXPECT_EQ(frame.damage, ColorDamage::none);
}

Event write_exposure(std::size_t unit, std::int32_t us) {
  return {.kind = EventKind::control,
          .unit = static_cast<std::uint8_t>(unit),
          .control = ColorControl::exposure_us,
          .value = {ControlMode::manual, us}};
}

TEST(ExposureWrite, MovesBothCamerasForSomeFramesEvenWithTheSameValue) {
  Lab lab;
  lab.config.units[kA].exposure_write_shift = milliseconds(1);
  lab.config.units[kA].exposure_write_frames = 4;
  lab.event(seconds(0), write_exposure(kA, 16'670));
  lab.start(kA, seconds(1), cameras(standalone));
  lab.event(seconds(5), write_exposure(kA, 16'670));
  const auto frames = lab.frames(kA, seconds(10));
  for (const FrameStream stream : {color, depth}) {
    std::vector<std::uint64_t> moved;
    for (const Frame& frame : only(stream, frames)) {
      const std::int64_t off = ticks(frame) - static_cast<std::int64_t>(frame.pulse) * 3000 - 750;
      if (std::abs(off) > 1) moved.push_back(frame.pulse);
      EXPECT_LE(std::abs(off), 91);
    }
    ASSERT_GE(moved.size(), 3U);
    EXPECT_LE(moved.back() - moved.front(), 3U);
    EXPECT_NEAR(static_cast<double>(moved.front()), (5 - 1.55) * 30, 2);
  }
}

TEST(ExposureWrite, MovesNothingUnlessTheBenchSaysSo) {
  Lab lab;
  lab.start(kA, seconds(1), cameras(standalone));
  lab.event(seconds(5), write_exposure(kA, 16'670));
  for (const Frame& frame : lab.frames(kA, seconds(10)))
    EXPECT_EQ(ticks(frame), static_cast<std::int64_t>(frame.pulse) * 3000 + 750);
}

TEST(AutoExposure, ThatDriftsWalksOverTheStepsAndTakesTheStampsWithIt) {
  Lab lab;
  lab.config.units[kA].auto_exposure = AutoExposure::drifts;
  lab.start(kA, seconds(0), cameras(standalone));
  const auto frames = only(color, lab.frames(kA, seconds(120)));
  std::set<std::int64_t> exposures;
  for (const Frame& frame : frames) {
    exposures.insert(count_us(frame.exposure));
    const std::int64_t longer = std::max<std::int64_t>(count_us(frame.exposure), 12'800);
    EXPECT_EQ(ticks(frame), static_cast<std::int64_t>(frame.pulse) * 3000 + longer * 9 / 200);
  }
  EXPECT_EQ(exposures, (std::set<std::int64_t>{8330, 16'670, 33'330}));
  const auto steps = [](const Frame& f) {
    return count_us(f.exposure) == 8330 ? 0 : count_us(f.exposure) == 16'670 ? 1 : 2;
  };
  for (std::size_t i = 1; i < frames.size(); ++i)
    EXPECT_LE(std::abs(steps(frames[i]) - steps(frames[i - 1])), 1);
}

TEST(AutoExposure, ThatDriftsLeavesAManualExposureAlone) {
  Lab lab;
  lab.config.units[kA].auto_exposure = AutoExposure::drifts;
  lab.event(seconds(0), write_exposure(kA, 8330));
  lab.start(kA, seconds(1), cameras(standalone));
  for (const Frame& frame : only(color, lab.frames(kA, seconds(60))))
    EXPECT_EQ(count_us(frame.exposure), 8330);
}

TEST(ColourSettings, AreThoseOfTheFramesOwnExposure) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.event(seconds(3), {.kind = EventKind::control,
                         .unit = kA,
                         .control = ColorControl::brightness,
                         .value = {ControlMode::manual, 200}});
  for (const Frame& frame : only(color, lab.frames(kA, seconds(6)))) {
    const bool after = frame.centre - lab.boot > seconds(3) + milliseconds(67 + 33);
    const bool before = frame.centre - lab.boot < seconds(3) + milliseconds(67);
    if (after || before) {
      EXPECT_EQ(frame.look.brightness, after ? 200 : 128);
    }
  }
}

}  // namespace
}  // namespace genlock::device::sim
