#include "rig/pulse_start.h"

#include <gmock/gmock.h>

namespace genlock::rig {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr HostDuration kPeriod = std::chrono::nanoseconds(1'000'000'000 / 30);

/// A unit whose pulse 0 was at `zero`, seen from pulse `first` on, with delays on the way to the host.
UnitPulses unit(HostDuration zero, std::int64_t first,
                const std::vector<HostDuration>& delays = {90ms, 90ms, 90ms}) {
  UnitPulses pulses(FrameRate::fps30);
  std::int64_t pulse = first;
  for (const HostDuration delay : delays) {
    pulses.add({.pulse = pulse, .stamp = {}, .host = HostTime(zero + pulse * kPeriod + delay)});
    pulse += 8;
  }
  return pulses;
}

TEST(PulseStart, IsThePreRollAfterTheNewestFrameOfAnyUnit) {
  const std::vector<UnitPulses> units{unit(5s, 10), unit(5s, 14), unit(5s, 12)};
  const CommonStart start = common_start(units, 0, FrameRate::fps30, 1s);
  EXPECT_EQ(start.first, 14 + 16 + 1 + 30);
  EXPECT_THAT(start.shifts, ElementsAre(0, 0, 0));
  EXPECT_EQ(common_start(units, 0, FrameRate::fps30, 100ms).first, 14 + 16 + 1 + 3);
}

TEST(PulseStart, LetsUnitsOfOneZeroCountAlikeThoughTheirFramesTakeDifferentTimes) {
  const std::vector<UnitPulses> units{unit(5s, 10), unit(5s, 10, {115ms, 120ms, 118ms}),
                                      unit(5s, 10, {62ms})};
  EXPECT_THAT(common_start(units, 0, FrameRate::fps30, 1s).shifts, ElementsAre(0, 0, 0));
}

// 85 to 156 ms were measured (facts device.md 2.8): three frames may all be late ones.
TEST(PulseStart, KeepsTheCountOfAUnitWhoseFirstFramesAreAllLate) {
  const std::vector<UnitPulses> units{unit(5s, 10, {85ms, 90ms, 93ms}), unit(5s, 10, {156ms, 130ms, 141ms})};
  EXPECT_THAT(common_start(units, 0, FrameRate::fps30, 1s).shifts, ElementsAre(0, 0));
}

TEST(PulseStart, TakesAFrameThatWasHeldUpForNoOtherZero) {
  const std::vector<UnitPulses> units{unit(5s, 10), unit(5s, 10, {400ms, 95ms, 300ms})};
  EXPECT_THAT(common_start(units, 0, FrameRate::fps30, 1s).shifts, ElementsAre(0, 0));
}

TEST(PulseStart, ShiftsTheCountOfAUnitWhoseClockBeganElsewhere) {
  // Its pulse 0 came 20 periods after the reference's, and 7 before it.
  const std::vector<UnitPulses> units{unit(5s, 100), unit(5s + 20 * kPeriod, 80),
                                      unit(5s - 7 * kPeriod, 107)};
  const CommonStart start = common_start(units, 0, FrameRate::fps30, 1s);
  EXPECT_THAT(start.shifts, ElementsAre(0, 20, -7));
  EXPECT_EQ(start.first, 100 + 16 + 1 + 30);
}

TEST(PulseStart, CountsByStampsAloneWithoutHostTimes) {
  UnitPulses silent(FrameRate::fps30);
  silent.add({.pulse = 3, .stamp = {}, .host = {}});
  const std::vector<UnitPulses> units{unit(5s, 10), silent};
  EXPECT_THAT(common_start(units, 0, FrameRate::fps30, 1s).shifts, ElementsAre(0, 0));
}

}  // namespace
}  // namespace genlock::rig
