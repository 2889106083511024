#include "base/buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace genlock {
namespace {

std::vector<std::byte> counting_bytes(std::size_t count) {
  std::vector<std::byte> bytes(count);
  std::ranges::generate(bytes, [n = 0]() mutable { return static_cast<std::byte>(n++); });
  return bytes;
}

TEST(Buffer, ForeignMemoryIsReleasedOnceWithTheLastReference) {
  int released = 0;
  const auto bytes = counting_bytes(8);
  {
    const Buffer buffer = Buffer::wrap(bytes.data(), bytes.size(), [&] { ++released; });
    Buffer copy = buffer;
    const Buffer moved = std::move(copy);
    EXPECT_EQ(moved.data(), bytes.data()) << "wrapped, not copied";
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

TEST(Buffer, WrapWorksWithoutAReleaseFunction) {
  const auto bytes = counting_bytes(8);
  EXPECT_EQ(Buffer::wrap(bytes.data(), bytes.size(), {}).size(), 8u);
}

TEST(Buffer, SliceKeepsTheWholeAlive) {
  int released = 0;
  const auto bytes = counting_bytes(8);
  Buffer part;
  {
    const Buffer whole = Buffer::wrap(bytes.data(), bytes.size(), [&] { ++released; });
    part = whole.slice(2, 3);
  }
  EXPECT_EQ(released, 0);
  ASSERT_EQ(part.size(), 3u);
  EXPECT_EQ(part.bytes()[0], std::byte{2});
  part = {};
  EXPECT_EQ(released, 1);
}

TEST(Buffer, TellsHowManyHaveItsMemory) {
  EXPECT_EQ(Buffer().references(), 0);
  Buffer whole = Buffer::from_vector(std::vector<std::byte>(4));
  EXPECT_EQ(whole.references(), 1);
  const Buffer part = whole.slice(1, 2);
  EXPECT_EQ(part.references(), 2);
  EXPECT_TRUE(part.shares_memory_with(whole));
  EXPECT_FALSE(part.shares_memory_with(Buffer::copy_of(part.bytes())));
  const Buffer moved = std::move(whole);
  EXPECT_EQ(part.references(), 2) << "moving is no copy";
}

TEST(Buffer, CopyDoesNotDependOnItsSource) {
  auto bytes = counting_bytes(4);
  const Buffer copy = Buffer::copy_of(bytes);
  bytes[1] = std::byte{99};
  EXPECT_EQ(copy.bytes()[1], std::byte{1});
}

TEST(BufferPool, RecyclesABlockOnceNobodyUsesIt) {
  BufferPool pool;
  WritableBuffer block = pool.take(1000);
  const std::byte* const memory = block.data();
  Buffer sealed = std::move(block).seal(600);
  EXPECT_EQ(sealed.size(), 600u);
  EXPECT_EQ(pool.idle(), 0u) << "still in use";
  EXPECT_NE(pool.take(1000).data(), memory);
  sealed = {};
  EXPECT_EQ(pool.idle(), 2u);
  WritableBuffer smaller = pool.take(500);
  EXPECT_EQ(smaller.size(), 500u);
  EXPECT_EQ(pool.idle(), 1u) << "a larger block serves a smaller wish";
}

TEST(BufferPool, GivesTheBlockAgainThatCameBackLast) {
  BufferPool pool;
  std::optional<WritableBuffer> first = pool.take(100);
  std::optional<WritableBuffer> second = pool.take(100);
  const std::byte* const memory = first->data();
  second.reset();
  first.reset();
  EXPECT_EQ(pool.take(100).data(), memory);
}

TEST(BufferPool, KeepsNoMoreIdleBlocksThanItMay) {
  BufferPool pool(1);
  {
    const WritableBuffer a = pool.take(10);
    const WritableBuffer b = pool.take(10);
  }
  EXPECT_EQ(pool.idle(), 1u);
}

TEST(BufferPool, BlocksMayOutliveIt) {
  Buffer survivor;
  {
    BufferPool pool;
    WritableBuffer block = pool.take(16);
    std::ranges::fill(block.bytes(), std::byte{7});
    survivor = std::move(block).seal();
  }
  EXPECT_EQ(survivor.bytes()[15], std::byte{7});
}

}  // namespace
}  // namespace genlock
