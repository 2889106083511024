#pragma once

#include <cstdint>

#include "base/buffer.h"

namespace genlock::mkv {

/// The CRC of EBML's CRC-32 element (RFC 8794 section 11.3.1): polynomial 0xEDB88320, reflected, as in zlib.
/// It is stored little-endian. `before` is the CRC of what came before `bytes`.
std::uint32_t crc32(ByteSpan bytes, std::uint32_t before = 0);

}  // namespace genlock::mkv
