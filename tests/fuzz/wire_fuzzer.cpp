#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "session/wire.h"

namespace {

/// What is understood must come back the same.
template <class Message>
void check(const genlock::Result<Message>& message, genlock::Result<Message> (*read)(std::string_view)) {
  if (!message) {
    if (message.error().message().empty()) std::abort();
    return;
  }
  const std::string line = genlock::session::to_json(*message);
  const auto again = read(line);
  if (!again || genlock::session::to_json(*again) != line) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(genlock::session::command_from_json(text), genlock::session::command_from_json);
  check(genlock::session::event_from_json(text), genlock::session::event_from_json);
  check(genlock::session::message_from_json(text), genlock::session::message_from_json);
  return 0;
}
