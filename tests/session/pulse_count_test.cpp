#include "session/pulse_count.h"

#include <gtest/gtest.h>

namespace genlock::session {
namespace {

CameraConfig camera(FrameRate rate, DeviceDuration delay_off_master = device_us(0)) {
  return {.rate = rate, .delay_off_master = delay_off_master};
}

TEST(PulseCount, BeginsAtThePulseWhereTheClockWasZero) {
  for (const auto exposure_centre : {device_us(250), device_us(6400), device_us(16'666)}) {
    PulseCount count(camera(FrameRate::fps30));
    EXPECT_EQ(count.count(DeviceTime(device_us(7 * 33'333) + exposure_centre) + device_us(3)), 7);
  }
}

TEST(PulseCount, TakesTheDelayOffMasterOut) {
  PulseCount count(camera(FrameRate::fps30, device_us(30'000)));
  EXPECT_EQ(count.count(device_time_us(7 * 33'333 + 30'000 + 6400)), 7);
}

TEST(PulseCount, CountsOverGapsAndFollowsAClockThatDrifts) {
  PulseCount count(camera(FrameRate::fps30));
  constexpr double kPeriodUs = 1e6 / 30 * (1 + 60e-6);  // drifts by a whole pulse every nine minutes
  for (std::int64_t pulse = 3; pulse < 200'000; pulse += pulse % 7 == 0 ? 90 : 1) {
    const auto stamp = static_cast<std::int64_t>(static_cast<double>(pulse) * kPeriodUs + 6400);
    ASSERT_EQ(count.count(device_time_us(stamp)), pulse);
  }
}

TEST(PulseCount, GivesACaptureThatComesLateItsOwnPulse) {
  PulseCount count(camera(FrameRate::fps30));
  EXPECT_EQ(count.count(device_time_us(10 * 33'333 + 6400)), 10);
  EXPECT_EQ(count.count(device_time_us(11 * 33'333 + 6400)), 11);
  EXPECT_EQ(count.count(device_time_us(10 * 33'333 + 6400)), 10);
  EXPECT_EQ(count.newest(), 11);
}

TEST(PulseCount, BeginsAtZeroWhereTheClockWasNeverSet) {
  PulseCount count(camera(FrameRate::fps5));
  EXPECT_EQ(count.count(device_time_us(std::int64_t{1'700'000'000} * 1'000'000)), 0);
  EXPECT_EQ(count.count(device_time_us(std::int64_t{1'700'000'001} * 1'000'000)), 5);
}

}  // namespace
}  // namespace genlock::session
