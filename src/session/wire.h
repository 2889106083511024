#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "session/command.h"
#include "session/event.h"

// Commands, events and replies as one line of JSON each, for child processes, other hosts and scripts. Keys
// are those of the structs; times are integers in µs (device) or ns (host); the kind of a message is its
// "command", "event" or "reply" key. Bytes that are no UTF-8 are replaced.

namespace genlock::session {

/// What a session in another process answers to each command, in their order.
struct Done {};
struct Failed {
  Errc code = Errc::internal;
  std::string error;
};
/// A sign of life, unasked: there is nothing to say.
struct Alive {};
using Reply = std::variant<Done, Failed, Alive>;

using Message = std::variant<Event, Reply>;

std::string to_json(const Command& command);
std::string to_json(const Event& event);
std::string to_json(const Message& message);

/// Errc::corrupt with what is wrong: not JSON, an unknown kind, a missing key or one of the wrong type.
Result<Command> command_from_json(std::string_view line);
Result<Event> event_from_json(std::string_view line);
Result<Message> message_from_json(std::string_view line);

}  // namespace genlock::session
