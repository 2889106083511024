#pragma once

#include <algorithm>
#include <cstring>

#include "base/buffer.h"

namespace genlock::recording {

/// Copies 16-bit values with their bytes changed over: files have them big-endian, memory little-endian. The
/// spans are of one size; they may be the same. An odd last byte is copied as it is.
inline void copy_swapping_pairs(ByteSpan from, MutableByteSpan to) {
  constexpr std::uint64_t kLow = 0x00FF00FF00FF00FF;
  std::size_t at = 0;
  for (; from.size() - at >= 8; at += 8) {
    std::uint64_t pixels = 0;
    std::memcpy(&pixels, from.data() + at, 8);
    pixels = (pixels & kLow) << 8 | (pixels >> 8 & kLow);
    std::memcpy(to.data() + at, &pixels, 8);
  }
  for (; from.size() - at >= 2; at += 2) {
    const std::byte first = from[at];
    to[at] = from[at + 1];
    to[at + 1] = first;
  }
  if (at < from.size()) to[at] = from[at];
}

}  // namespace genlock::recording
