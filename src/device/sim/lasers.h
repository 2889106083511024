#pragma once

#include "base/camera.h"
#include "base/time.h"

// When the lasers of depth cameras shine: nine pulses of 125 µs in every exposure (facts device.md 1.1, 2.6).

namespace genlock::device::sim {

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
