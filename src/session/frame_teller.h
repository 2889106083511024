#pragma once

#include "base/mutex.h"
#include "base/time.h"
#include "session/event.h"
#include "session/recording_job.h"
#include "session/session.h"

namespace genlock::session {

/// Tells who watches the sync of a rig what its unit gives, at most four times a second: pulses while a
/// recording waits for its first, then the frames that it takes, with host times and plugs. Only of
/// recordings that go by pulses. note() from any thread, the rest from the capture thread.
class FrameTeller {
 public:
  /// `emit` outlives it.
  explicit FrameTeller(const EventSink& emit) : emit_(emit) {}

  /// Forgets what was noted and not told: of the recording before.
  void begin();

  void note(const HostPair& pair);
  void note(const JackObservation& jacks);

  /// A recording waits for its first pulse.
  void tell(const Streaming& seen, HostTime now);

  /// A recording has its first pulse.
  void tell_when_due(RecordingJob& job, HostTime now);

  /// The same at once, for its end.
  void tell(RecordingJob& job);

 private:
  bool due(HostTime now);

  const EventSink& emit_;
  HostTime last_told_;  ///< the capture thread's
  Mutex mutex_;
  Frames noted_ GENLOCK_GUARDED_BY(mutex_);  ///< pairs and jacks
};

}  // namespace genlock::session
