#include "sync/pulse_line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

namespace genlock::sync {
namespace {

PulseLine line_of(std::initializer_list<std::int64_t> stamps_us) {
  PulseLine line(device_ticks(3000));
  for (const std::int64_t us : stamps_us) line.add(fine_time(device_time_us(us)), -1);
  return line;
}

std::vector<std::int64_t> numbers(const PulseLine& line) {
  std::vector<std::int64_t> out;
  for (const NumberedFrame& f : line.frames()) out.push_back(f.number);
  return out;
}

std::size_t count(const PulseLine& line, Place place) {
  std::size_t n = 0;
  for (const NumberedFrame& f : line.frames()) n += f.place == place;
  return n;
}

using Numbers = std::vector<std::int64_t>;

TEST(FineTime, StampsOfTicksAreExact) {
  for (std::int64_t tick = -1000; tick < 1000; ++tick) {
    const DeviceTime shown(api_time(device_ticks(tick)));
    EXPECT_EQ(fine_time(shown), FineDuration(device_ticks(tick))) << tick;
    EXPECT_EQ(device_time(fine_time(shown)), shown);
  }
  EXPECT_EQ(fine_time(device_time_us(12)), FineDuration(device_us(12))) << "no 90 kHz clock shows 12 µs";
}

TEST(PulseLine, CountsRealIntervals) {
  // SYNC_NUMBERS row 19: the first stamps of a real master, with its drops.
  EXPECT_EQ(numbers(line_of({131500, 164788, 198133, 231466, 264811, 331466, 398133, 498122})),
            (Numbers{0, 1, 2, 3, 4, 6, 8, 11}));
}

TEST(PulseLine, TakesALineUpBehindAFalseStart) {
  // SYNC_NUMBERS row 6: a triggered subordinate's first frame is 7 ms beside the others.
  const PulseLine line = line_of({240533, 266766, 299988, 333333, 366666});
  EXPECT_EQ(numbers(line), (Numbers{0, 1, 2, 3, 4}));
  EXPECT_EQ(line.frames()[0].place, Place::outlier);
  EXPECT_EQ(count(line, Place::good), 4U);
}

TEST(PulseLine, ClumpedIntervalsOfARealUnitStayOnTheirPulses) {
  // SYNC_NUMBERS row 2: intervals within ±122 µs of the period.
  PulseLine line(device_ticks(3000));
  std::int64_t us = 266766;
  for (int i = 0; i < 3000; ++i) {
    line.add(fine_time(device_time_us(us)), -1);
    us += std::array{33211, 33455, 33333, 33334, 33244, 33422}[static_cast<std::size_t>(i) % 6];
  }
  EXPECT_EQ(count(line, Place::good), 3000U);
  EXPECT_EQ(line.frames().back().number, 2999);
}

TEST(PulseLine, OneWrongStampMovesNothing) {
  const PulseLine line = line_of({0, 33333, 66666, 112000, 133333, 166666});
  EXPECT_EQ(numbers(line), (Numbers{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(line.frames()[3].place, Place::off_pulse);
}

TEST(PulseLine, ADuplicateIsCountedOnce) {
  const PulseLine line = line_of({0, 33333, 33333, 66666});
  EXPECT_EQ(count(line, Place::duplicate), 1U);
  EXPECT_EQ(line.frames().back().number, 2);
}

TEST(PulseLine, AClockSetBackEndsTheLine) {
  const PulseLine line = line_of({5000000, 5033333, 5066666, 33333, 66666, 100000, 133333});
  ASSERT_TRUE(line.jump());
  EXPECT_EQ(*line.jump(), 3U);
}

TEST(PulseLine, OneStampBackIsNoJump) {
  const PulseLine line = line_of({5000000, 5033333, 5066666, 33333, 5133333, 5166666});
  EXPECT_FALSE(line.jump());
  EXPECT_EQ(line.frames().back().number, 5);
}

TEST(PulseLine, FollowsAFastClockForHoursAndOverALongGap) {
  PulseLine line(device_ticks(3000));
  const auto at = [](std::int64_t n) {
    return fine_time(
        DeviceTime(api_time(device_ticks(std::llround(static_cast<double>(n) * 3000 * 1.0005)))));
  };
  for (std::int64_t n = 0; n < 200000; ++n) line.add(at(n), -1);
  line.add(at(250000), -1);
  line.add(at(250001), -1);
  EXPECT_EQ(line.frames().back().number, 250001);
  EXPECT_EQ(count(line, Place::good), 200002U);
}

TEST(PulseLine, ExtremeStampsDoNotOverflow) {
  PulseLine line(device_ticks(3000));
  for (const DeviceDuration d : {kLargestStamp, -kLargestStamp, kLargestStamp, device_us(0), -kLargestStamp})
    line.add(fine_time(DeviceTime(d)), -1);
  EXPECT_EQ(line.frames().size(), 5U);
}

}  // namespace
}  // namespace genlock::sync
