#pragma once

#include "base/mutex.h"
#include "base/time.h"

namespace genlock {

inline constexpr HostTime kNoDeadline = HostTime::max();

/// The time that a part of the program lives in. Every wait, timeout and host stamp goes through one, so that tests and
/// the bench can run faster than time. All members may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual HostTime now() const = 0;
  virtual WallTime wall_now() const = 0;

  /// Waits until `condition` is notified or `deadline` has come; may return early, so callers test what they wait for.
  virtual void wait(CondVar& condition, Mutex& mutex, HostTime deadline) GENLOCK_REQUIRES(mutex) = 0;
};

/// CLOCK_MONOTONIC and CLOCK_REALTIME of this host. Lives as long as the program.
Clock& system_clock();

/// A clock that stands still until a test moves it. wait() returns when the time reaches the deadline, on a
/// notification, and at least every millisecond of real time, so that another thread's step is seen.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(HostTime start = HostTime{}) : now_(start) {}

  HostTime now() const override;
  WallTime wall_now() const override;
  void wait(CondVar& condition, Mutex& mutex, HostTime deadline) override GENLOCK_REQUIRES(mutex);

  void step(HostDuration by);

 private:
  mutable Mutex mutex_;
  HostTime now_ GENLOCK_GUARDED_BY(mutex_);
};

/// `now() + timeout`, without overflow; a negative timeout means no deadline.
HostTime deadline_after(const Clock& clock, HostDuration timeout);

}  // namespace genlock
