#include "base/pieces.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace genlock {
namespace {

TEST(Pieces, CoverEveryRunOnceAndInOrder) {
  const std::array<std::size_t, 5> sizes{0, 10, 4, 0, 9};
  const Pieces pieces(sizes, 4);
  EXPECT_EQ(pieces.bytes(), 23U);
  std::vector<std::array<std::size_t, 3>> found;
  for (std::size_t i = 0; i < pieces.count(); ++i) {
    const auto [run, at, size] = pieces[i];
    found.push_back({run, at, size});
  }
  const std::vector<std::array<std::size_t, 3>> expected{{1, 0, 4}, {1, 4, 4}, {1, 8, 2}, {2, 0, 4},
                                                         {4, 0, 4}, {4, 4, 4}, {4, 8, 1}};
  EXPECT_EQ(found, expected);
}

TEST(Pieces, OfNothingAreNone) {
  const std::array<std::size_t, 3> sizes{};
  EXPECT_EQ(Pieces(sizes, 4).count(), 0U);
}

}  // namespace
}  // namespace genlock
