#pragma once

#include <map>
#include <string>
#include <vector>

#include "device/registry.h"

namespace genlock::test {

/// Units that can be asked and not started: what makers' libraries tell that the bench does not.
class ScriptedUnits final : public device::Provider {
 public:
  struct Unit {
    std::string serial;
    SyncJacks jacks;
    HardwareVersion version{
        .color = {1, 6, 110}, .depth = {1, 6, 79}, .audio = {1, 6, 14}, .depth_sensor = {6109, 7, 0}};
    std::map<device::ColorControl, device::ControlValue> controls = {};  ///< all that it offers
    std::optional<Error> problem = {};                                   ///< of opening it
  };

  explicit ScriptedUnits(std::vector<Unit> units) : units_(std::move(units)) {}

  std::string backend() const override { return "k4a"; }
  std::string description() const override { return "scripted units"; }
  Result<std::vector<device::UnitListing>> list() override;
  Result<std::unique_ptr<device::Device>> open(unsigned index) override;
  Clock& clock() override { return system_clock(); }

 private:
  const std::vector<Unit> units_;
};

}  // namespace genlock::test
