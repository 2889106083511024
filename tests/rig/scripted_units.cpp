#include "scripted_units.h"

namespace genlock::test {
namespace {

using device::ColorControl;
using device::ControlValue;

class ScriptedBackend final : public device::Backend {
 public:
  explicit ScriptedBackend(const ScriptedUnits::Unit& unit) : unit_(unit) {
    identity_.serial = unit.serial;
    identity_.version = unit.version;
    identity_.backend = "k4a";
  }

  const device::DeviceIdentity& identity() const override { return identity_; }
  Result<SyncJacks> sync_jacks() override { return unit_.jacks; }
  Result<ControlValue> color_control(ColorControl control) override {
    const auto found = unit_.controls.find(control);
    if (found == unit_.controls.end()) return Error(Errc::unsupported, "it has none");
    return found->second;
  }
  Status set_color_control(ColorControl, ControlValue) override { return refuse(); }
  Status start(const CameraConfig&) override { return refuse(); }
  void stop() override {}
  Result<std::optional<Capture>> next_capture(HostTime) override { return refuse().error(); }
  Status start_imu() override { return refuse(); }
  void stop_imu() override {}
  Result<std::size_t> read_imu(std::span<ImuSample>, HostTime) override { return refuse().error(); }
  device::BackendCounters counters() const override { return {}; }

 private:
  static Status refuse() { return Error(Errc::state, "whoever only looks must not change anything"); }

  const ScriptedUnits::Unit unit_;
  device::DeviceIdentity identity_;
};

}  // namespace

/// Like makers' libraries, which tell serial numbers only of open units.
Result<std::vector<device::UnitListing>> ScriptedUnits::list() {
  std::vector<device::UnitListing> listing(units_.size());
  for (unsigned i = 0; i < listing.size(); ++i) listing[i].index = i;
  return listing;
}

Result<std::unique_ptr<device::Device>> ScriptedUnits::open(unsigned index) {
  if (units_[index].problem) return *units_[index].problem;
  return std::make_unique<device::Device>(std::make_unique<ScriptedBackend>(units_[index]), system_clock());
}

}  // namespace genlock::test
