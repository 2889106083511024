#include "device/sim/laser_field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "lab.h"

namespace genlock::device::sim {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;

Event jack(std::size_t unit, bool plugged) {
  return {.kind = EventKind::jack, .unit = static_cast<std::uint8_t>(unit), .on = plugged, .jack = Jack::in};
}

Event power_off(std::size_t unit) {
  return {.kind = EventKind::power, .unit = static_cast<std::uint8_t>(unit)};
}

Event exposure(std::size_t unit, std::int32_t us) {
  return {.kind = EventKind::control,
          .unit = static_cast<std::uint8_t>(unit),
          .control = ColorControl::exposure_us,
          .value = {ControlMode::manual, us}};
}

CameraConfig delayed(WiredSyncMode mode, std::int64_t depth_delay_us, FrameRate rate = FrameRate::fps30) {
  CameraConfig config = cameras(mode, rate);
  config.depth_delay_off_color = device_us(depth_delay_us);
  return config;
}

/// A chain: the subordinates first, then the master.
void start_chain(Lab& lab, const std::vector<CameraConfig>& configs) {
  for (std::size_t i = configs.size(); i-- > 0;)
    lab.start(i, milliseconds(10 * (configs.size() - i)), configs[i]);
}

/// One depth frame and what shines into it.
struct Seen {
  Frame frame;
  std::vector<LaserOverlap> others;

  double share_of(std::size_t unit) const {
    double share = 0;
    for (const LaserOverlap& other : others)
      if (other.unit == unit) share += static_cast<double>(other.share);
    return share;
  }
};

std::vector<Seen> seen(Lab& lab, std::size_t unit, HostDuration until) {
  std::vector<Seen> all;
  for (const Frame& frame : only(FrameStream::depth, lab.frames(unit, until)))
    all.push_back({frame, lab.lasers_in(unit, frame)});
  EXPECT_FALSE(all.empty());
  return all;
}

/// Pairs of units of which the first sees the second in any frame.
std::vector<std::pair<std::size_t, std::size_t>> pairs(Lab& lab, std::size_t units, HostDuration until) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < units; ++i) {
    std::map<std::size_t, bool> others;
    for (const Seen& one : seen(lab, i, until))
      for (const LaserOverlap& other : one.others) others[other.unit] = true;
    for (const auto& [other, yes] : others) found.emplace_back(i, other);
  }
  return found;
}

/// The documented condition (facts device.md 2.7) for two trains of one mode whose centres are so far apart.
bool free_of_each_other(HostDuration apart) {
  constexpr std::int64_t kPeriod = 1'575'000, kPulse = 125'000, kLength = 12'725'000;
  const std::int64_t delta = std::abs(apart.count());
  return delta >= kLength || (delta % kPeriod >= kPulse && delta % kPeriod <= kPeriod - kPulse);
}

// ---- Chains and their delays ----

TEST(LaserField, OfAChainWithoutDelaysIsFullOfEachOther) {
  Lab lab(3);
  start_chain(lab, {cameras(master), cameras(subordinate), cameras(subordinate)});
  for (const std::size_t unit : {kA, kB, kC}) {
    for (const Seen& one : seen(lab, unit, seconds(3))) {
      ASSERT_EQ(one.others.size(), 2U);
      EXPECT_LT(one.others[0].unit, one.others[1].unit);
      for (const LaserOverlap& other : one.others) {
        EXPECT_NE(other.unit, unit);
        EXPECT_EQ(other.mode, DepthMode::nfov_2x2binned);
        // All of a pulse but half a microsecond for every unit that it passes through.
        EXPECT_NEAR(other.share, 1, 1.0 / 125);
      }
    }
  }
}

class Spread : public testing::TestWithParam<bool> {
 protected:
  /// Units 160 µs apart, by delaying depth or whole units.
  static void start(Lab& lab, int units) {
    std::vector<CameraConfig> configs;
    for (int i = 0; i < units; ++i) {
      CameraConfig config = cameras(i == 0 ? master : subordinate);
      (GetParam() ? config.depth_delay_off_color : config.delay_off_master) = device_us(160 * i);
      configs.push_back(config);
    }
    start_chain(lab, configs);
  }
};

TEST_P(Spread, By160MicrosecondsKeepsTenUnitsApart) {
  Lab lab(10);
  start(lab, 10);
  EXPECT_TRUE(pairs(lab, 10, seconds(3)).empty());
}

TEST_P(Spread, By160MicrosecondsMakesTheEleventhUnitAndTheFirstCollide) {
  Lab lab(11);
  start(lab, 11);
  EXPECT_EQ(pairs(lab, 11, seconds(3)), (std::vector<std::pair<std::size_t, std::size_t>>{{0, 10}, {10, 0}}));
}

