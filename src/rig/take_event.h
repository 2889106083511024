#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "session/event.h"
#include "sync/live_offset.h"
#include "take/take_file.h"

// What the recorder of a take tells, in the order in which it happens. Plain values.

namespace genlock::rig {

/// What a unit's session tells.
struct UnitTold {
  std::size_t unit = 0;
  session::Event event;
};

/// The unit cannot be used, so that nothing can be recorded.
struct UnitRefused {
  std::size_t unit = 0;
  std::string why;
};

/// A subordinate runs and is silent, as it must be until the master starts.
struct Armed {
  std::size_t unit = 0;
};

/// All units of a rig without a master are armed: the generator may start.
struct TriggerMayStart {};

/// All cameras are started once more, or all recordings begun once more.
struct StartsAnew {
  std::string why;
};

/// Every unit records from this pulse on.
struct TakeBegins {
  std::int64_t first = 0;
  std::optional<std::int64_t> last;
};

/// Every unit ends after this pulse, or at once.
struct TakeEnds {
  std::optional<std::int64_t> last;
};

/// How the units stand to each other, about once a second while the take runs.
struct Offsets {
  std::vector<sync::LiveOffset> units;
};

using TakeEvent = std::variant<UnitTold, UnitRefused, Armed, TriggerMayStart, StartsAnew, TakeBegins,
                               TakeEnds, Offsets, take::Marker, take::Incident>;

/// Called on the recorder's thread; may take its time, for which events of units are kept.
using TakeSink = std::function<void(const TakeEvent&)>;

}  // namespace genlock::rig
