#pragma once

#include <optional>

#include "base/camera.h"
#include "base/time.h"

namespace genlock::session {

/// The pulses of a recording that goes by them, as it was told so far.
struct PulseOrder {
  std::optional<std::int64_t> first, last;
  std::int64_t shift = 0;  ///< what the unit's own count lacks to the take's
};

/// Counts the sync pulses of one unit by the times of its captures, as sync numbers them: pulse 0 is the one
/// at which the unit's clock was zero, or that of the first capture where the clock was not set to zero this
/// week. Follows a clock that drifts. Captures must come in order, or nearly so.
class PulseCount {
 public:
  explicit PulseCount(const CameraConfig& config);

  /// Of a capture at this schedule_time().
  std::int64_t count(DeviceTime schedule_time);

  /// Of the newest capture counted; nothing before the first.
  std::optional<std::int64_t> newest() const { return newest_; }

 private:
  const TickDuration period_;
  const DeviceDuration delay_;
  DeviceTime at_;  ///< of `newest_`
  std::optional<std::int64_t> newest_;
};

}  // namespace genlock::session
