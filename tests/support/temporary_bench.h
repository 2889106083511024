#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "device/sim/bench.h"
#include "support/temporary_folder.h"

namespace genlock::test {

/// The default bench of three, with two noise-free images a unit, standing still until step() moves it.
device::sim::BenchConfig stepped_bench();

/// The cheapest cameras: 720p NV12 and binned NFOV depth.
CameraConfig small_cameras(WiredSyncMode mode, FrameRate rate = FrameRate::fps30);

/// A bench in a state directory of its own, seen from any number of hosts. Aborts the test program if it
/// cannot be.
class TemporaryBench {
 public:
  explicit TemporaryBench(device::sim::BenchConfig config = stepped_bench());

  /// What to open it with once more: from another host, in another process's options.
  device::sim::BenchOptions options(const std::string& host = "") const;

  device::sim::Bench& bench() { return *bench_; }
  device::Provider& provider() { return *provider_; }
  Clock& clock() { return bench_->clock(); }

  /// The unit of that name.
  std::unique_ptr<device::Device> open(const std::string& unit);

  void step(HostDuration by);

 private:
  TemporaryFolder folder_;
  device::sim::BenchConfig config_;
  std::shared_ptr<device::sim::Bench> bench_;
  std::unique_ptr<device::Provider> provider_;
};

}  // namespace genlock::test
