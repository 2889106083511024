#pragma once

#include <vector>

#include "rig/rig.h"
#include "sync/laser_train.h"

// Delays with which no two lasers that may see each other shine together (facts device.md 2.7).

namespace genlock::rig {

/// When every unit's laser begins, in the order of the rig; none for units without a depth camera.
std::vector<std::optional<sync::LaserTrain>> laser_trains(const Rig& rig);

/// Two units that may see each other, at least one of which has a laser.
struct LaserPair {
  std::size_t a = 0;
  std::size_t b = 0;
  sync::LaserDuration gap{};  ///< see sync::laser_gap
};

/// All such pairs, the closest first.
std::vector<LaserPair> laser_pairs(const Rig& rig);

/// Sets depth delays, or delays off master where a unit has no colour camera, so that the lasers of units
/// that may see each other are spread evenly. Units with the same spacing of pulses interleave; those of
/// other spacings, and those for which there is no room between the pulses, come after them in the frame.
/// Passive IR, which shines not but sees, gets a place of its own. Errc::invalid with how many fit and what
/// to change where there is no room for all, or where a unit that would have to be delayed cannot be.
Status spread_lasers(Rig& rig);

}  // namespace genlock::rig
