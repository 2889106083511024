#include "recording/pixel_order.h"

#include <gtest/gtest.h>

#include <vector>

namespace genlock::recording {
namespace {

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(7 * i + 1);
  return bytes;
}

/// Pairs changed over one by one; an odd last byte stays.
std::vector<std::byte> swapped(std::vector<std::byte> bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
  return bytes;
}

TEST(PixelOrder, ChangesEveryPairOfAnySizeAndAtAnyPlace) {
  for (std::size_t size = 0; size < 200; ++size)
    for (std::size_t start = 0; start < 3; ++start) {
      const std::vector<std::byte> from = counting(start + size);
      std::vector<std::byte> to(size + 1, std::byte{0xEE});
      copy_swapping_pairs(ByteSpan(from).subspan(start), MutableByteSpan(to).first(size));
      std::vector<std::byte> wanted =
          swapped({from.begin() + static_cast<std::ptrdiff_t>(start), from.end()});
      wanted.push_back(std::byte{0xEE});
      EXPECT_EQ(to, wanted) << size << " bytes from " << start;
    }
}

TEST(PixelOrder, ChangesBytesInPlace) {
  std::vector<std::byte> bytes = counting(1001);
  copy_swapping_pairs(bytes, bytes);
  EXPECT_EQ(bytes, swapped(counting(1001)));
}

}  // namespace
}  // namespace genlock::recording
