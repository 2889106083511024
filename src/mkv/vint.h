#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "base/buffer.h"

// Variable-length integers of EBML (RFC 8794 section 4): the number of leading zero bits of the first byte
// tells how many bytes follow.

namespace genlock::mkv {

/// A size whose bits are all ones: not known when it was written.
inline constexpr std::uint64_t kUnknownSize = ~std::uint64_t{0};

/// Most that fits into `width` bytes; all ones is taken.
constexpr std::uint64_t max_vint(int width) {
  return (std::uint64_t{1} << (7 * width)) - 2;
}

/// Bytes needed, 1 to 8, for a value of at most 2^56 - 2.
constexpr int vint_width(std::uint64_t value) {
  int width = 1;
  while (width < 8 && value > max_vint(width)) ++width;
  return width;
}

/// Bytes that an identifier takes, its marker included.
constexpr int id_width(std::uint32_t id) {
  return id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1;
}

/// `value` in exactly out.size() bytes, which must do; kUnknownSize becomes all ones.
constexpr void put_vint(std::uint64_t value, MutableByteSpan out) {
  const int width = static_cast<int>(out.size());
  const std::uint64_t marker = std::uint64_t{1} << (7 * width);
  std::uint64_t rest = (value == kUnknownSize ? marker - 1 : value) | marker;
  for (int i = width - 1; i >= 0; --i, rest >>= 8)
    out[static_cast<std::size_t>(i)] = static_cast<std::byte>(rest);
}

struct Vint {
  std::uint64_t value = 0;  ///< kUnknownSize for all ones
  int width = 0;
};

/// The number at the start of `bytes`; nothing where there is none, or not all of it.
constexpr std::optional<Vint> get_vint(ByteSpan bytes) {
  if (bytes.empty() || bytes[0] == std::byte{0}) return std::nullopt;
  const auto first = std::to_integer<std::uint8_t>(bytes[0]);
  const int width = std::countl_zero(first) + 1;
  if (bytes.size() < static_cast<std::size_t>(width)) return std::nullopt;
  std::uint64_t value = first & (0xFFU >> width);
  for (int i = 1; i < width; ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[static_cast<std::size_t>(i)]);
  if (value == (std::uint64_t{1} << (7 * width)) - 1) value = kUnknownSize;
  return Vint{value, width};
}

/// The identifier at the start of `bytes`, its marker included; at most 4 bytes (EBMLMaxIDLength).
constexpr std::optional<Vint> get_id(ByteSpan bytes) {
  if (bytes.empty()) return std::nullopt;
  const int width = std::countl_zero(std::to_integer<std::uint8_t>(bytes[0])) + 1;
  if (width > 4 || bytes.size() < static_cast<std::size_t>(width)) return std::nullopt;
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[static_cast<std::size_t>(i)]);
  return Vint{value, width};
}

}  // namespace genlock::mkv
