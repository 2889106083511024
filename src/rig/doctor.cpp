#include "rig/doctor.h"

#include <iterator>

#include "rig/examined.h"

namespace genlock::rig {
namespace {

using CheckFunction = Checks (*)(const Examined&);

constexpr CheckFunction kChecks[] = {
    check_presence,     check_strangers,    check_usb_links,   check_usb_permission, check_usb_suspend,
    check_kernel_log,   check_firmware,     check_jacks,       check_chain,          check_trigger,
    check_master_color, check_rates,        check_exposure,    check_power_line,     check_controls,
    check_plan,         check_imu,          check_microphones, check_usb_memory,     check_usb_controllers,
    check_usb_places,   check_depth_engine, check_display,     check_processors,     check_processor_speed,
    check_memory,       check_folder,       check_disk_speed,  check_disk_space,     check_clock,
};

}  // namespace

std::vector<Check> examine(const Rig* rig, device::Provider* provider, const Host& host) {
  const Examined seen = look_at(rig, provider, host);
  std::vector<Check> checks;
  for (const CheckFunction check : kChecks) {
    Checks lines = check(seen);
    checks.insert(checks.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
  }
  return checks;
}

std::vector<Check> examine(const Rig& rig, device::Provider& provider, const Host& host) {
  return examine(&rig, &provider, host);
}

}  // namespace genlock::rig
