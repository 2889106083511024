#include "recording/gap_log.h"

#include <algorithm>

namespace genlock::recording {

void GapLog::add(const Gap& gap) {
  const auto same = std::ranges::find_if(
      gaps_, [&](const Gap& known) { return known.reason == gap.reason && known.track == gap.track; });
  if (same == gaps_.end()) {
    gaps_.push_back(gap);
    return;
  }
  same->frames += gap.frames;
  same->first = std::min(same->first, gap.first);
  same->last = std::max(same->last, gap.last);
}

GapLog loss_of(std::span<const Window> windows) {
  GapLog lost;
  const auto add = [&](TrackSlot track, DeviceTime time) {
    lost.add({.reason = Gap::Reason::disk_failed, .track = track, .frames = 1, .first = time, .last = time});
  };
  for (const Window& window : windows) {
    for (const PendingImage& image : window.images) add(slot_of(image.track), image.image.device_time);
    for (const ImuSample& sample : window.imu) add(slot_of(TrackKind::imu), sample.accel_time);
    for (const PendingData& data : window.data) add(kFirstCustomSlot + data.track, data.time);
  }
  return lost;
}

}  // namespace genlock::recording
