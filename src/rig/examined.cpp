#include "rig/examined.h"

#include <algorithm>

namespace genlock::rig {
namespace {

const UnitFacts* find_unit(const std::vector<UnitFacts>& units, const std::string& serial) {
  const auto found = std::ranges::find(units, serial, &UnitFacts::serial);
  return found == units.end() ? nullptr : &*found;
}

Subject planned_subject(const Examined& seen, const RigUnit& unit) {
  const UnitFacts* const facts = find_unit(seen.units, unit.serial);
  const bool here = unit.host.empty() || unit.host == seen.host->name;
  return {.name = unit.name,
          .serial = unit.serial,
          .planned = &unit,
          .facts = facts,
          .elsewhere = facts == nullptr && !here};
}

Subject attached_subject(const UnitFacts& facts) {
  const std::string name = !facts.name.empty()     ? facts.name
                           : !facts.serial.empty() ? facts.serial
                                                   : "a unit that cannot be opened";
  return {.name = name, .serial = facts.serial, .facts = &facts};
}

std::vector<UsbController> real_controllers(const UsbBus& bus) {
  std::vector<UsbController> controllers;
  for (const UsbUnit& unit : bus.units) {
    if (unit.serial.empty()) continue;
    auto found = std::ranges::find(controllers, unit.controller, &UsbController::name);
    if (found == controllers.end()) found = controllers.insert(found, {.name = unit.controller});
    found->serials.push_back(unit.serial);
  }
  return controllers;
}

bool is_real(const UnitFacts& unit) {
  return unit.identity ? unit.identity->backend == "k4a" && !unit.identity->simulated
                       : !is_simulated_serial(unit.serial);
}

void ask(Examined& seen, device::Provider& provider) {
  seen.asked = true;
  auto units = ask_units(provider);
  if (units)
    seen.units = *std::move(units);
  else
    seen.no_units = units.error();
  seen.controllers = provider.usb_controllers();
}

}  // namespace

bool Examined::has_real_units() const {
  return std::ranges::any_of(units, is_real);
}

double Examined::disk_load() const {
  if (!plan) return 0;
  double load = 0;
  for (const DiskLoad& disk : plan->disks)
    if (disk.host.empty() || disk.host == host->name) load += disk.mb_per_s;
  return load;
}

std::string called(const Examined& seen, const UsbUnit& unit) {
  if (unit.serial.empty()) return "the unit at port " + unit.port;
  const auto found = std::ranges::find(seen.subjects, unit.serial, &Subject::serial);
  return found == seen.subjects.end() ? unit.serial : found->name;
}

Examined look_at(const Rig* rig, device::Provider* provider, const Host& host) {
  Examined seen{.rig = rig, .host = &host};
  if (provider != nullptr) ask(seen, *provider);
  seen.bus = read_usb_bus(host.root);
  if (seen.controllers.empty()) seen.controllers = real_controllers(seen.bus);
  if (rig == nullptr) {
    for (const UnitFacts& unit : seen.units) seen.subjects.push_back(attached_subject(unit));
    return seen;
  }
  for (const RigUnit& unit : rig->units) seen.subjects.push_back(planned_subject(seen, unit));
  auto plan = make_plan(*rig);
  if (plan)
    seen.plan = *std::move(plan);
  else
    seen.no_plan = plan.error();
  return seen;
}

}  // namespace genlock::rig
