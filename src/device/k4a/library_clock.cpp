#include "device/k4a/library_clock.h"

#include <map>
#include <memory>

namespace genlock::device::k4a {

HostTime LibraryClock::now() const {
  return HostTime(HostDuration(static_cast<std::int64_t>(own_.monotonic())));
}

WallTime LibraryClock::wall_now() const {
  return WallTime(std::chrono::nanoseconds(static_cast<std::int64_t>(own_.wall())));
}

void LibraryClock::wait(CondVar& condition, Mutex& mutex, HostTime deadline) {
  if (deadline == kNoDeadline) return condition.wait(mutex);
  if (now() >= deadline) return;
  condition.wait_real_until(mutex, std::chrono::steady_clock::now() + std::chrono::milliseconds(2));
}

Clock& clock_of(Library& library) {
  if (library.vendor() != Vendor::genlock) return system_clock();
  struct Clocks {
    Mutex mutex;
    std::map<Library*, std::unique_ptr<LibraryClock>> of GENLOCK_GUARDED_BY(mutex);
  };
  static auto* const clocks = new Clocks;
  MutexLock lock(clocks->mutex);
  auto& clock = clocks->of[&library];
  if (!clock) clock = std::make_unique<LibraryClock>(library);
  return *clock;
}

}  // namespace genlock::device::k4a
