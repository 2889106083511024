#include "mkv/crc32.h"

#include <libdeflate.h>

namespace genlock::mkv {

std::uint32_t crc32(ByteSpan bytes, std::uint32_t before) {
  // For no bytes libdeflate gives the start value if it gets a null pointer, as an empty span may be.
  if (bytes.empty()) return before;
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace genlock::mkv
