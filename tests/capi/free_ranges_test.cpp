#include "capi/k4arecord/free_ranges.h"

#include <gtest/gtest.h>

namespace genlock::capi {
namespace {

TEST(FreeRanges, TakesTheLowestPlaceThatIsLargeEnough) {
  FreeRanges ranges(100);
  EXPECT_EQ(ranges.take(10), 0U);
  EXPECT_EQ(ranges.take(30), 10U);
  EXPECT_EQ(ranges.take(20), 40U);
  ranges.give_back(0, 10);
  ranges.give_back(40, 20);
  EXPECT_EQ(ranges.take(11), 40U) << "the first hole is too small";
  EXPECT_EQ(ranges.take(4), 0U);
  EXPECT_EQ(ranges.take(6), 4U);
}

TEST(FreeRanges, HasNothingWhereNoPlaceIsLargeEnough) {
  FreeRanges ranges(100);
  EXPECT_FALSE(ranges.take(101));
  EXPECT_EQ(ranges.take(100), 0U);
  EXPECT_FALSE(ranges.take(1));
  EXPECT_FALSE(FreeRanges(0).take(1));
}

TEST(FreeRanges, JoinsNeighboursGivenBackInAnyOrder) {
  const std::size_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders) {
    FreeRanges ranges(30);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(ranges.take(10));
    for (const std::size_t part : order) ranges.give_back(10 * part, 10);
    EXPECT_EQ(ranges.take(30), 0U) << order[0] << order[1] << order[2];
  }
}

TEST(FreeRanges, TakesWhatIsFreeAtAPlace) {
  FreeRanges ranges(100);
  ASSERT_EQ(ranges.take(10), 0U);
  EXPECT_EQ(ranges.take_at(5, 10), 0U) << "taken";
  EXPECT_EQ(ranges.take_at(20, 30), 30U) << "in the middle of a free range";
  EXPECT_EQ(ranges.take_at(10, 30), 10U) << "up to what is taken";
  EXPECT_EQ(ranges.take_at(60, 100), 40U) << "up to the end";
  EXPECT_EQ(ranges.take_at(100, 1), 0U);
  EXPECT_EQ(ranges.take_at(50, 0), 0U);
  EXPECT_EQ(ranges.take(10), 50U) << "what is left";
  EXPECT_FALSE(ranges.take(1));
}

}  // namespace
}  // namespace genlock::capi
