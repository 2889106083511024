#include "rig/unit_facts.h"

namespace genlock::rig {
namespace {

using device::ColorControl;

std::map<ColorControl, ControlFacts> ask_controls(device::Device& unit) {
  std::map<ColorControl, ControlFacts> controls;
  const auto power_line = unit.color_control(ColorControl::powerline_frequency);
  for (int i = 0; i < device::kColorControlCount; ++i) {
    const auto control = static_cast<ColorControl>(i);
    const auto now = unit.color_control(control);
    const auto can = unit.control_capabilities(control, power_line ? power_line->value : 2);
    if (now && can) controls[control] = {.now = *now, .can = *can};
  }
  return controls;
}

std::optional<Error> refusal_of(device::Device& unit) {
  const auto answer = unit.color_control(ColorControl::powerline_frequency);
  if (answer || answer.error().code() == Errc::unsupported) return std::nullopt;
  return answer.error();
}

UnitFacts ask_unit(device::Provider& provider, const device::UnitListing& listing) {
  UnitFacts facts{.serial = listing.serial, .name = listing.name};
  const auto opened = provider.open(listing.index);
  if (!opened) {
    facts.problem = opened.error();
    return facts;
  }
  facts.identity = (*opened)->identity();
  facts.serial = facts.identity->serial;
  facts.jacks = (*opened)->sync_jacks().value_or(SyncJacks{});
  facts.controls = ask_controls(**opened);
  if (facts.controls.empty()) facts.no_controls = refusal_of(**opened);
  return facts;
}

}  // namespace

Result<std::vector<UnitFacts>> ask_units(device::Provider& provider) {
  GENLOCK_ASSIGN(const auto listings, provider.list());
  std::vector<UnitFacts> units;
  for (const device::UnitListing& listing : listings) units.push_back(ask_unit(provider, listing));
  return units;
}

}  // namespace genlock::rig
