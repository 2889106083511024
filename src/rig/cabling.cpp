#include "rig/cabling.h"

#include <algorithm>

namespace genlock::rig {
namespace {

enum class Place : std::uint8_t { master, between, end, loose, unknown };

Place place_of(const SyncJacks& jacks) {
  if (!jacks.in || !jacks.out) return Place::unknown;
  if (*jacks.in) return *jacks.out ? Place::between : Place::end;
  return *jacks.out ? Place::master : Place::loose;
}

/// Of all that take part.
std::size_t count(const Cabling& cabling, Place place) {
  return static_cast<std::size_t>(std::ranges::count_if(
      cabling.units, [&](const UnitFacts* unit) { return place_of(unit->jacks) == place; }));
}

/// Takes out units from the `keep`th of this place on.
void leave_out(Cabling& cabling, Place place, std::size_t keep, const std::string& why) {
  std::vector<const UnitFacts*> staying;
  for (const UnitFacts* unit : cabling.units) {
    const bool here = place_of(unit->jacks) == place;
    if (here && keep == 0)
      cabling.left.push_back({unit, why});
    else
      staying.push_back(unit);
    if (here && keep > 0) --keep;
  }
  cabling.units = std::move(staying);
}

Wiring wiring_of(const Cabling& cabling) {
  if (count(cabling, Place::master) == 0 && count(cabling, Place::loose) == 0) return Wiring::trigger;
  return count(cabling, Place::end) > 1 ? Wiring::star : Wiring::chain;
}

}  // namespace

Cabling cabling_of(const std::vector<UnitFacts>& units) {
  Cabling cabling;
  for (const UnitFacts& unit : units) {
    if (unit.identity)
      cabling.units.push_back(&unit);
    else
      cabling.left.push_back({&unit, unit.problem->message()});
  }
  cabling.told = count(cabling, Place::unknown) == 0;
  if (!cabling.told) return cabling;
  const bool alone = cabling.units.size() == 1;
  if (!alone) leave_out(cabling, Place::loose, 0, "nothing is in its jacks");
  leave_out(cabling, Place::master, 1, "its plugs are those of another rig's master");
  if (cabling.units.empty()) return cabling;
  cabling.wiring = wiring_of(cabling);
  cabling.order_told = cabling.wiring != Wiring::chain || count(cabling, Place::between) < 2;
  std::stable_sort(cabling.units.begin(), cabling.units.end(), [](const UnitFacts* a, const UnitFacts* b) {
    return place_of(a->jacks) < place_of(b->jacks);
  });
  return cabling;
}

std::string jack_words(const SyncJacks& jacks) {
  switch (place_of(jacks)) {
    case Place::master:
      return "a plug is in SYNC OUT, none in SYNC IN, as a master has it";
    case Place::between:
      return "plugs are in SYNC IN and in SYNC OUT, as a subordinate that passes the pulses on has them";
    case Place::end:
      return "a plug is in SYNC IN, none in SYNC OUT, as the end of a chain or star has it";
    case Place::loose:
      return "no plug is in SYNC IN or SYNC OUT, so it takes part in no rig";
    case Place::unknown:
      break;
  }
  return "it does not tell its plugs";
}

}  // namespace genlock::rig
