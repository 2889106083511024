#pragma once

#include "device/device.h"

namespace genlock::device {

/// Counts what one stream delivered, and the frames missing between stamps. A stamp may be off by less than
/// half a period; one that does not advance (a clock that was reset) starts counting anew. One thread at a
/// time.
class StreamGaps {
 public:
  StreamGaps() = default;
  explicit StreamGaps(FrameRate rate) : period_(frame_period(rate)) {}

  void count(DeviceTime stamp);
  const StreamCounters& counters() const { return counters_; }

 private:
  TickDuration period_ = frame_period(FrameRate::fps30);
  std::optional<DeviceTime> last_;
  StreamCounters counters_;
};

}  // namespace genlock::device
