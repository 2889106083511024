#pragma once

#include "base/buffer.h"

namespace genlock::capi {

/// Copies `from` to `to`, which has as many bytes and begins at a multiple of 16, past the processor's caches
/// where it can: for much that nobody reads for a while. Takes about half of memcpy's time for an image.
void stream_copy(MutableByteSpan to, ByteSpan from);

}  // namespace genlock::capi
