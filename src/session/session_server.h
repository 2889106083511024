#pragma once

#include <functional>
#include <memory>

#include "session/line_socket.h"
#include "session/unit_session.h"

namespace genlock::session {

/// A sign of life goes out after so long without another message.
inline constexpr HostDuration kAliveEvery = std::chrono::seconds(1);

/// The child's side of a ProcessSession: carries out the commands that come over `socket`, answers each, and
/// sends the session's events. Returns when the other end is closed; a recording is ended then, and the unit
/// closed. `find_units` is called at the first command, and its failure is the answer to it. `observer` is
/// told the events too, before they are sent.
///
/// Threads: the caller's carries out commands; "events" sends, and is joined at the end.
Status serve_session(LineSocket& socket,
                     const std::function<Result<std::unique_ptr<device::Provider>>()>& find_units,
                     const SessionOptions& options, const EventSink& observer = {});

}  // namespace genlock::session
