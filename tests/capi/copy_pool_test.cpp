// Memory for copies of images. Compiled from its source: the library hides it.

#include "capi/k4arecord/copy_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace genlock::capi {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr std::size_t kFrame = 184'320;  // 45 pages

std::vector<std::byte> pixels(std::size_t size, int seed) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(i * 31 + static_cast<std::size_t>(seed));
  return bytes;
}

/// Lets the pool's thread do what it has to do.
void wait_until_ready(const CopyPool& pool, std::size_t bytes) {
  while (pool.ready() < bytes) std::this_thread::yield();
}

TEST(CopyPool, CopiesAreEqualAndTheirOwn) {
  CopyPool pool({.most_bytes = 16 * kMegabyte});
  for (const std::size_t size : {std::size_t{1}, std::size_t{65'535}, std::size_t{65'536}, kFrame + 3}) {
    std::vector<std::byte> original = pixels(size, 1);
    const Buffer copy = pool.copy_of(original);
    const std::vector<std::byte> expected = original;
    std::ranges::fill(original, std::byte{0});
    EXPECT_TRUE(std::ranges::equal(copy.bytes(), expected)) << size;
  }
  EXPECT_GT(pool.touched(), kFrame) << "the large ones are in its memory";
}

TEST(CopyPool, CopiesTheLargeImagesOfACaptureByTwoThreads) {
  CopyPool pool({.most_bytes = 16 * kMegabyte});
  const std::vector<std::byte> color = pixels(600'001, 1), ir = pixels(737'280, 2);
  for (int i = 0; i < 4; ++i) {
    const auto [color_copy, no_depth, ir_copy] = pool.copies_of({color, ByteSpan(), ir});
    EXPECT_TRUE(std::ranges::equal(color_copy.bytes(), color));
    EXPECT_TRUE(no_depth.empty());
    EXPECT_TRUE(std::ranges::equal(ir_copy.bytes(), ir));
  }
}

TEST(CopyPool, HasMemoryForTheFirstCopiesFromTheBeginning) {
  const CopyPool pool({.most_bytes = 16 * kMegabyte, .ready_bytes = 0, .first_bytes = kFrame + 1});
  EXPECT_EQ(pool.ready(), kFrame + 4096) << "whole pages";
}

TEST(CopyPool, TakesNoMoreMemoryThanItIsToHaveReadyBeforeThereIsACopy) {
  const CopyPool pool({.most_bytes = 32 * kMegabyte, .ready_bytes = 3 * kMegabyte});
  wait_until_ready(pool, 3 * kMegabyte);
  EXPECT_LT(pool.touched(), 6 * kMegabyte);
}

TEST(CopyPool, MakesMoreReadyAsCopiesAreMade) {
  CopyPool pool({.most_bytes = 32 * kMegabyte, .ready_bytes = kMegabyte});
  std::vector<Buffer> in_use;
  for (int i = 0; i < 20; ++i) {
    wait_until_ready(pool, kMegabyte);
    in_use.push_back(pool.copy_of(pixels(kFrame, i)));
  }
  wait_until_ready(pool, kMegabyte);
  EXPECT_GE(pool.touched(), 20 * kFrame + kMegabyte);
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(std::ranges::equal(in_use[static_cast<std::size_t>(i)].bytes(), pixels(kFrame, i)));
}

TEST(CopyPool, CopiesMadeBeforeTheirMemoryIsReadyAreWhole) {
  CopyPool pool({.most_bytes = 32 * kMegabyte, .ready_bytes = 16 * kMegabyte});
  std::vector<Buffer> in_use;
  for (int i = 0; i < 60; ++i) in_use.push_back(pool.copy_of(pixels(kFrame, i)));
  wait_until_ready(pool, 16 * kMegabyte);
  for (int i = 0; i < 60; ++i)
    EXPECT_TRUE(std::ranges::equal(in_use[static_cast<std::size_t>(i)].bytes(), pixels(kFrame, i))) << i;
}

TEST(CopyPool, UsesMemoryAgain) {
  CopyPool pool({.most_bytes = 32 * kMegabyte});
  std::set<const std::byte*> addresses;
  for (int i = 0; i < 50; ++i) addresses.insert(pool.copy_of(pixels(kFrame, i)).data());
  EXPECT_EQ(addresses.size(), 1U);
  EXPECT_EQ(pool.touched(), kFrame);
}

// As a long recording has it: sizes change, and the oldest goes first.
TEST(CopyPool, CopiesOfChangingSizesTakeLittleMoreThanTheirBytes) {
  CopyPool pool({.most_bytes = 32 * kMegabyte});
  const std::vector<std::byte> original = pixels(130'000, 1);
  std::vector<Buffer> in_use(30);
  std::size_t most = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    in_use[i % in_use.size()] = {};
    in_use[i % in_use.size()] = pool.copy_of(ByteSpan(original).first(70'000 + i * 7919 % 60'000));
    std::size_t now = 0;
    for (const Buffer& buffer : in_use) now += buffer.size();
    most = std::max(most, now);
  }
  EXPECT_LT(pool.touched(), most + most / 2);
}

TEST(CopyPool, CopiesThatFindNoPlaceAreMadeElsewhere) {
  constexpr std::size_t kMost = 2 * kMegabyte;
  CopyPool pool({.most_bytes = kMost, .ready_bytes = kMost});
  {
    std::vector<Buffer> in_use;
    for (int i = 0; i < 20; ++i) in_use.push_back(pool.copy_of(pixels(kFrame, i)));
    for (int i = 0; i < 20; ++i)
      EXPECT_TRUE(std::ranges::equal(in_use[static_cast<std::size_t>(i)].bytes(), pixels(kFrame, i))) << i;
  }
  wait_until_ready(pool, kMost);
  EXPECT_EQ(pool.touched(), kMost);
}

TEST(CopyPool, CopiesOutliveIt) {
  Buffer copy;
  {
    CopyPool pool({.most_bytes = 16 * kMegabyte, .ready_bytes = kMegabyte});
    copy = pool.copy_of(pixels(kFrame, 3));
  }
  EXPECT_TRUE(std::ranges::equal(copy.bytes(), pixels(kFrame, 3)));
}

TEST(CopyPool, TakesCallsFromManyThreads) {
  CopyPool pool({.most_bytes = 4 * kMegabyte, .ready_bytes = kMegabyte});
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&pool, t] {
      std::vector<Buffer> in_use(3);
      for (int i = 0; i < 20; ++i) {
        const std::vector<std::byte> original = pixels(kFrame, t * 100 + i);
        Buffer& copy = in_use[static_cast<std::size_t>(i) % in_use.size()];
        copy = pool.copy_of(original);
        EXPECT_TRUE(std::ranges::equal(copy.bytes(), original));
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace genlock::capi
