#include "base/clock.h"

namespace genlock {
namespace {

class SystemClock final : public Clock {
 public:
  HostTime now() const override {
    return HostTime(std::chrono::duration_cast<HostDuration>(std::chrono::steady_clock::now().time_since_epoch()));
  }

  WallTime wall_now() const override {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  }

  void wait(CondVar& condition, Mutex& mutex, HostTime deadline) override GENLOCK_REQUIRES(mutex) {
    if (deadline == kNoDeadline) return condition.wait(mutex);
    condition.wait_real_until(mutex, std::chrono::steady_clock::time_point(deadline.time_since_epoch()));
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

HostTime ManualClock::now() const {
  MutexLock lock(mutex_);
  return now_;
}

WallTime ManualClock::wall_now() const { return WallTime(now().time_since_epoch()); }

void ManualClock::wait(CondVar& condition, Mutex& mutex, HostTime deadline) {
  if (now() >= deadline) return;
  condition.wait_real_until(mutex, std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
}

void ManualClock::step(HostDuration by) {
  MutexLock lock(mutex_);
  now_ += by;
}

HostTime deadline_after(const Clock& clock, HostDuration timeout) {
  if (timeout < HostDuration::zero()) return kNoDeadline;
  const HostTime now = clock.now();
  return timeout > kNoDeadline - now ? kNoDeadline : now + timeout;
}

}  // namespace genlock
