#pragma once

#include "base/clock.h"
#include "rig/rig_sessions.h"

namespace genlock::rig {

/// Waits until every unit of a rig is there to be used, between two takes.
class UnitWait {
 public:
  /// What is given outlives it.
  UnitWait(const Plan& plan, const SessionMaker& make, Clock& clock);

  /// Looks after `pause`, then about once a second for units that are missing. Returns when all could be
  /// opened and set, and were let go again. The error says of one that could not within `patience` why;
  /// Errc::state: stop() was called.
  Status run(HostDuration pause, HostDuration patience);

  /// Any thread.
  void stop();

 private:
  Status look_for(std::size_t unit, HostTime deadline);
  bool wait_until(HostTime time);

  const Plan& plan_;
  Clock& clock_;
  TakeInbox inbox_;  ///< events of units that are only looked for
  RigSessions sessions_;

  Mutex mutex_;
  CondVar changed_;
  bool stopped_ GENLOCK_GUARDED_BY(mutex_) = false;
};

}  // namespace genlock::rig
