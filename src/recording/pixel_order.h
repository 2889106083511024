#pragma once

#include <algorithm>
#include <cstring>

#include "base/buffer.h"

namespace genlock::recording {

/// Copies 16-bit values with their bytes changed over: files have them big-endian, memory little-endian. The
/// spans are of one size; they may be the same. An odd last byte is copied as it is.
inline void copy_swapping_pairs(ByteSpan from, MutableByteSpan to) {
  using Pixels [[gnu::vector_size(32)]] = std::uint16_t;
  std::size_t at = 0;
  for (; from.size() - at >= sizeof(Pixels); at += sizeof(Pixels)) {
    Pixels pixels;
    std::memcpy(&pixels, from.data() + at, sizeof pixels);
    pixels = pixels << 8 | pixels >> 8;
    std::memcpy(to.data() + at, &pixels, sizeof pixels);
  }
  for (; from.size() - at >= 2; at += 2) {
    const std::byte first = from[at];
    to[at] = from[at + 1];
    to[at + 1] = first;
  }
  if (at < from.size()) to[at] = from[at];
}

}  // namespace genlock::recording
