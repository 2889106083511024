#pragma once

#include <string>
#include <vector>

#include "rig/rig.h"
#include "rig/unit_facts.h"

namespace genlock::rig {

/// How units are wired, as far as plugs tell: that one is in a jack, not where its cable leads (facts
/// device.md 2.5).
struct Cabling {
  struct Left {
    const UnitFacts* unit = nullptr;
    std::string why;
  };

  Wiring wiring = Wiring::chain;
  bool told = true;         ///< by the jacks of every unit
  bool order_told = false;  ///< of a chain: there is one way only in which its units can follow each other
  std::vector<const UnitFacts*> units;  ///< the master first, ends of chains last, else as they are listed
  std::vector<Left> left;               ///< those that cannot take part, in the order of the listing
};

/// Refers to `units`.
Cabling cabling_of(const std::vector<UnitFacts>& units);

/// What is in a unit's jacks, for people.
std::string jack_words(const SyncJacks& jacks);

}  // namespace genlock::rig
