#include "device/stream_gaps.h"

namespace genlock::device {

void StreamGaps::count(DeviceTime stamp) {
  ++counters_.delivered;
  const std::optional<DeviceTime> before = std::exchange(last_, stamp);
  if (!before || stamp <= *before) return;
  const auto gap = std::chrono::duration_cast<TickDuration>(stamp - *before);
  const std::int64_t period = count_ticks(period_);
  const std::int64_t frames = (count_ticks(gap) + period / 2) / period;
  if (frames > 1) counters_.missing += static_cast<std::uint64_t>(frames - 1);
}

}  // namespace genlock::device
