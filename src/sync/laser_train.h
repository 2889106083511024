#pragma once

#include "base/camera.h"

// When depth cameras take in light and shine, and how far two of them keep from each other (facts
// device.md 2.6, 2.7).

namespace genlock::sync {

/// Eighteenths of a µs: ticks (200), µs (18) and halves of a µs are whole numbers of it, so that arithmetic
/// on programmed delays and pulses is exact.
using LaserDuration = std::chrono::duration<DeviceCount, std::ratio<1, 18'000'000>>;

constexpr double to_us(LaserDuration d) {
  return static_cast<double>(d.count().value()) / 18.0;
}

/// What one exposure of a depth camera takes in: the pulses of its laser, or for passive IR all of the
/// exposure as one pulse that does not shine. It is the same in every frame.
class LaserTrain {
 public:
  /// `mode` is not off. `start` is when the first pulse begins, counted from a moment common to all units.
  LaserTrain(DepthMode mode, LaserDuration start);

  bool shines() const { return has_laser(mode_); }
  int pulses() const { return shines() ? kLaserPulses : 1; }
  LaserDuration pulse() const;    ///< length of one
  LaserDuration spacing() const;  ///< from the start of one to the start of the next
  LaserDuration length() const;   ///< from the start of the first to the end of the last
  LaserDuration start() const { return start_; }
  LaserDuration end() const { return start_ + length(); }

  DepthMode mode() const { return mode_; }

 private:
  DepthMode mode_;
  LaserDuration start_;
};

/// When the middle of a unit's colour exposure is after the pulse of the rig, and that of its depth exposure
/// but for the depth delay. Delays are as the unit programs them: in whole ticks. A pulse takes half a µs for
/// each cable, of which `cables` lie between the master and this unit.
LaserDuration exposure_centre(const CameraConfig& config, DeviceDuration color_exposure, int cables);

/// When the train of a unit begins after the pulse of the rig.
LaserDuration laser_start(const CameraConfig& config, DeviceDuration color_exposure, int cables);

/// Least time from the end of a pulse of one to the start of a pulse of the other, in whichever frames they
/// are; negative by as much as they overlap. Both have the same frame rate.
LaserDuration laser_gap(const LaserTrain& a, const LaserTrain& b, FrameRate rate);

/// Whether the light of one can spoil what the other takes in.
inline bool can_interfere(const LaserTrain& a, const LaserTrain& b) {
  return a.shines() || b.shines();
}

}  // namespace genlock::sync
