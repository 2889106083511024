#include "device/sim/bench_clock.h"

#include <algorithm>

namespace genlock::device::sim {

WallTime BenchClock::wall_now() const {
  const HostTime now = bench_.now();
  return bench_.wall_now() + (host_.shows(now) - now);
}

void BenchClock::wait(CondVar& condition, Mutex& mutex, HostTime deadline) {
  if (now() >= deadline) return;
  // A step may come from another process, which cannot notify this condition.
  // Nor can a reader that time waits for.
  const bool stands = bench_.stepped() || bench_.held_by().has_value();
  const HostTime real = system_clock().now();
  const HostTime look = stands ? real + std::chrono::milliseconds(1) : kNoDeadline;
  system_clock().wait(condition, mutex, std::min(bench_.real_time(host_.bench_time(deadline)), look));
}

}  // namespace genlock::device::sim
