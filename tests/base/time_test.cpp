#include "base/time.h"

#include <gtest/gtest.h>

namespace genlock {
namespace {

TEST(DeviceTicks, ShowInTheApiAsMicrosecondsRoundedDown) {
  EXPECT_EQ(count_us(api_time(device_ticks(1))), 11);
  EXPECT_EQ(count_us(api_time(device_ticks(3000))), 33333);
  EXPECT_EQ(count_us(api_time(device_ticks(6000))), 66666);
  EXPECT_EQ(count_us(api_time(device_ticks(90000))), 1000000);
  EXPECT_EQ(count_us(api_time(device_ticks(-1))), -12);
}

TEST(Delays, AreProgrammedInTicksTruncatedTowardZero) {
  EXPECT_EQ(count_ticks(programmed_ticks(device_us(160))), 14);
  EXPECT_EQ(count_ticks(programmed_ticks(device_us(22896))), 2060);
  EXPECT_EQ(count_ticks(programmed_ticks(device_us(-12276))), -1104);
}

TEST(DeviceTime, ConvertsBetweenTicksAndMicrosecondsLikeAnyChronoType) {
  const DeviceTime t = device_time_us(1000) + device_us(500);
  EXPECT_EQ(count_us(t), 1500);
  EXPECT_EQ(std::chrono::duration_cast<TickDuration>(device_us(1000)), device_ticks(90));
  EXPECT_LT(device_time_us(1), device_time_us(2));
  EXPECT_EQ(DeviceTime::max() > t, true);
}

}  // namespace
}  // namespace genlock
