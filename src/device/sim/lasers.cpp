#include "device/sim/lasers.h"

#include <algorithm>

#include "device/sim/unit_exposures.h"

namespace genlock::device::sim {
namespace {

const HostDuration kPulse = on_host(kLaserPulse);

HostDuration overlap(HostTime from_a, HostTime to_a, HostTime from_b, HostTime to_b) {
  return std::max(std::min(to_a, to_b) - std::max(from_a, from_b), HostDuration::zero());
}

HostDuration period_on_host(DepthMode mode) {
  return on_host(laser_period(mode));
}

HostDuration length_on_host(DepthMode mode) {
  return on_host(laser_length(mode));
}

}  // namespace

HostTime LaserTrain::begin() const {
  return centre - length_on_host(mode) / 2;
}

HostTime LaserTrain::end() const {
  return std::min(begin() + length_on_host(mode), off);
}

LightWindows::LightWindows(DepthMode mode, HostTime centre) {
  if (has_laser(mode)) {
    from_ = centre - length_on_host(mode) / 2;
    spacing_ = period_on_host(mode);
    width_ = kPulse;
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
      const HostTime shines = train.begin() + period_on_host(train.mode) * k;
      lit += overlap(from, from + width_, shines, std::min(shines + kPulse, train.off));
    }
  }
  return static_cast<double>(lit.count()) / static_cast<double>((width_ * count_).count());
}

}  // namespace genlock::device::sim
