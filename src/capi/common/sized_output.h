#pragma once

#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// The two-call protocol of all sized getters: copies `bytes` to `buffer` if its `*size` is enough, and
/// writes the size that was used or is needed to `*size`. An error where `size` is null.
Result<k4a_buffer_result_t> give_bytes(ByteSpan bytes, void* buffer, std::size_t* size);

/// The same for text, with a NUL behind it that counts.
Result<k4a_buffer_result_t> give_text(std::string_view text, char* buffer, std::size_t* size);

}  // namespace genlock::capi
