#include "sync/laser_train.h"

#include <algorithm>

namespace genlock::sync {
namespace {

// Facts device.md 2.3: a pulse is 0.5 µs later behind each cable.
constexpr LaserDuration kCable = LaserDuration(DeviceCount(9));

/// 0 to one period.
LaserDuration wrapped(LaserDuration d, LaserDuration period) {
  const LaserDuration rest = d % period;
  return rest < LaserDuration{} ? rest + period : rest;
}

/// Time between two pulses that come again in every period; negative where they overlap, by the shorter one
/// at the most.
LaserDuration clear_between(LaserDuration from_a, LaserDuration a, LaserDuration from_b, LaserDuration b,
                            LaserDuration period) {
  const LaserDuration b_after_a = wrapped(from_b - from_a, period);
  return std::max(std::min(b_after_a - a, period - b_after_a - b), -std::min(a, b));
}

}  // namespace

LaserTrain::LaserTrain(DepthMode mode, LaserDuration start) : mode_(mode), start_(start) {}

LaserDuration LaserTrain::pulse() const {
  return shines() ? kLaserPulse : depth_exposure(mode_);
}

LaserDuration LaserTrain::spacing() const {
  return shines() ? laser_period(mode_) : DeviceDuration{};
}

LaserDuration LaserTrain::length() const {
  return spacing() * (pulses() - 1) + pulse();
}

LaserDuration exposure_centre(const CameraConfig& config, DeviceDuration color_exposure, int cables) {
  const LaserDuration longer =
      std::max(config.color_on() ? color_exposure : DeviceDuration{}, depth_exposure(config.depth_mode));
  return programmed_ticks(config.delay_off_master) + longer / 2 + kCable * cables;
}

LaserDuration laser_start(const CameraConfig& config, DeviceDuration color_exposure, int cables) {
  return exposure_centre(config, color_exposure, cables) + programmed_ticks(config.depth_delay_off_color) -
         LaserTrain(config.depth_mode, {}).length() / 2;
}

LaserDuration laser_gap(const LaserTrain& a, const LaserTrain& b, FrameRate rate) {
  LaserDuration least = frame_period(rate);
  for (int i = 0; i < a.pulses(); ++i)
    for (int k = 0; k < b.pulses(); ++k)
      least = std::min(least, clear_between(a.start() + a.spacing() * i, a.pulse(),
                                            b.start() + b.spacing() * k, b.pulse(), frame_period(rate)));
  return least;
}

}  // namespace genlock::sync
