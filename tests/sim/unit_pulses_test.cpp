#include "device/sim/unit_timeline.h"

#include <gtest/gtest.h>

#include <random>

#include "lab.h"

namespace genlock::device::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;
using enum FrameStream;

// ---- Waiting for the first pulse, and where it comes from ----

TEST(Subordinate, SaysNothingBeforeTheMaster) {
  Lab lab;
  lab.start(kB, seconds(0), cameras(subordinate));
  EXPECT_TRUE(lab.frames(kB, seconds(50)).empty());
  EXPECT_FALSE(lab.timeline(kB).running());
  EXPECT_EQ(lab.timeline(kB).next_delivery(), kForever);
}

TEST(Subordinate, LosesDepthForGoodAfterAMinuteWithoutPulses) {
  for (const bool late : {false, true}) {
    Lab lab;
    lab.start(kB, seconds(0), cameras(subordinate));
    lab.start(kA, late ? seconds(60) : seconds(59), cameras(master));
    const auto frames = lab.frames(kB, seconds(70));
    EXPECT_FALSE(only(color, frames).empty());
    EXPECT_EQ(only(depth, frames).empty(), late);
    lab.stop(kB, seconds(71));
    lab.start(kB, seconds(72), cameras(subordinate));
    EXPECT_FALSE(only(depth, lab.frames(kB, seconds(80))).empty());
  }
}

TEST(Subordinate, StartedAfterTheMasterExposesWithItButCountsFromElsewhere) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(master));
  lab.start(kB, seconds(5), cameras(subordinate));
  const auto a = lab.frames(kA, seconds(9)), b = lab.frames(kB, seconds(9));
  const std::uint64_t pulse = b[30].pulse;
  const Frame of_a = at_pulse(a, color, pulse), of_b = at_pulse(b, color, pulse);
  EXPECT_EQ(of_b.centre, of_a.centre);
  const std::int64_t phase = ((ticks(of_b) - ticks(of_a)) % 3000 + 3000) % 3000;
  EXPECT_GE(phase, 400);
  EXPECT_LE(phase, 2600);
}

