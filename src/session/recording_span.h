#pragma once

#include <optional>

#include "base/capture.h"
#include "session/command.h"

namespace genlock::session {

/// When a capture was, on the schedule of its unit: its colour stamp, or a depth stamp with the depth delay
/// taken out, so that captures that lack an image keep their place.
DeviceTime schedule_time(const Capture& capture, DeviceDuration depth_delay);

/// Which captures and IMU samples belong to a recording: from the first accepted capture on, for `length`
/// less half a period, so that N seconds hold exactly N times fps captures when none is lost. One that goes
/// by pulses has what belongs to those from the first to the last that it was told.
class RecordingSpan {
 public:
  RecordingSpan(const Record& request, const CameraConfig& config);

  enum class Place { before, inside, after };

  /// The pulses of a recording that goes by them. Until it is told the first, every capture is before.
  void set_pulses(std::int64_t first, std::optional<std::int64_t> last);

  /// Where a capture of this schedule time, and pulse, belongs. The first that is inside fixes the start.
  Place place(DeviceTime schedule_time, std::int64_t pulse = 0);

  /// The schedule time of the first capture.
  std::optional<DeviceTime> first() const { return first_; }

  /// The schedule time of the last capture of the length, once a capture after it has come.
  std::optional<DeviceTime> last_of_length() const { return last_of_length_; }

  /// IMU samples belong to the recording from its first capture until one period after its last.
  bool imu_inside(DeviceTime time) const;

  /// Whether a sample may only belong once another capture has come.
  bool imu_after(DeviceTime time) const;

  /// Device time covered: a period for each capture between the first and the last, lost ones included.
  DeviceDuration covered() const;

 private:
  Place place_by_pulse(std::int64_t pulse) const;
  Place take(DeviceTime schedule_time);

  const DeviceDuration period_;
  const std::optional<DeviceTime> from_;
  const std::optional<DeviceDuration> length_;
  const std::optional<DeviceTime> until_;
  const bool by_pulses_;
  std::optional<std::int64_t> first_pulse_, last_pulse_;
  std::optional<DeviceTime> first_;
  DeviceTime last_;
  std::optional<DeviceTime> last_of_length_;
};

}  // namespace genlock::session
