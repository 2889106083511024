#pragma once

#include <functional>

#include "base/result.h"
#include "session/command.h"
#include "session/event.h"

namespace genlock::session {

/// Called on the session's threads, one call at a time; must not call the session.
using EventSink = std::function<void(const Event&)>;

/// One unit from open to close, wherever its session runs: in this process (UnitSession) or in one of its own
/// (ProcessSession). Commands are carried out before execute() returns; what happens later comes as events.
/// execute() may be called from any thread; one command at a time is carried out.
class Session {
 public:
  virtual ~Session() = default;

  /// Errc::state: the command does not fit (Start before Configure, a second Record...). The unit's serial is
  /// in the message as soon as it is known.
  virtual Status execute(const Command& command) = 0;
};

}  // namespace genlock::session
