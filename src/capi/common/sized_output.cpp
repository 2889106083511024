#include "capi/common/sized_output.h"

#include <algorithm>

namespace genlock::capi {
namespace {

/// Copies two pieces as one.
Result<k4a_buffer_result_t> give(ByteSpan bytes, ByteSpan behind, void* buffer, std::size_t* size) {
  if (size == nullptr) return Error(Errc::invalid, "the pointer to the size is null");
  const std::size_t needed = bytes.size() + behind.size();
  const bool fits = buffer != nullptr && *size >= needed;
  *size = needed;
  if (!fits) return K4A_BUFFER_RESULT_TOO_SMALL;
  std::byte* const rest = std::ranges::copy(bytes, static_cast<std::byte*>(buffer)).out;
  std::ranges::copy(behind, rest);
  return K4A_BUFFER_RESULT_SUCCEEDED;
}

}  // namespace

Result<k4a_buffer_result_t> give_bytes(ByteSpan bytes, void* buffer, std::size_t* size) {
  return give(bytes, {}, buffer, size);
}

Result<k4a_buffer_result_t> give_text(std::string_view text, char* buffer, std::size_t* size) {
  constexpr std::byte kNul{0};
  return give(std::as_bytes(std::span(text)), {&kNul, 1}, buffer, size);
}

}  // namespace genlock::capi
