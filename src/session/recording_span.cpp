#include "session/recording_span.h"

#include <algorithm>

namespace genlock::session {

DeviceTime schedule_time(const Capture& capture, DeviceDuration depth_delay) {
  if (capture.color) return capture.color->device_time;
  const Image& depth = capture.ir ? *capture.ir : *capture.depth;
  return depth.device_time - depth_delay;
}

RecordingSpan::RecordingSpan(const Record& request, const CameraConfig& config)
    : period_(period_us(config.rate)), from_(request.from), length_(request.length), until_(request.until) {}

RecordingSpan::Place RecordingSpan::place(DeviceTime time) {
  const DeviceDuration half = period_ / 2;
  if (!first_ && from_ && time < *from_) return Place::before;
  if (until_ && time >= *until_) return Place::after;
  if (!first_) {
    first_ = last_ = time;
    return Place::inside;
  }
  if (time < *first_) return Place::before;
  if (length_ && time >= *first_ + std::max(*length_, period_) - half) {
    // Counted back from the frame beyond: a count from the first one drifts with the unit's clock.
    const DeviceTime end = *first_ + std::max(*length_, period_) - half;
    if (!last_of_length_) last_of_length_ = time - ((time - end) / period_ + DeviceCount(1)) * period_;
    return Place::after;
  }
  last_ = std::max(last_, time);
  return Place::inside;
}

bool RecordingSpan::imu_inside(DeviceTime time) const {
  return first_ && time >= *first_ && time < last_ + period_;
}

bool RecordingSpan::imu_after(DeviceTime time) const {
  return !first_ || time >= last_ + period_;
}

DeviceDuration RecordingSpan::covered() const {
  return first_ ? last_ - *first_ + period_ : DeviceDuration::zero();
}

}  // namespace genlock::session
