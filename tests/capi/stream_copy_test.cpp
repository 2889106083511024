#include "capi/k4arecord/stream_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace genlock::capi {
namespace {

std::vector<std::byte> different_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 37 + i / 251 + 1);
  return bytes;
}

TEST(StreamCopy, CopiesAnyNumberOfBytesFromAnywhereAndNoneMore) {
  constexpr std::byte kBehind{0xA5};
  const std::vector<std::byte> source = different_bytes(5000);
  for (std::size_t size = 0; size < 1500; size += size < 600 ? 1 : 37) {
    for (const std::size_t offset : {0U, 1U, 7U, 16U, 63U}) {
      const ByteSpan from = ByteSpan(source).subspan(offset, size);
      alignas(16) std::byte memory[2048];
      std::ranges::fill(memory, kBehind);
      stream_copy(MutableByteSpan(memory).first(size), from);
      ASSERT_TRUE(std::ranges::equal(MutableByteSpan(memory).first(size), from)) << size << " " << offset;
      ASSERT_TRUE(std::ranges::all_of(MutableByteSpan(memory).subspan(size),
                                      [](std::byte b) { return b == kBehind; }))
          << size << " " << offset;
    }
  }
}

}  // namespace
}  // namespace genlock::capi
