#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace genlock::fuzz {

/// Ends the program, as a fuzzer's finding, unless what must hold does.
inline void require(bool condition) {
  if (!condition) std::abort();
}

inline std::vector<std::byte> bytes_of(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  return {bytes, bytes + size};
}

inline std::unique_ptr<ByteSource> source_of(std::vector<std::byte> bytes) {
  return std::make_unique<MemorySource>(std::move(bytes));
}

}  // namespace genlock::fuzz