INSTANTIATE_TEST_SUITE_P(LaserField, Spread, testing::Bool(),
                         [](const auto& which) { return which.param ? "DepthDelays" : "DelaysOffMaster"; });

TEST(LaserField, IsAsTheConditionSaysForAllDelaysAndExposures) {
  int collisions = 0, free = 0;
  for (const std::int64_t delay : {0, 78, 125, 500, 1433, 1467, 1589, 6300, 12'700, 12'756, -250, -1500}) {
    for (const std::int32_t us : {500, 8330, 16'670, 33'330}) {
      Lab lab;
      lab.event(seconds(0), exposure(kB, us));
      start_chain(lab, {cameras(master), delayed(subordinate, delay)});
      const auto a = only(FrameStream::depth, lab.frames(kA, seconds(2)));
      const auto b = only(FrameStream::depth, lab.frames(kB, seconds(2)));
      const HostDuration apart =
          at_pulse(b, FrameStream::depth, 20).centre - at_pulse(a, FrameStream::depth, 20).centre;
      for (const Frame& frame : a) {
        ASSERT_EQ(lab.lasers_in(kA, frame).empty(), free_of_each_other(apart)) << delay << " " << us;
      }
      ++(free_of_each_other(apart) ? free : collisions);
    }
  }
  EXPECT_GT(collisions, 5);
  EXPECT_GT(free, 5);
}

TEST(LaserField, FollowsAnExposureFromTwoFramesAfterItsChange) {
  Lab lab;
  lab.event(seconds(0), exposure(kA, 8330));
  lab.event(seconds(0), exposure(kB, 8330));
  start_chain(lab, {cameras(master), cameras(subordinate)});
  lab.event(seconds(2), exposure(kB, 33'330));
  const HostTime change = lab.boot + seconds(2) + microseconds(66'666);
  int before = 0, after = 0;
  for (const Seen& one : seen(lab, kA, seconds(3))) {
    const bool moved = one.frame.centre > change + milliseconds(7);
    // 10 265 µs later: six and a half spacings.
    EXPECT_NEAR(one.share_of(kB), moved ? 0 : 1, 0.01);
    ++(moved ? after : before);
  }
  EXPECT_GT(before, 20);
  EXPECT_GT(after, 20);
}

// ---- What shines and what does not ----

TEST(LaserField, HoldsNothingOfUnitsWithoutALaser) {
  Lab lab(4);
  CameraConfig color = cameras(subordinate);
  color.depth_mode = DepthMode::off;
  CameraConfig passive = cameras(subordinate);
  passive.depth_mode = DepthMode::passive_ir;
  lab.config.units[3].images = "/a/recording.mkv";
  start_chain(lab, {cameras(master), color, passive, cameras(subordinate)});
  for (const Seen& one : seen(lab, kA, seconds(3))) EXPECT_TRUE(one.others.empty());
}

TEST(LaserField, ReachesPassiveIr) {
  Lab lab;
  CameraConfig passive = cameras(master);
  passive.depth_mode = DepthMode::passive_ir;
  start_chain(lab, {passive, cameras(subordinate)});
  // Both are centred on the exposure of colour: of 1600 µs one pulse of 125 is lit.
  for (const Seen& one : seen(lab, kA, seconds(3))) EXPECT_NEAR(one.share_of(kB), 125.0 / 1600, 1e-6);
}

TEST(LaserField, OfAUnitAtHalfTheRateFallsOnEverySecondFrame) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone, FrameRate::fps30));
  lab.start(kB, seconds(0), cameras(standalone, FrameRate::fps15));
  const auto all = seen(lab, kA, seconds(4));
  for (const Seen& one : all) EXPECT_NEAR(one.share_of(kB), one.frame.pulse % 2 == 0 ? 1 : 0, 1e-3);
}

TEST(LaserField, EndsAtTheMomentThatAUnitIsStopped) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.start(kB, seconds(0), cameras(standalone));
  // Both have centres 550 ms + n / 30 s + 8335 µs after the start.
  const HostDuration centre = milliseconds(550) + seconds(2) + microseconds(8335);
  lab.stop(kB, centre);
  for (const Seen& one : seen(lab, kA, seconds(4))) {
    const HostDuration since = one.frame.centre - lab.boot - centre;
    const double expected = since < -milliseconds(5) ? 1 : since > milliseconds(5) ? 0 : 0.5;
    EXPECT_NEAR(one.share_of(kB), expected, 1e-3);
  }
}

