#pragma once

#include <vector>

#include "take/recordings.h"

namespace genlock::take {

/// How a unit's gyroscope lies against the reference's where both turn: a second opinion on their clocks.
struct ImuCheck {
  std::size_t unit = 0;
  double offset_ms =
      0;  ///< the unit's motion after the reference's; 0 where the clocks are as the stamps say
  double correlation = 0;  ///< of what both turn at, 0.8 at least
  double seconds = 0;      ///< that were compared
};

/// Looks at a few stretches of the common span of units that turn together, as units on one moving rig do;
/// nothing of others. Moves the readers' positions.
Result<std::vector<ImuCheck>> check_imus(const std::vector<UnitRecording>& recordings,
                                         const sync::Report& report);

}  // namespace genlock::take
