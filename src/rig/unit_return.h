#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/thread.h"
#include "rig/rig_start.h"

namespace genlock::rig {

/// Brings back a unit that was lost while a take runs: looks for it by its serial number about once a second,
/// opens it, gives it its settings, starts it, and records it into UNIT-unaligned-1.mkv; when it is lost once
/// more, the same again into -2. These recordings have no pulses, since the unit's clock has no common zero
/// with the others' (facts device.md 2.8), and are tagged so.
///
/// Events of such recordings go to the inbox like others', but not the ends of those that got no file. Why a
/// unit that is there cannot go on comes as a Warning, once for each reason.
///
/// Threads: "back-<unit>", which has the unit's session for itself, ended by the destructor.
class UnitReturn {
 public:
  /// What is given outlives this, and this outlives the unit's session.
  UnitReturn(std::size_t unit, std::string name, const RecordOrder& order, RigSessions& sessions,
             TakeInbox& inbox, Clock& clock);
  ~UnitReturn();

  /// Ends the search, or the recording. Returns at once.
  void end();

  /// Returns when the recording is closed, and the inbox has its end.
  void join() { thread_.join(); }

 private:
  void run();
  void try_once();
  Status bring_back();
  session::Record request() const;
  void take(const session::Event& event);
  void tell(const std::string& why);
  bool ending();
  void wait_for_next_try();
  bool ends_by_itself();
  session::RecordingEnded end_of_recording();

  const std::size_t unit_;
  const std::string name_;
  const RecordOrder& order_;
  RigSessions& sessions_;
  TakeInbox& inbox_;
  Clock& clock_;
  int files_ = 0;     ///< that were recorded; of the thread
  std::string told_;  ///< the last reason; of the thread

  Mutex mutex_;
  CondVar changed_;
  bool ending_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::optional<session::RecordingEnded> ended_ GENLOCK_GUARDED_BY(mutex_);

  Thread thread_;
};

}  // namespace genlock::rig