TEST(Subordinate, HearsThePulsesThroughUnitsThatOnlyRepeatThem) {
  Lab lab(3);
  lab.start(kC, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
  const auto a = lab.frames(kA, seconds(3)), c = lab.frames(kC, seconds(3));
  EXPECT_EQ(at_pulse(c, color, 20).centre - at_pulse(a, color, 20).centre, lab.config.hop_delay);
  EXPECT_EQ(ticks(at_pulse(c, color, 20)), ticks(at_pulse(a, color, 20)));
}

TEST(Subordinate, HearsNothingThroughACableTheWrongWayRound) {
  Lab lab;
  lab.config.cables[0] = {.from = {"a", Jack::in}, .to = {"b", Jack::out}};
  lab.start(kB, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
  EXPECT_TRUE(lab.frames(kB, seconds(5)).empty());
}

TEST(Subordinate, FollowsAnExternalTrigger) {
  Lab lab;
  lab.config.trigger = TriggerConfig{.rate = FrameRate::fps15, .on = false};
  lab.config.cables = {{.from = {}, .to = {"a", Jack::in}},
                       {.from = {"a", Jack::out}, .to = {"b", Jack::in}}};
  lab.switch_on();
  lab.start(kA, seconds(0), cameras(subordinate, FrameRate::fps15));
  lab.start(kB, seconds(0), cameras(subordinate, FrameRate::fps15));
  EXPECT_TRUE(lab.frames(kA, seconds(2)).empty());
  lab.event(seconds(2), {.kind = EventKind::trigger, .on = true});
  const auto a = lab.frames(kA, seconds(4)), b = lab.frames(kB, seconds(4));
  ASSERT_FALSE(a.empty());
  EXPECT_EQ(ticks(a.front()), ticks(b.front()));
  lab.event(seconds(4), {.kind = EventKind::trigger, .on = false});
  EXPECT_FALSE(lab.frames(kA, seconds(6)).empty());
  EXPECT_FALSE(lab.timeline(kA).locked());
}

// ---- Losing and finding the pulses ----

/// A subordinate b, its clock so much off, and a second later its master a.
void start_pair(Lab& lab, double ppm_of_b) {
  lab.config.units[kB].clock_ppm = ppm_of_b;
  lab.switch_on();
  lab.start(kB, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
}

/// Largest distance of b's exposures from a's for equal pulses.
HostDuration worst_offset(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  HostDuration worst{};
  for (const Frame& frame : only(color, b)) {
    for (const Frame& other : only(color, a)) {
      if (other.pulse == frame.pulse) worst = std::max(worst, std::chrono::abs(frame.centre - other.centre));
    }
  }
  return worst;
}

TEST(Cable, PulledLetsTheSubordinateRunFreeOnItsOwnClock) {
  Lab lab;
  start_pair(lab, 100);
  const auto locked_a = lab.frames(kA, seconds(5)), locked_b = lab.frames(kB, seconds(5));
  EXPECT_EQ(worst_offset(locked_a, locked_b), HostDuration::zero());
  lab.event(seconds(5), {.kind = EventKind::jack, .unit = kB, .on = false, .jack = Jack::in});
  const auto a = lab.frames(kA, seconds(25)), b = lab.frames(kB, seconds(25));
  EXPECT_EQ(only(color, b).size(), only(color, a).size());
  // 100 ppm in 20 s are 2 ms; what was still on its way at the pull was exposed in step.
  EXPECT_NEAR(static_cast<double>(worst_offset(a, b).count()), 2e6, 2e4);
  // Its stamps show nothing of that: they are whole periods of its own clock.
  const auto color_b = only(color, b);
  for (std::size_t i = 10; i < color_b.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(ticks(color_b[i]) - ticks(color_b[i - 1])), 3000, 1);
  }
}

TEST(Cable, PluggedInAgainBringsTheSubordinateBackInStep) {
  Lab lab;
  start_pair(lab, 300);
  for (const auto& [second, plugged] :
       {std::pair(3, false), std::pair(40, true), std::pair(50, false), std::pair(51, true)}) {
    lab.event(seconds(second), {.kind = EventKind::jack, .unit = kB, .on = plugged, .jack = Jack::in});
  }
  lab.frames(kA, seconds(55));
  lab.frames(kB, seconds(55));
  const auto a = lab.frames(kA, seconds(60)), b = lab.frames(kB, seconds(60));
  EXPECT_TRUE(lab.timeline(kB).locked());
  EXPECT_EQ(only(color, a).size(), only(color, b).size());
  EXPECT_EQ(worst_offset(a, b), HostDuration::zero());
}

TEST(Cable, FramesAreNeverCloserThanHalfAPeriodWhateverThePulsesDo) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    Lab lab;
    start_pair(lab, 1000);
    HostDuration at = seconds(2);
    for (int i = 0; i < 20; ++i) {
      at += std::chrono::nanoseconds(random() % 300'000'000);
      lab.event(at, {.kind = EventKind::jack, .unit = kB, .on = i % 2 == 1, .jack = Jack::in});
    }
    const auto frames = only(color, lab.frames(kB, seconds(12)));
    for (std::size_t i = 1; i < frames.size(); ++i) {
      EXPECT_GE(frames[i].centre - frames[i - 1].centre, microseconds(16'600));
      EXPECT_LE(frames[i].centre - frames[i - 1].centre, microseconds(54'500));
    }
  }
}

TEST(Master, GivesPulsesForHalfASecondAfterItsStopAndThenItsSubordinatesRunFree) {
  Lab lab;
  start_pair(lab, 50);
  lab.frames(kB, seconds(5));
  lab.stop(kA, seconds(5));
  lab.frames(kB, seconds(5) + milliseconds(540));
  EXPECT_TRUE(lab.timeline(kB).locked());
  EXPECT_EQ(only(color, lab.frames(kB, seconds(16))).size(), 314U);
  EXPECT_FALSE(lab.timeline(kB).locked());
}

TEST(Master, RestartedCountsFromZeroAgainWhileItsSubordinatesCountOn) {
  Lab lab;
  lab.start(kB, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
  lab.frames(kB, seconds(5));
  lab.stop(kA, seconds(5));
  lab.start(kA, seconds(8), cameras(master));
  lab.frames(kB, seconds(10));
  const auto a = lab.frames(kA, seconds(12)), b = lab.frames(kB, seconds(12));
  EXPECT_LT(ticks(a.back()), 4 * 90'000);
  EXPECT_GT(ticks(b.back()), 10 * 90'000);
  EXPECT_TRUE(lab.timeline(kB).locked());
  EXPECT_EQ(worst_offset(a, b), HostDuration::zero());
}

// ---- Clocks of a pair ----

TEST(Clocks, OfASubordinateFollowTheMasterOnlyIfDisciplined) {
  for (const SubordinateClock kind : {SubordinateClock::free, SubordinateClock::disciplined}) {
    Lab lab;
    lab.config.units[kB].subordinate_clock = kind;
    start_pair(lab, 100);
    const auto a = lab.frames(kA, seconds(102)), b = lab.frames(kB, seconds(102));
    const std::int64_t drift = ticks(at_pulse(b, color, 3000)) - ticks(at_pulse(a, color, 3000));
    EXPECT_EQ(drift, kind == SubordinateClock::free ? 900 : 0);
  }
}

}  // namespace
}  // namespace genlock::device::sim
