#include "mkv/crc32.h"

#include <zlib.h>

namespace genlock::mkv {

std::uint32_t crc32(ByteSpan bytes, std::uint32_t before) {
  return static_cast<std::uint32_t>(
      ::crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace genlock::mkv
