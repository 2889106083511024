#include <gtest/gtest.h>

#include "support/temporary_bench.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TemporaryBench;

constexpr HostDuration kNow = HostDuration::zero();

/// Steps the bench by 10 ms at a time until the unit has a capture, for at most `limit`.
std::optional<Capture> next(TemporaryBench& bench, Device& unit, HostDuration limit) {
  for (HostDuration waited{}; waited <= limit; waited += milliseconds(10)) {
    auto capture = unit.next_capture(kNow);
    EXPECT_TRUE(capture) << capture.error().message();
    if (!capture || *capture) return capture.value_or(std::nullopt);
    bench.step(milliseconds(10));
  }
  return std::nullopt;
}

TEST(DefaultBench, SubordinatesWaitForTheMasterAndThenShareItsStamps) {
  TemporaryBench bench;
  const auto master = bench.open("master");
  const auto sub1 = bench.open("sub1");
  const auto sub2 = bench.open("sub2");
  ASSERT_TRUE(sub1->start_cameras(test::small_cameras(WiredSyncMode::subordinate)));
  ASSERT_TRUE(sub2->start_cameras(test::small_cameras(WiredSyncMode::subordinate)));
  bench.step(seconds(10));
  EXPECT_FALSE(sub1->next_capture(kNow)->has_value());
  ASSERT_TRUE(master->start_cameras(test::small_cameras(WiredSyncMode::master)));
  const auto from_master = next(bench, *master, seconds(2));
  ASSERT_TRUE(from_master && from_master->color && from_master->ir && from_master->depth);
  std::optional<Capture> from_sub = next(bench, *sub1, seconds(2));
  ASSERT_TRUE(from_sub && from_sub->color && from_sub->ir);
  // Two frames earlier than the master's first, to the tick or two.
  const auto difference = count_us(from_master->color->device_time) - count_us(from_sub->color->device_time);
  EXPECT_NEAR(difference, 66'667, 23);
}

}  // namespace
}  // namespace genlock::device::sim
