#include "session/recording_span.h"

#include <algorithm>

namespace genlock::session {

DeviceTime schedule_time(const Capture& capture, DeviceDuration depth_delay) {
  if (capture.color) return capture.color->device_time;
  const Image& depth = capture.ir ? *capture.ir : *capture.depth;
  return depth.device_time - depth_delay;
}

RecordingSpan::RecordingSpan(const Record& request, const CameraConfig& config)
    : period_(period_us(config.rate)),
      from_(request.from),
      length_(request.length),
      until_(request.until),
      by_pulses_(request.by_pulses) {}

void RecordingSpan::set_pulses(std::int64_t first, std::optional<std::int64_t> last) {
  first_pulse_ = first;
  last_pulse_ = last;
}

RecordingSpan::Place RecordingSpan::place_by_pulse(std::int64_t pulse) const {
  if (!first_pulse_ || pulse < *first_pulse_) return Place::before;
  return last_pulse_ && pulse > *last_pulse_ ? Place::after : Place::inside;
}

RecordingSpan::Place RecordingSpan::take(DeviceTime time) {
  if (!first_) first_ = last_ = time;
  if (time < *first_) return Place::before;
  last_ = std::max(last_, time);
  return Place::inside;
}

RecordingSpan::Place RecordingSpan::place(DeviceTime time, std::int64_t pulse) {
  if (by_pulses_) {
    const Place place = place_by_pulse(pulse);
    if (place == Place::after && first_ && !last_of_length_)
      last_of_length_ = time - DeviceCount(pulse - *last_pulse_) * period_;
    return place == Place::inside ? take(time) : place;
  }
  const DeviceDuration half = period_ / 2;
  if (!first_ && from_ && time < *from_) return Place::before;
  if (until_ && time >= *until_) return Place::after;
  if (first_ && time >= *first_ && length_ && time >= *first_ + std::max(*length_, period_) - half) {
    // Counted back from the frame beyond: a count from the first one drifts with the unit's clock.
    const DeviceTime end = *first_ + std::max(*length_, period_) - half;
    if (!last_of_length_) last_of_length_ = time - ((time - end) / period_ + DeviceCount(1)) * period_;
    return Place::after;
  }
  return take(time);
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
