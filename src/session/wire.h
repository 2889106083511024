#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "session/command.h"
#include "session/event.h"

// Commands and events as one line of JSON each, for child processes, other hosts and scripts. Keys are those
// of the structs; times are integers in µs (device) or ns (host); the kind of a message is its "command" or
// "event" key.

namespace genlock::session {

std::string to_json(const Command& command);
std::string to_json(const Event& event);

/// Errc::corrupt with what is wrong: not JSON, an unknown kind, a missing key or one of the wrong type.
Result<Command> command_from_json(std::string_view line);
Result<Event> event_from_json(std::string_view line);

}  // namespace genlock::session
