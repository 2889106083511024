#include "device/sim/bench_clock.h"

#include <algorithm>

namespace genlock::device::sim {

void BenchClock::wait(CondVar& condition, Mutex& mutex, HostTime deadline) {
  if (now() >= deadline) return;
  // A step may come from another process, which cannot notify this condition.
  const HostTime look = bench_.stepped() ? system_clock().now() + std::chrono::milliseconds(1) : kNoDeadline;
  system_clock().wait(condition, mutex, std::min(bench_.real_time(deadline), look));
}

}  // namespace genlock::device::sim
