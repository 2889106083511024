#include "sync/host_timeline.h"

#include <gtest/gtest.h>

namespace genlock::sync {
namespace {

HostTime host_ms(std::int64_t ms) {
  return HostTime(std::chrono::milliseconds(ms));
}
WallTime utc_ms(std::int64_t ms) {
  return WallTime(std::chrono::milliseconds(1'770'000'000'000 + ms));
}

TEST(HostTimeline, TakesTheLeastLatencyOfEachTwoSeconds) {
  HostTimeline timeline;
  for (int i = 0; i < 60; ++i)
    timeline.add(device_time_us(i * 33333), host_ms(500'000 + i * 33 + 85 + (i * 7) % 60), {});
  const auto convert = timeline.converter(HostScale::monotonic);
  EXPECT_NEAR(convert.host_at(1.0), 501.085, 0.02);
  EXPECT_NEAR(convert.device_at(501.085), 1.0, 0.02);
}

TEST(HostTimeline, UtcFollowsTheNearestPair) {
  HostTimeline timeline;
  timeline.add(device_time_us(0), host_ms(100), utc_ms(7100));
  timeline.add(device_time_us(10'000'000), host_ms(10'100), utc_ms(17'150));
  const auto convert = timeline.converter(HostScale::utc);
  EXPECT_NEAR(convert.host_at(0), 1'770'000'007.100, 1e-5);
  EXPECT_NEAR(convert.host_at(10), 1'770'000'017.150, 1e-5);
  EXPECT_TRUE(timeline.has(HostScale::utc));
}

TEST(HostTimeline, DoesNotDependOnTheOrderOfSamples) {
  HostTimeline forward, backward;
  for (int i = 0; i < 100; ++i)
    forward.add(device_time_us(i * 100'000), host_ms(i * 100 + 90 + i % 9), utc_ms(i * 100));
  for (int i = 99; i >= 0; --i)
    backward.add(device_time_us(i * 100'000), host_ms(i * 100 + 90 + i % 9), utc_ms(i * 100));
  for (double t = 0; t < 10; t += 0.3)
    EXPECT_DOUBLE_EQ(forward.converter(HostScale::utc).host_at(t),
                     backward.converter(HostScale::utc).host_at(t));
  EXPECT_DOUBLE_EQ(forward.span(HostScale::monotonic).last, backward.span(HostScale::monotonic).last);
}

}  // namespace
}  // namespace genlock::sync
