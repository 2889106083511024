#pragma once

#include "base/clock.h"
#include "device/sim/shared_bench.h"

namespace genlock::device::sim {

/// The clock of a bench, the same in every process: the host's, faster or slower, or standing until a test
/// steps it. Its wall time is the real one of the moment the bench was made plus the bench time since.
class BenchClock final : public Clock {
 public:
  explicit BenchClock(const SharedBench& bench) : bench_(bench) {}

  HostTime now() const override { return bench_.now(); }
  WallTime wall_now() const override { return bench_.wall_now(); }
  void wait(CondVar& condition, Mutex& mutex, HostTime deadline) override GENLOCK_REQUIRES(mutex);

 private:
  const SharedBench& bench_;
};

}  // namespace genlock::device::sim
