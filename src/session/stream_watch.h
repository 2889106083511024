#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/capture.h"
#include "session/event.h"

namespace genlock::session {

/// Notices streams that have gone silent, which on Linux is all that an unplugged or stalled unit shows
/// (facts device.md 3). One thread at a time.
class SilenceWatch {
 public:
  SilenceWatch(const CameraConfig& config, bool imu, HostDuration limit);

  void seen(StreamKind stream, HostTime now);

  /// Not asked about any more, until something of it comes.
  void set_aside(StreamKind stream) { aside_[index(stream)] = true; }

  /// Streams without data for longer than the limit, counted from the first image on: the IMU may start
  /// seconds before the cameras.
  /// Once one is, those that are on the way there are named with it: a lost unit loses all its streams.
  std::vector<StreamKind> silent(HostTime now) const;

  std::optional<HostTime> last_seen(StreamKind stream) const { return last_[index(stream)]; }

 private:
  std::vector<StreamKind> quiet_for(HostDuration limit, HostTime now) const;
  static std::size_t index(StreamKind stream) { return static_cast<std::size_t>(stream); }

  std::array<bool, 3> expected_;
  std::array<bool, 3> aside_{};
  std::array<std::optional<HostTime>, 3> last_;
  std::optional<HostTime> running_since_;
  HostDuration limit_;
};

/// Counts frames and the gaps that the stamps of one camera speak of. Tolerates jitter and slow drift.
class GapCounter {
 public:
  explicit GapCounter(FrameRate rate) : period_(period_us(rate)) {}

  /// How many frames are missing between the last one and this.
  std::uint64_t add(DeviceTime stamp);

  std::uint64_t frames() const { return frames_; }
  std::uint64_t missing() const { return missing_; }
  std::optional<DeviceTime> last() const { return last_; }

 private:
  const DeviceDuration period_;
  std::optional<DeviceTime> last_;
  std::uint64_t frames_ = 0;
  std::uint64_t missing_ = 0;
};

/// Counts the IMU samples that holes between stamps speak of: of 50 ms and more, since batches come as one
/// and rates differ by 2 % (facts device.md 1.3).
class ImuGapCounter {
 public:
  /// `begin`: from when on there should be samples.
  void add(DeviceTime stamp, DeviceTime begin);

  /// In holes that have ended.
  std::uint64_t missing() const { return missing_; }

  /// With those that lack between the last sample and `end`; nothing is said where none came.
  std::uint64_t missing_until(DeviceTime end) const;

 private:
  std::uint64_t missing_ = 0;
  std::optional<DeviceTime> last_;
};

}  // namespace genlock::session
