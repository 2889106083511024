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

/// How often a unit that is not there is looked for: RigSessions::reopen().
inline constexpr HostDuration kLookEvery = std::chrono::seconds(1);

/// The sessions of all units of a rig. One thread at a time, but for reopen(), drop() and execute(), which
/// are for one thread at a time of each unit.
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

  /// A unit that was lost, or that was never there: opens it by its serial number, sets and configures it.
  /// Its events go to `sink`. Errc::not_found: it is not there, and may be tried again; else drop() it first.
  Status reopen(std::size_t unit, const session::EventSink& sink);

  /// Lets the unit go, with its session.
  void drop(std::size_t unit);

  /// With the unit's name in the error.
  Status execute(std::size_t unit, const session::Command& command);

  /// Ends a recording where it is and returns at once, so that none waits for another: its end comes as an
  /// event.
  void stop_recording(std::size_t unit);

  /// Closes the units in the order in which they were started: the master last.
  void close();

 private:
  struct Unit {
    std::unique_ptr<session::Session> session;
    Thread stopper;  ///< uses the session, so it is joined first
  };
  Status set_up(std::size_t unit);

  const Plan& plan_;
  const SessionMaker& make_;
  TakeInbox& inbox_;
  std::vector<Unit> units_;
};

}  // namespace genlock::rig
