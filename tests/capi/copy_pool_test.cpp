// Memory for copies of images. Compiled from its source: the library hides it.

#include "capi/k4arecord/copy_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace genlock::capi {
namespace {

constexpr std::size_t kFrame = 184'320;

std::vector<std::byte> pixels(std::size_t size, int seed) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(i * 31 + static_cast<std::size_t>(seed));
  return bytes;
}

/// Lets the pool's thread do what has been asked of it.
void wait_until_ready(const CopyPool& pool, std::size_t size, std::size_t blocks) {
  while (pool.ready(size) < blocks) std::this_thread::yield();
}

TEST(CopyPool, CopiesAreEqualAndTheirOwn) {
  CopyPool pool(100 * kFrame);
  for (const std::size_t size : {std::size_t{1}, std::size_t{65'535}, std::size_t{65'536}, kFrame}) {
    std::vector<std::byte> original = pixels(size, 1);
    const Buffer copy = pool.copy_of(original);
    const std::vector<std::byte> expected = original;
    std::ranges::fill(original, std::byte{0});
    EXPECT_TRUE(std::ranges::equal(copy.bytes(), expected)) << size;
  }
}

TEST(CopyPool, MakesBlocksReadyBeforeTheyAreAskedFor) {
  CopyPool pool(100 * kFrame);
  EXPECT_EQ(pool.ready(kFrame), 0U);
  pool.expect(kFrame);
  wait_until_ready(pool, kFrame, 4);
  EXPECT_EQ(pool.ready(kFrame), 4U) << "and no more";
}

TEST(CopyPool, KeepsAReserveAsBlocksGoIntoUse) {
  CopyPool pool(100 * kFrame);
  pool.expect(kFrame);
  std::vector<Buffer> in_use;
  for (int i = 0; i < 20; ++i) {
    wait_until_ready(pool, kFrame, 1);
    in_use.push_back(pool.copy_of(pixels(kFrame, i)));
  }
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(std::ranges::equal(in_use[static_cast<std::size_t>(i)].bytes(), pixels(kFrame, i)));
}

TEST(CopyPool, BlocksAreUsedAgain) {
  CopyPool pool(100 * kFrame);
  pool.expect(kFrame);
  wait_until_ready(pool, kFrame, 4);
  std::set<const std::byte*> addresses;
  for (int i = 0; i < 50; ++i) addresses.insert(pool.copy_of(pixels(kFrame, i)).data());
  EXPECT_LE(addresses.size(), 8U);
}

TEST(CopyPool, KeepsNoMoreThanItMay) {
  CopyPool pool(3 * 196'608);  // Three blocks of such frames.
  {
    std::vector<Buffer> in_use;
    for (int i = 0; i < 10; ++i) in_use.push_back(pool.copy_of(pixels(kFrame, i)));
  }
  EXPECT_LE(pool.ready(kFrame), 3U);
  EXPECT_GE(pool.ready(kFrame), 1U);
}

TEST(CopyPool, CopiesOutliveIt) {
  Buffer copy;
  {
    CopyPool pool(100 * kFrame);
    copy = pool.copy_of(pixels(kFrame, 3));
  }
  EXPECT_TRUE(std::ranges::equal(copy.bytes(), pixels(kFrame, 3)));
}

TEST(CopyPool, TakesCallsFromManyThreads) {
  CopyPool pool(100 * kFrame);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&pool, t] {
      for (int i = 0; i < 20; ++i) {
        const std::vector<std::byte> original = pixels(kFrame, t * 100 + i);
        EXPECT_TRUE(std::ranges::equal(pool.copy_of(original).bytes(), original));
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace genlock::capi
