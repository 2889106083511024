#pragma once

#include <memory>

#include "device/registry.h"
#include "session/session.h"

namespace genlock::session {

struct SessionOptions {
  std::string name = "unit";  ///< in thread names and messages
  HostDuration first_capture_limit = std::chrono::seconds(60);
  HostDuration subordinate_limit =
      std::chrono::seconds(360);  ///< the same for a subordinate (facts device.md 6.2)
  HostDuration depth_sleeps_after = std::chrono::seconds(60);  ///< facts device.md 2.8
  HostDuration silence_limit =
      std::chrono::milliseconds(1500);  ///< a running stream without data for longer has failed
  std::size_t max_queued_bytes = 0;     ///< most data waiting for the disk; 0: two seconds of the cameras'
};

/// A session in this process.
///
/// Threads: while the cameras run it owns three: captures, IMU, and watch (jacks), all stopped by Close or
/// the destructor.
class UnitSession final : public Session {
 public:
  /// `provider` outlives the session.
  UnitSession(device::Provider& provider, EventSink sink, SessionOptions options);
  ~UnitSession() override;

  Status execute(const Command& command) override;

  /// The open unit; null otherwise. For reading controls and jacks.
  device::Device* unit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::session
