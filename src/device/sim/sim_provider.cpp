#include <fmt/format.h>

#include <algorithm>

#include "device/sim/bench.h"
#include "device/sim/bench_events.h"
#include "device/sim/sim_backend.h"

namespace genlock::device::sim {
namespace {

class SimProvider final : public Provider {
 public:
  SimProvider(std::shared_ptr<Bench> bench, LibraryOptions library)
      : bench_(std::move(bench)), library_(library) {}

  std::string backend() const override { return "sim"; }

  std::string description() const override {
    const HostIdentity host = bench_->host();
    return fmt::format("simulated bench {}{}", bench_->config().name,
                       host.name == "bench" ? "" : ", host " + host.name);
  }

  Result<std::vector<UnitListing>> list() override {
    std::vector<UnitListing> listing;
    for (const std::size_t unit : attached()) {
      const UnitConfig& config = bench_->config().units[unit];
      listing.push_back(
          {.index = static_cast<unsigned>(listing.size()), .serial = config.serial, .name = config.name});
    }
    return listing;
  }

  std::vector<UsbController> usb_controllers() override {
    const BenchConfig& config = bench_->config();
    std::vector<UsbController> controllers;
    for (const HostConfig& host : config.hosts) {
      UsbController controller{.name = host.name, .mb_per_s = host.usb_mb_per_s, .memory_mib = host.usbfs_mb};
      for (const std::size_t unit : bench_->visible_units())
        if (std::ranges::find(host.units, config.units[unit].name) != host.units.end())
          controller.serials.push_back(config.units[unit].serial);
      if (!controller.serials.empty()) controllers.push_back(std::move(controller));
    }
    return controllers;
  }

  Result<std::unique_ptr<Device>> open(unsigned index) override {
    const auto units = attached();
    if (units.empty())
      return Error(Errc::not_found, fmt::format("no unit is attached to {}; check cables, power and that "
                                                "each is in a USB 3 port",
                                                description()));
    if (index >= units.size()) {
      return Error(Errc::not_found, fmt::format("there is no unit {} on {}, which has {}, counted from 0",
                                                index, description(), units.size()));
    }
    GENLOCK_ASSIGN(auto backend, SimBackend::open(bench_, units[index], library_));
    return std::make_unique<Device>(std::move(backend), bench_->clock());
  }

  Clock& clock() override { return bench_->clock(); }

 private:
  /// The units that a bus listing shows now.
  std::vector<std::size_t> attached() {
    SharedBench& shared = bench_->shared();
    SharedBench::Lock lock(shared);
    catch_up(lock, shared, bench_->config(), shared.now(), {});
    std::vector<std::size_t> units;
    for (const std::size_t unit : bench_->visible_units())
      if (lock.state().units[unit].plugged && !lock.state().units[unit].fault(FaultKind::usb2).on)
        units.push_back(unit);
    return units;
  }

  const std::shared_ptr<Bench> bench_;
  const LibraryOptions library_;
};

}  // namespace

std::unique_ptr<Provider> make_provider(std::shared_ptr<Bench> bench, LibraryOptions library) {
  return std::make_unique<SimProvider>(std::move(bench), library);
}

Result<std::unique_ptr<Provider>> open_bench(const BenchOptions& options) {
  GENLOCK_ASSIGN(auto bench, Bench::open(options));
  return make_provider(std::move(bench));
}

}  // namespace genlock::device::sim
