#pragma once

#include <functional>
#include <string>

#include "base/mutex.h"
#include "base/thread.h"
#include "device/device.h"

namespace genlock::session {

/// Asks a unit for its jacks twice a second.
///
/// Threads: "watch-<name>", ended by the destructor.
class JackWatch {
 public:
  using Seen = std::function<void(const SyncJacks& jacks, bool changed)>;

  /// `unit` outlives the watch. `seen` is called on the watch's thread with each answer; `changed`: they were
  /// others at the one before.
  JackWatch(device::Device& unit, const std::string& name, Seen seen);
  ~JackWatch();

 private:
  void watch();
  bool wait();

  device::Device& unit_;
  const Seen seen_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ GENLOCK_GUARDED_BY(mutex_) = false;
  Thread thread_;
};

}  // namespace genlock::session
