#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/camera.h"
#include "session/event.h"

// On which pulse all units of a rig begin.

namespace genlock::rig {

/// What one unit told while it waited for its first pulse.
class UnitPulses {
 public:
  explicit UnitPulses(FrameRate rate);

  void add(const session::Streaming& seen);

  bool any() const { return newest_.has_value(); }
  /// Whether one frame that was held up on its way no longer moves zero().
  bool enough() const { return told_ >= 3; }
  std::int64_t oldest() const { return *oldest_; }  ///< the first told
  std::int64_t newest() const { return *newest_; }  ///< both as the unit counts

  /// Host time of the unit's pulse 0, by the frame that came with the least delay.
  std::optional<HostTime> zero() const { return zero_; }

 private:
  HostDuration period_;
  int told_ = 0;
  std::optional<std::int64_t> oldest_, newest_;
  std::optional<HostTime> zero_;
};

struct CommonStart {
  std::int64_t first = 0;            ///< pulse, as the take counts
  std::vector<std::int64_t> shifts;  ///< of each unit: take's count less the unit's own
};

/// The first pulse that all units can still record: `pre_roll` after the newest of any. Every unit has told
/// something. The take counts as unit `reference` does. Units of one zero count alike; where host times put
/// a unit's zero further from the reference's than frames can differ on their way, its clock was not set to
/// zero by the same pulse (facts device.md 8), and its count is shifted.
CommonStart common_start(std::span<const UnitPulses> units, std::size_t reference, FrameRate rate,
                         HostDuration pre_roll);

}  // namespace genlock::rig
