#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace genlock {
namespace {

TEST(ForEachIndex, WorksOnEachOnceAndIsDoneThen) {
  for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<std::atomic<int>> times(count);
    for_each_index(count, "test", [&](std::size_t i) { ++times[i]; });
    for (const std::atomic<int>& of : times) EXPECT_EQ(of, 1);
  }
}

TEST(ForEachIndex, UsesMoreThanOneCore) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "there is but one core";
  std::latch both(2);  // one thread alone would stay in the first
  for_each_index(2, "test", [&](std::size_t) { both.arrive_and_wait(); });
}

}  // namespace
}  // namespace genlock
