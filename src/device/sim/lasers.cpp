#include "device/sim/lasers.h"

#include <algorithm>

#include "device/sim/unit_exposures.h"

namespace genlock::device::sim {
namespace {

using std::chrono::microseconds;

HostDuration overlap(HostTime from_a, HostTime to_a, HostTime from_b, HostTime to_b) {
  return std::max(std::min(to_a, to_b) - std::max(from_a, from_b), HostDuration::zero());
}

}  // namespace

HostDuration laser_period(DepthMode mode) {
  return mode == DepthMode::wfov_unbinned ? microseconds(2515) : microseconds(1575);
}

HostDuration laser_length(DepthMode mode) {
  return laser_period(mode) * (kLaserPulses - 1) + kLaserPulse;
}

HostTime LaserTrain::begin() const {
  return centre - laser_length(mode) / 2;
}

HostTime LaserTrain::end() const {
  return std::min(begin() + laser_length(mode), off);
}

LightWindows::LightWindows(DepthMode mode, HostTime centre) {
  if (has_laser(mode)) {
    from_ = centre - laser_length(mode) / 2;
    spacing_ = laser_period(mode);
    width_ = kLaserPulse;
    count_ = kLaserPulses;
  } else {
    width_ = on_host(depth_exposure(mode));
    from_ = centre - width_ / 2;
  }
}

double LightWindows::share_lit_by(const LaserTrain& train) const {
  if (train.end() <= begin() || end() <= train.begin()) return 0;
  HostDuration lit{};
  for (int i = 0; i < count_; ++i) {
    const HostTime from = from_ + spacing_ * i;
    for (int k = 0; k < kLaserPulses; ++k) {
      const HostTime shines = train.begin() + laser_period(train.mode) * k;
      lit += overlap(from, from + width_, shines, std::min(shines + kLaserPulse, train.off));
    }
  }
  return static_cast<double>(lit.count()) / static_cast<double>((width_ * count_).count());
}

}  // namespace genlock::device::sim
