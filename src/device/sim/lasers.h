#pragma once

#include "base/camera.h"
#include "base/time.h"

// When the lasers of depth cameras shine: nine pulses of 125 µs in every exposure (facts device.md 1.1, 2.6).

namespace genlock::device::sim {

inline constexpr int kLaserPulses = 9;
inline constexpr HostDuration kLaserPulse = std::chrono::microseconds(125);

/// Passive IR has none.
constexpr bool has_laser(DepthMode mode) {
  return has_depth_image(mode);
}

/// From the start of one laser pulse to the start of the next: 1575 µs, or 2515 µs for WFOV unbinned.
HostDuration laser_period(DepthMode mode);

/// From the start of the first laser pulse to the end of the last: 12 725 or 20 245 µs.
HostDuration laser_length(DepthMode mode);

/// The laser pulses of one exposure, centred on it.
struct LaserTrain {
  DepthMode mode{};                ///< one with a laser
  HostTime centre;                 ///< of the exposure
  HostTime off = HostTime::max();  ///< from then on the unit is off

  HostTime begin() const;
  HostTime end() const;
};

/// The times in one exposure at which a depth camera takes in light: its own laser pulses, or for passive IR
/// the whole exposure.
class LightWindows {
 public:
  LightWindows(DepthMode mode, HostTime centre);

  HostTime begin() const { return from_; }
  HostTime end() const { return from_ + spacing_ * (count_ - 1) + width_; }

  /// 0 to 1: the part of them in which the laser of `train` shines.
  double share_lit_by(const LaserTrain& train) const;

 private:
  HostTime from_;
  HostDuration spacing_{};
  HostDuration width_;
  int count_ = 1;
};

}  // namespace genlock::device::sim
