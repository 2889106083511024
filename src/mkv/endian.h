#pragma once

#include <cstdint>

#include "base/buffer.h"

// Integers of as many bytes as the span has, 8 at most.

namespace genlock::mkv {

constexpr void store_big(std::uint64_t value, MutableByteSpan out) {
  for (std::size_t i = out.size(); i-- > 0; value >>= 8) out[i] = static_cast<std::byte>(value);
}

constexpr void store_little(std::uint64_t value, MutableByteSpan out) {
  for (std::byte& byte : out) {
    byte = static_cast<std::byte>(value);
    value >>= 8;
  }
}

constexpr std::uint64_t load_big(ByteSpan bytes) {
  std::uint64_t value = 0;
  for (std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

constexpr std::uint64_t load_little(ByteSpan bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

}  // namespace genlock::mkv