TEST(LaserField, EndsWhenTheHostLosesTheDepthCamera) {
  for (const FaultKind what : {FaultKind::suspend, FaultKind::usb2, FaultKind::brown_out}) {
    Lab lab;
    lab.start(kA, seconds(0), cameras(standalone));
    lab.start(kB, seconds(0), cameras(standalone));
    lab.event(seconds(2), {.kind = EventKind::fault,
                           .unit = kB,
                           .on = true,
                           .streams = {.depth = true, .imu = true},
                           .failure = what});
    for (const Seen& one : seen(lab, kA, seconds(4)))
      EXPECT_NEAR(one.share_of(kB), one.frame.centre - lab.boot < seconds(2) ? 1 : 0, 1e-3);
  }
}

TEST(LaserField, EndsWithThePowerAndBeginsAgainWithTheNextSession) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.start(kB, seconds(0), cameras(standalone));
  lab.event(seconds(2), power_off(kB));
  lab.event(seconds(3), {.kind = EventKind::power, .unit = kB, .on = true});
  lab.event(seconds(3), {.kind = EventKind::start, .unit = kB, .config = cameras(standalone)});
  int lit = 0, dark = 0;
  for (const Seen& one : seen(lab, kA, seconds(5))) {
    const HostDuration since = one.frame.centre - lab.boot;
    const bool on = since < seconds(2) || since > seconds(3) + milliseconds(550);
    EXPECT_NEAR(one.share_of(kB), on ? 1 : 0, 1e-3);
    ++(on ? lit : dark);
  }
  EXPECT_GT(lit, 50);
  EXPECT_GT(dark, 40);
}

TEST(LaserField, HoldsNothingOfADepthCameraThatGaveUp) {
  Lab lab(3);
  lab.start(kC, seconds(0), cameras(subordinate));
  lab.start(kB, seconds(10), cameras(subordinate));
  lab.start(kA, seconds(62), cameras(master));
  for (const Seen& one : seen(lab, kA, seconds(65))) {
    EXPECT_NEAR(one.share_of(kB), 1, 0.01);
    EXPECT_EQ(one.share_of(kC), 0);
  }
}

// ---- Clocks that drift ----

TEST(LaserField, IsEnteredByAFreeRunningUnitWhenItsDriftHasEatenTheGap) {
  Lab lab;
  lab.config.units[kB].clock_ppm = 50;
  start_chain(lab, {cameras(master), delayed(subordinate, 160)});
  lab.event(seconds(2), jack(kB, false));
  std::optional<HostDuration> first;
  for (const Seen& one : seen(lab, kA, seconds(4)))
    if (!first && !one.others.empty()) first = one.frame.centre - lab.boot;
  // 14 ticks and half a microsecond of cable, less a pulse, are 31 µs. At 50 ppm they last 0.62 s from the
  // last pulse, and it is the frame after that.
  ASSERT_TRUE(first);
  const double gap_us = 14 * 1e6 / 90'000 + 0.5 - 125;
  EXPECT_NEAR(std::chrono::duration<double>(*first).count(), 2 + gap_us / 50, 0.06);
}

TEST(LaserField, OfStandaloneUnitsBeatsAtTheDifferenceOfTheirClocks) {
  Lab lab;
  lab.config.units[kB].clock_ppm = 100;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.start(kB, seconds(0), cameras(standalone));
  std::vector<double> begins;
  bool was_lit = true;
  int lit_frames = 0;
  for (const Seen& one : seen(lab, kA, seconds(50))) {
    const bool lit = !one.others.empty();
    if (lit && !was_lit) begins.push_back(std::chrono::duration<double>(one.frame.centre - lab.boot).count());
    was_lit = lit;
    lit_frames += lit ? 1 : 0;
  }
  // One spacing of 1575 µs takes 15.75 s, and two pulse widths of it are lit.
  ASSERT_EQ(begins.size(), 3U);
  EXPECT_NEAR(begins[0], 0.55 + (1575 - 125) / 100.0, 0.1);
  EXPECT_NEAR(begins[1] - begins[0], 15.75, 0.07);
  EXPECT_NEAR(begins[2] - begins[1], 15.75, 0.07);
  EXPECT_NEAR(lit_frames, 30 * (1.25 + 3 * 2.5), 45);
}

// ---- It does not matter who asks when ----

/// A field beside the lab's: of an observer that looks at a time of its own.
struct Observer {
  std::unique_ptr<LaserField> field;
  std::vector<std::vector<LaserOverlap>> seen;

  void look(HostTime centre) { seen.push_back(field->seen_by(DepthMode::nfov_2x2binned, centre)); }
};

