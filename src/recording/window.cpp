#include "recording/window.h"

#include <algorithm>

namespace genlock::recording {

DeviceTime first_time(const Window& window) {
  DeviceTime first = DeviceTime::max();
  for (const PendingImage& pending : window.images) first = std::min(first, pending.image.device_time);
  for (const ImuSample& sample : window.imu) first = std::min(first, sample.accel_time);
  for (const PendingData& data : window.data) first = std::min(first, data.time);
  return first;
}

TrackTotals totals_of(std::span<const Window> windows, std::size_t custom_tracks) {
  TrackTotals totals(kFirstCustomSlot + custom_tracks);
  for (const Window& window : windows) {
    for (const PendingImage& image : window.images) ++totals[slot_of(image.track)];
    totals[slot_of(TrackKind::imu)] += window.imu.size();
    for (const PendingData& data : window.data) ++totals[kFirstCustomSlot + data.track];
  }
  return totals;
}

}  // namespace genlock::recording
