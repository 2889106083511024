#pragma once

#include "base/clock.h"
#include "device/sim/pc_clock.h"
#include "device/sim/shared_bench.h"

namespace genlock::device::sim {

/// The clock of one of the bench's hosts, the same in every process there: the real host's, faster or slower,
/// or standing until a test steps it, as that host's own clock shows it. Its wall time is the real one of the
/// moment the bench was made plus the time since.
class BenchClock final : public Clock {
 public:
  BenchClock(const SharedBench& bench, const PcClock& host) : bench_(bench), host_(host) {}

  HostTime now() const override { return host_.shows(bench_.now()); }
  WallTime wall_now() const override;
  void wait(CondVar& condition, Mutex& mutex, HostTime deadline) override GENLOCK_REQUIRES(mutex);

 private:
  const SharedBench& bench_;
  const PcClock host_;
};

}  // namespace genlock::device::sim
