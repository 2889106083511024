#include "device/sim/unit_start.h"

#include <gtest/gtest.h>

#include "lab.h"

// Which frame of a unit comes first, and how it is stamped (facts device.md 2.1, 2.2, 2.3).

namespace genlock::device::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;
using enum FrameStream;

/// A lab whose counters start as those of a firmware do.
Lab lab_of(const Version& firmware) {
  Lab lab;
  for (UnitConfig& unit : lab.config.units) {
    unit.version.color = firmware;
    unit.counter_offset.reset();
  }
  return lab;
}

std::int64_t stamp_us(const Frame& frame) {
  return count_us(api_time(frame.stamp));
}

TEST(FirstFrame, IsTwoPulsesLaterOnAMasterThanOnASubordinateOfItsKind) {
  const std::pair<Version, std::uint64_t> firmwares[] = {
      {{1, 6, 102}, 1}, {{1, 6, 104}, 1}, {{1, 6, 108}, 7}, {{1, 6, 110}, 6}};
  for (const auto& [firmware, first_of_subordinate] : firmwares) {
    Lab lab = lab_of(firmware);
    lab.start(kB, seconds(0), cameras(subordinate));
    lab.start(kA, seconds(1), cameras(master));
    const auto a = lab.frames(kA, seconds(3)), b = lab.frames(kB, seconds(3));
    EXPECT_EQ(a.front().pulse, b.front().pulse + 2);
    EXPECT_EQ(b.front().pulse, first_of_subordinate);
  }
}

TEST(FirstFrame, OfAStandaloneUnitComesEightTenthsOfASecondAfterTheStart) {
  Lab lab;
  lab.start(kA, seconds(5), cameras(standalone));
  const Frame first = lab.frames(kA, seconds(10)).front();
  EXPECT_GT(first.delivery - lab.boot, seconds(5) + milliseconds(750));
  EXPECT_LT(first.delivery - lab.boot, seconds(5) + milliseconds(850));
}

TEST(FirstStamp, OfASubordinatesColourIsTheOneMeasuredOfItsFirmware) {
  const std::pair<Version, std::int64_t> measured[] = {{{1, 6, 102}, 65'333},
                                                       {{1, 6, 104}, 65'255},
                                                       {{1, 6, 107}, 247'922},
                                                       {{1, 6, 108}, 246'233},
                                                       {{1, 6, 110}, 219'566}};
  for (const auto& [firmware, stamp] : measured) {
    Lab lab = lab_of(firmware);
    lab.start(kB, seconds(0), cameras(subordinate));
    lab.start(kA, seconds(1), cameras(master));
    EXPECT_EQ(stamp_us(only(color, lab.frames(kB, seconds(3))).front()), stamp) << to_string(firmware);
  }
}

TEST(FirstStamp, OfAUnitByItselfIsTheOneMeasured) {
  Lab lab = lab_of({1, 6, 110});
  lab.start(kA, seconds(0), cameras(standalone));
  EXPECT_EQ(stamp_us(only(color, lab.frames(kA, seconds(2))).front()), 151'044);
  lab.start(kB, seconds(0), {.depth_mode = DepthMode::nfov_unbinned});
  const auto frames = lab.frames(kB, seconds(2));
  EXPECT_EQ(stamp_us(frames[0]), 16'088);
  EXPECT_EQ(stamp_us(frames[1]), 49'422);
  EXPECT_EQ(stamp_us(frames[2]), 82'755);
}

TEST(FirstStamp, OfTriggeredDepthAloneIsTheOneMeasuredWithOneShortIntervalAfterIt) {
  Lab lab = lab_of({1, 6, 110});
  lab.start(kB, seconds(0), {.depth_mode = DepthMode::nfov_unbinned, .sync_mode = subordinate});
  lab.start(kA, seconds(1), cameras(master));
  const auto frames = lab.frames(kB, seconds(3));
  EXPECT_EQ(stamp_us(frames[0]), 240'533);
  EXPECT_EQ(stamp_us(frames[3]), 333'333);
  EXPECT_EQ(ticks(frames[1]) - ticks(frames[0]), 3000 - 648);
  for (std::size_t i = 2; i < frames.size(); ++i) EXPECT_EQ(ticks(frames[i]) - ticks(frames[i - 1]), 3000);
}

TEST(FirstStamp, OfTheSamePulseIsTheSameOnMasterAndSubordinate) {
  for (const Version firmware : {Version{1, 6, 104}, Version{1, 6, 108}, Version{1, 6, 110}}) {
    Lab lab = lab_of(firmware);
    lab.start(kB, seconds(0), cameras(subordinate));
    lab.start(kA, seconds(1), cameras(master));
    const auto a = lab.frames(kA, seconds(3)), b = lab.frames(kB, seconds(3));
    EXPECT_EQ(ticks(at_pulse(a, color, 20)), ticks(at_pulse(b, color, 20)));
    EXPECT_EQ(ticks(at_pulse(a, depth, 20)), ticks(at_pulse(b, depth, 20)));
  }
}

TEST(FirstStamp, IsWhatTheBenchFileSaysWhereItSaysAnything) {
  Lab lab = lab_of({1, 6, 110});
  lab.config.units[kA].first_pulse = 2;
  lab.config.units[kA].counter_offset = device_ticks(500);
  lab.start(kA, seconds(0), cameras(standalone));
  EXPECT_EQ(ticks(lab.frames(kA, seconds(2)).front()), 2 * 3000 + 500 + 750);
}

TEST(OldFirmware, ExposesASubordinateAHundredMicrosecondsLate) {
  for (const auto& [firmware, late] :
       {std::pair(Version{1, 6, 102}, microseconds(100)), std::pair(Version{1, 6, 103}, microseconds(0))}) {
    Lab lab = lab_of(firmware);
    lab.start(kB, seconds(0), cameras(subordinate));
    lab.start(kA, seconds(1), cameras(master));
    const auto a = lab.frames(kA, seconds(3)), b = lab.frames(kB, seconds(3));
    for (const FrameStream stream : {color, depth}) {
      const Frame of_a = at_pulse(a, stream, 20), of_b = at_pulse(b, stream, 20);
      EXPECT_EQ(of_b.centre - of_a.centre, late);
      EXPECT_EQ(ticks(of_b) - ticks(of_a), late.count() * 9 / 100);
    }
  }
}

}  // namespace
}  // namespace genlock::device::sim
