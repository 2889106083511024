#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "device/registry.h"
#include "session/command.h"
#include "session/event.h"

namespace genlock::session {

struct SessionOptions {
  std::string name = "unit";  ///< in thread names and messages
  HostDuration first_capture_limit = std::chrono::seconds(60);
  HostDuration subordinate_limit =
      std::chrono::seconds(360);  ///< the same for a subordinate (facts device.md 6.2)
  HostDuration depth_sleeps_after = std::chrono::seconds(60);  ///< facts device.md 2.8
  HostDuration silence_limit =
      std::chrono::milliseconds(1500);  ///< a running stream without data for longer has failed
  std::size_t max_queued_bytes = 0;  ///< most data waiting for the disk; 0: two seconds of the cameras'
};

/// Called on the session's threads, one call at a time; must not call the session.
using EventSink = std::function<void(const Event&)>;

/// One unit from open to stop. Commands are carried out before execute() returns; what happens later comes as
/// events.
///
/// Threads: execute() may be called from any thread, one command at a time is carried out. While the cameras
/// run the session owns three threads: captures, IMU, and watch (jacks), all stopped by Close or the
/// destructor.
class UnitSession {
 public:
  /// `provider` outlives the session.
  UnitSession(device::Provider& provider, EventSink sink, SessionOptions options);
  ~UnitSession();

  /// Errc::state: the command does not fit (Start before Configure, a second Record...). The unit's serial is
  /// in the message as soon as it is known.
  Status execute(const Command& command);

  /// The open unit; null otherwise. For reading controls and jacks.
  device::Device* unit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::session
