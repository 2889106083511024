#include "device/k4a/clock_steps.h"

#include <gtest/gtest.h>

namespace genlock::device::k4a {
namespace {

DeviceTime at(std::int64_t us) {
  return device_time_us(us);
}

TEST(ClockSteps, EvenStampsWithJitterAndLossesHaveNone) {
  ClockSteps steps(FrameRate::fps30);
  for (int i = 0; i < 300; ++i) {
    if (i % 50 == 7) continue;
    EXPECT_FALSE(steps.see(at(i * 100'000 / 3 + (i % 3) * 11))) << i;
  }
}

TEST(ClockSteps, StepsForwardAndBackAreFoundWithTheirSize) {
  ClockSteps steps(FrameRate::fps30);
  std::int64_t stamp = 0;
  for (int i = 0; i < 10; ++i) steps.see(at(stamp += 33'333));
  EXPECT_EQ(steps.see(at(stamp += 33'333 + 900)), device_us(900));
  EXPECT_FALSE(steps.see(at(stamp += 33'333)));
  EXPECT_EQ(steps.see(at(stamp += 33'333 - 700)), device_us(-700));
  EXPECT_EQ(steps.see(at(stamp += 10 * 33'333 + 800)), device_us(800)) << "over nine lost frames";
}

// A unit that keeps 30.015 fps drifts by 17 us a frame against the nominal period.
TEST(ClockSteps, TheUnitsOwnRateIsLearnt) {
  ClockSteps steps(FrameRate::fps30);
  std::int64_t stamp = 0;
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(steps.see(at(stamp += 33'316)));
  EXPECT_FALSE(steps.see(at(stamp += 30 * 33'316))) << "a second of lost frames, 510 us off the nominal rate";
}

TEST(ClockSteps, AClockThatIsSetBackByMoreThanAFrameIsAStep) {
  ClockSteps steps(FrameRate::fps5);
  steps.see(at(10'000'000));
  EXPECT_EQ(steps.see(at(5'000'000)), device_us(-5'200'000));
}

}  // namespace
}  // namespace genlock::device::k4a
