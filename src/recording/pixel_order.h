#pragma once

#include "base/buffer.h"

namespace genlock::recording {

/// Copies 16-bit values with their bytes changed over: files have them big-endian, memory little-endian. The
/// spans are of one size; they may be the same. An odd last byte is copied as it is.
void copy_swapping_pairs(ByteSpan from, MutableByteSpan to);

}  // namespace genlock::recording
