#include "base/queue.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/thread.h"

namespace genlock {
namespace {

TEST(BoundedQueue, RefusingQueueKeepsTheOldestAndLeavesARefusedItemWhole) {
  BoundedQueue<std::unique_ptr<int>> queue(2, WhenFull::refuse);
  EXPECT_TRUE(queue.push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.push(std::move(third)));
  EXPECT_TRUE(third) << "a refused item stays with its owner";
  EXPECT_EQ(**queue.try_pop(), 1);
  const QueueCounters counters = queue.counters();
  EXPECT_EQ(counters.pushed, 2u);
  EXPECT_EQ(counters.refused, 1u);
  EXPECT_EQ(counters.dropped, 0u);
  EXPECT_EQ(counters.popped, 1u);
  EXPECT_EQ(counters.highest, 2u);
}

TEST(BoundedQueue, DroppingQueueKeepsTheNewest) {
  BoundedQueue<int> queue(2, WhenFull::drop_oldest);
  for (int i = 1; i <= 5; ++i) EXPECT_TRUE(queue.push(std::move(i)));
  EXPECT_EQ(queue.counters().dropped, 3u);
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.try_pop(), 4);
  EXPECT_EQ(queue.try_pop(), 5);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(BoundedQueue, PopReturnsNothingOnceItsDeadlineHasCome) {
  ManualClock clock;
  BoundedQueue<int> queue(1, WhenFull::refuse);
  EXPECT_EQ(queue.pop(clock, clock.now()), std::nullopt);
  Thread later("later", [&] { clock.step(std::chrono::seconds(60)); });
  EXPECT_EQ(queue.pop(clock, HostTime(std::chrono::seconds(60))), std::nullopt);
}

TEST(BoundedQueue, CloseWakesAPopThatWaitsForEver) {
  BoundedQueue<int> queue(1, WhenFull::refuse);
  std::optional<int> got = 7;
  Thread waiting("waiting", [&] { got = queue.pop(system_clock(), kNoDeadline); });
  queue.close();
  waiting.join();
  EXPECT_EQ(got, std::nullopt);
}

TEST(BoundedQueue, ClosedQueueTakesNothingInButGivesOutWhatItHas) {
  BoundedQueue<int> queue(4, WhenFull::drop_oldest);
  EXPECT_TRUE(queue.push(1));
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_TRUE(queue.closed());
  EXPECT_EQ(queue.pop(system_clock(), kNoDeadline), 1);
  EXPECT_EQ(queue.pop(system_clock(), kNoDeadline), std::nullopt);
}

TEST(BoundedQueue, EveryItemReachesExactlyOneOfSeveralReaders) {
  constexpr int kItems = 2000;
  BoundedQueue<int> queue(kItems, WhenFull::refuse);
  std::array<long, 2> sums{};
  {
    const auto drain = [&queue](long& sum) {
      while (const auto item = queue.pop(system_clock(), kNoDeadline)) sum += *item;
    };
    Thread first("first", [&] { drain(sums[0]); });
    Thread second("second", [&] { drain(sums[1]); });
    for (int i = 1; i <= kItems; ++i) ASSERT_TRUE(queue.push(int{i}));
    queue.close();
  }
  EXPECT_EQ(sums[0] + sums[1], long{kItems} * (kItems + 1) / 2);
}

}  // namespace
}  // namespace genlock
