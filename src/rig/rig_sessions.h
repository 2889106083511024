#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/thread.h"
#include "rig/plan.h"
#include "rig/take_event.h"
#include "rig/take_inbox.h"
#include "session/session.h"

namespace genlock::rig {

/// Makes the session of one unit of the rig, wherever it runs. `unit` is its place in the rig.
using SessionMaker = std::function<Result<std::unique_ptr<session::Session>>(
    std::size_t unit, const RigUnit& of, session::EventSink sink)>;

/// The sessions of all units of a rig. One thread at a time.
///
/// Threads: "stop", one a unit, while recordings are stopped; joined before the sessions go.
class RigSessions {
 public:
  /// What is given outlives the sessions; their events go to `inbox`.
  RigSessions(const Plan& plan, const SessionMaker& make, TakeInbox& inbox);
  ~RigSessions();

  /// Opens all units and sets and configures them. `refused` is called for each that cannot be used, and the
  /// error says how many they are.
  Status open(const std::function<void(std::size_t unit, const Error& why)>& refused);

  /// With the unit's name in the error.
  Status execute(std::size_t unit, const session::Command& command);

  /// Ends all recordings where they are, none waiting for another, and returns at once: their ends come as
  /// events.
  void stop_recordings();

  /// Closes the units in the order in which they were started: the master last.
  void close();

 private:
  struct Unit {
    std::unique_ptr<session::Session> session;
    Thread stopper;  ///< uses the session, so it is joined first
  };
  Status open_unit(std::size_t unit);

  const Plan& plan_;
  const SessionMaker& make_;
  TakeInbox& inbox_;
  std::vector<Unit> units_;
};

}  // namespace genlock::rig
