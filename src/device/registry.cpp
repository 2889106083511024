#include "device/registry.h"

#include <fmt/core.h>

namespace genlock::device {
namespace {

Error no_such_unit(const std::string& serial, const std::vector<UnitListing>& units) {
  std::string attached;
  for (const UnitListing& unit : units)
    attached += fmt::format("{}{}", attached.empty() ? "" : ", ",
                            unit.serial.empty() ? "one not readable" : unit.serial);
  return Error(Errc::not_found, fmt::format("no unit with serial number {} here; attached: {}", serial,
                                            attached.empty() ? "none" : attached));
}

}  // namespace

Result<std::unique_ptr<Device>> open_serial(Provider& provider, const std::string& serial) {
  GENLOCK_ASSIGN(const auto units, provider.list());
  for (const UnitListing& unit : units) {
    if (!unit.serial.empty() && unit.serial != serial) continue;
    auto device = provider.open(unit.index);
    if (!device && unit.serial == serial) return device;
    if (device && (*device)->identity().serial == serial) return device;
  }
  return no_such_unit(serial, units);
}

}  // namespace genlock::device