TEST(LaserField, IsTheSameHoweverLateOneAsks) {
  Lab lab(4);
  lab.config.units[kC].clock_ppm = -80;
  lab.config.units[3].clock_ppm = 90;
  start_chain(
      lab, {cameras(master), delayed(subordinate, -30'000), cameras(subordinate), delayed(subordinate, 77)});
  Observer prompt, late;
  prompt.field = std::make_unique<LaserField>(lab.config, lab.state(), kA);
  late.field = std::make_unique<LaserField>(lab.config, lab.state(), kA);
  const auto centre = [&](int frame) { return lab.boot + seconds(1) + microseconds(33'333) * frame; };
  const auto happens = [&](HostDuration at, Event event) {
    event.time = lab.boot + at;
    lab.event(at, event);
    prompt.field->on_event(event);
    late.field->on_event(event);
  };
  const std::map<int, Event> script{{20, jack(kC, false)},
                                    {60, exposure(kB, 33'330)},
                                    {80, jack(kC, true)},
                                    {110, power_off(kB)},
                                    {140, {.kind = EventKind::stop, .unit = kA}}};
  for (int frame = 0; frame < 200; ++frame) {
    // What happens within a frame's way to the host is known when it is there, soon or late.
    const auto event = script.find(frame);
    if (event != script.end()) happens(centre(frame) + milliseconds(31) - lab.boot, event->second);
    prompt.look(centre(frame));
  }
  for (int frame = 0; frame < 200; ++frame) late.look(centre(frame));
  EXPECT_EQ(prompt.seen, late.seen);
  EXPECT_NE(prompt.seen.front(), prompt.seen.back());
}

TEST(LaserField, IsTheSameForWhoComesLate) {
  Lab lab(4);
  lab.config.units[kB].clock_ppm = 35;
  lab.config.units[kC].clock_ppm = -80;
  lab.config.units[3].clock_ppm = 12;
  lab.start(kC, seconds(0), delayed(subordinate, 5));
  lab.start(kB, seconds(0), delayed(subordinate, 100));
  lab.start(kA, seconds(1), cameras(master));
  lab.start(3, seconds(1), cameras(standalone));
  std::vector<Event> events;
  Observer early;
  early.field = std::make_unique<LaserField>(lab.config, lab.state(), kA);
  const auto happens = [&](HostDuration at, Event event) {
    event.time = lab.boot + at;
    lab.event(at, event);
    early.field->on_event(event);
  };
  happens(seconds(100), jack(kC, false));
  happens(seconds(200), {.kind = EventKind::stop, .unit = kA});
  Observer late;
  late.field = std::make_unique<LaserField>(lab.config, lab.state(), kA);
  int lit = 0;
  for (int frame = 0; frame < 3000; ++frame) {
    const HostTime centre = lab.boot + seconds(202) + microseconds(33'333) * frame;
    early.look(centre);
    late.look(centre);
    lit += early.seen.back().empty() ? 0 : 1;
  }
  EXPECT_EQ(early.seen, late.seen);
  EXPECT_GT(lit, 300);
}

TEST(LaserField, OfHoursAgoCostsNoMoreThanOfNow) {
  Lab lab(3);
  lab.config.units[kC].clock_ppm = 50;
  start_chain(lab, {cameras(master), cameras(subordinate), cameras(subordinate)});
  lab.event(seconds(10), jack(kC, false));
  LaserField field(lab.config, lab.state(), kA);
  // In 24 hours at 50 ppm the free-running unit is 4.32 s ahead: 129.6 frames.
  UnitExposures c(lab.config, lab.state(), kC);
  c.leap_to(lab.boot + hours(24));
  const auto frame = c.next(lab.boot + hours(24));
  ASSERT_TRUE(frame);
  EXPECT_GT(frame->trigger.index, 24U * 3600 * 30);
  const auto lit = field.seen_by(DepthMode::nfov_2x2binned, frame->depth_centre);
  ASSERT_FALSE(lit.empty());
  EXPECT_EQ(lit.back().unit, kC);
  EXPECT_NEAR(lit.back().share, 1, 1e-6);
}

TEST(LaserField, ForeseesDepthThatLeadsItsPulse) {
  Lab lab;
  CameraConfig config = delayed(standalone, -166'600, FrameRate::fps5);
  lab.start(kA, seconds(0), cameras(standalone));
  lab.start(kB, seconds(0), config);
  const auto b = only(FrameStream::depth, lab.frames(kB, seconds(7)));
  int lit = 0;
  for (const Seen& one : seen(lab, kA, seconds(5))) {
    if (one.frame.centre < b.front().centre) continue;  // before it delivers, its laser shines all the same
    double nearest = 1;
    for (const Frame& other : b)
      nearest =
          std::min(nearest, std::abs(std::chrono::duration<double>(other.centre - one.frame.centre).count()));
    EXPECT_EQ(one.others.empty(), free_of_each_other(HostDuration(std::llround(nearest * 1e9)))) << nearest;
    lit += one.others.empty() ? 0 : 1;
  }
  EXPECT_GT(lit, 10);
}

}  // namespace
}  // namespace genlock::device::sim
