#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "device/registry.h"

namespace genlock::rig {

struct ControlFacts {
  device::ControlValue now;
  device::ControlCapabilities can{};
};

/// What a unit tells when it is asked, without being started.
struct UnitFacts {
  std::string serial;  ///< empty where the unit could not be opened and its listing does not tell
  std::string name;    ///< as its listing has it; may be empty
  std::optional<device::DeviceIdentity> identity;  ///< none where it could not be opened
  SyncJacks jacks;
  std::map<device::ColorControl, ControlFacts> controls;  ///< those that it has and tells
  std::optional<Error> no_controls;  ///< why it tells none of them, other than that it has none
  std::optional<Error> problem;      ///< why it could not be opened
};

/// Opens every attached unit that is free, one after the other, in the order of their indices.
Result<std::vector<UnitFacts>> ask_units(device::Provider& provider);

}  // namespace genlock::rig
