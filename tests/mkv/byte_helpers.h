#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "mkv/output.h"

namespace genlock::mkv {

using Bytes = std::vector<std::byte>;

/// Bytes given as numbers below 256, and texts by way of ascii().
inline Bytes bytes(std::initializer_list<unsigned> values) {
  Bytes out;
  for (unsigned value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

inline Bytes ascii(std::string_view text) {
  Bytes out;
  for (char c : text) out.push_back(static_cast<std::byte>(c));
  return out;
}

inline Bytes join(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline Bytes to_bytes(const Output& out) {
  return {out.bytes().begin(), out.bytes().end()};
}

}  // namespace genlock::mkv
