#pragma once

#include <functional>

#include "base/mutex.h"

namespace genlock::cli {

/// Takes stop signals from before there is something to stop until after it is gone. Any thread.
class StopRelay {
 public:
  void stop() {
    MutexLock lock(mutex_);
    ++stops_;
    if (target_) target_();
  }

  /// Whom stops go to from now on, those that came before first; empty: to nobody. Never under way any more
  /// once it has returned.
  void lead_to(std::function<void()> target) {
    MutexLock lock(mutex_);
    target_ = std::move(target);
    for (int i = 0; i < stops_ && target_; ++i) target_();
  }

  /// How often a stop was asked for.
  int stops() {
    MutexLock lock(mutex_);
    return stops_;
  }

 private:
  Mutex mutex_;
  int stops_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::function<void()> target_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::cli
