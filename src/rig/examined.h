#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rig/check.h"
#include "rig/host.h"
#include "rig/plan.h"
#include "rig/rig.h"
#include "rig/unit_facts.h"
#include "rig/usb_bus.h"

// What the checks of doctor.h look at. Each check gives the lines of one constraint, none where it does not
// apply.

namespace genlock::rig {

/// One unit of the rig, or an attached one where there is no rig.
struct Subject {
  std::string name;  ///< the rig's, else the listing's, else the serial number
  std::string serial;
  const RigUnit* planned = nullptr;  ///< none without a rig
  const UnitFacts* facts = nullptr;  ///< none where it is not attached
  bool elsewhere = false;            ///< the rig has it on another host, and it is not attached to this one

  bool told() const { return facts != nullptr && facts->identity.has_value(); }
};

struct Examined {
  const Rig* rig = nullptr;
  const Host* host = nullptr;
  std::optional<Plan> plan;
  std::optional<Error> no_plan;   ///< why there is none though there is a rig
  bool asked = false;             ///< there is a world of units
  std::optional<Error> no_units;  ///< why it could not be asked
  std::vector<UnitFacts> units;   ///< attached
  std::vector<Subject> subjects;
  std::vector<UsbController> controllers;  ///< with the units of this host whose place is known
  UsbBus bus;                              ///< of this host

  /// Whether units are on this host's own USB, not simulated and not played back.
  bool has_real_units() const;

  /// What all units of this host write, in 10^6 bytes a second; 0 without a plan.
  double disk_load() const;
};

/// How lines call a unit that is on the bus: by its name, or by its place where it does not tell its serial
/// number.
std::string called(const Examined& seen, const UsbUnit& unit);

/// Puts together what checks look at. Units are asked here.
Examined look_at(const Rig* rig, device::Provider* provider, const Host& host);

using Checks = std::vector<Check>;

// Units: examine_units.cpp, examine_cables.cpp.
Checks check_presence(const Examined& seen);
Checks check_strangers(const Examined& seen);
Checks check_firmware(const Examined& seen);
Checks check_controls(const Examined& seen);
Checks check_jacks(const Examined& seen);
Checks check_chain(const Examined& seen);
Checks check_trigger(const Examined& seen);

// The rig: examine_settings.cpp.
Checks check_master_color(const Examined& seen);
Checks check_rates(const Examined& seen);
Checks check_exposure(const Examined& seen);
Checks check_power_line(const Examined& seen);
Checks check_plan(const Examined& seen);
Checks check_imu(const Examined& seen);
Checks check_microphones(const Examined& seen);

// USB: examine_usb.cpp.
Checks check_usb_links(const Examined& seen);
Checks check_usb_permission(const Examined& seen);
Checks check_usb_memory(const Examined& seen);
Checks check_usb_controllers(const Examined& seen);
Checks check_usb_places(const Examined& seen);

// What the kernel does with USB and says of it: examine_usb_kernel.cpp.
Checks check_usb_suspend(const Examined& seen);
Checks check_kernel_log(const Examined& seen);

// The host: examine_disk.cpp, examine_host.cpp.
Checks check_folder(const Examined& seen);
Checks check_disk_speed(const Examined& seen);
Checks check_disk_space(const Examined& seen);
Checks check_processors(const Examined& seen);
Checks check_processor_speed(const Examined& seen);
Checks check_memory(const Examined& seen);
Checks check_depth_engine(const Examined& seen);
Checks check_display(const Examined& seen);
Checks check_clock(const Examined& seen);

}  // namespace genlock::rig
