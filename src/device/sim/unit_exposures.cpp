#include "device/sim/unit_exposures.h"

#include <algorithm>

#include "device/sim/unit_counter.h"

namespace genlock::device::sim {
namespace {

/// A changed exposure shows two frames later.
constexpr int kExposureLag = 2;

PulseTrain own_train(const UnitConfig& unit, const CameraConfig& config, HostTime start) {
  return {.id = ~std::uint64_t{0},
          .start = start + unit.sensor_start,
          .end = kForever,
          .period = frame_period(config.rate),
          .ppb = parts_per_billion(unit.clock_ppm)};
}

}  // namespace

HostDuration on_host(DeviceDuration d) {
  return std::chrono::nanoseconds(count_us(d) * 1000);
}

HostDuration on_host(TickDuration d) {
  return duration_of(d, 0);
}

bool triggered_by_itself(const CameraConfig& config) {
  return config.sync_mode != WiredSyncMode::subordinate;
}

FrameCentres frame_centres(const CameraConfig& config, DeviceDuration color_exposure) {
  const DeviceDuration color = config.color_on() ? color_exposure : DeviceDuration{};
  const DeviceDuration longer = std::max(color, depth_exposure(config.depth_mode));
  const HostDuration centre = on_host(programmed_ticks(config.delay_off_master)) + on_host(longer) / 2;
  return {.color = centre, .depth = centre + on_host(programmed_ticks(config.depth_delay_off_color))};
}

UnitExposures::UnitExposures(const BenchConfig& bench, const BenchState& state, std::size_t unit)
    : bench_(bench),
      unit_(bench.units[unit]),
      index_(unit),
      config_(state.units[unit].config),
      start_(state.units[unit].start),
      armed_(start_ + unit_.sensor_start),
      feed_(bench.hop_delay),
      trigger_(armed_, frame_period(config_.rate), parts_per_billion(unit_.clock_ppm)),
      first_pulse_(state.units[unit].first_pulse) {
  if (triggered_by_itself(config_)) {
    feed_.set_source(start_, PulseSource{.train = own_train(unit_, config_, start_)});
  } else {
    feed_.add(state.units[unit].pulses);
  }
  exposures_.push_back({start_, exposure_in_effect(state.units[unit], unit_, config_.rate)});
}

void UnitExposures::on_event(const Event& event, const BenchState& after) {
  if (!triggered_by_itself(config_)) feed_.add(after.units[index_].pulses);
  if (event.unit != index_ || event.kind != EventKind::control) return;
  const HostDuration lag = on_host(frame_period(config_.rate)) * kExposureLag;
  exposures_.push_back({event.time + lag, exposure_in_effect(after.units[index_], unit_, config_.rate)});
}

std::optional<FrameExposure> UnitExposures::next(HostTime now) {
  const auto trigger = trigger_.next(feed_, now);
  if (!trigger) return std::nullopt;
  if (trigger->index == 0 && !triggered_by_itself(config_))
    depth_gave_up_ = std::min(trigger->time, first_pulse_) - start_ > bench_.depth_gives_up;
  const DeviceDuration exposure = exposure_at(trigger->time);
  const FrameCentres centres = frame_centres(config_, exposure);
  return FrameExposure{.trigger = *trigger,
                       .color_exposure = exposure,
                       .color_centre = trigger->time + centres.color,
                       .depth_centre = trigger->time + centres.depth,
                       .depth = config_.depth_on() && !depth_gave_up_};
}

void UnitExposures::leap_to(HostTime t) {
  // Delays and exposures put a centre up to two and a half periods after its pulse.
  const HostTime until = t - on_host(frame_period(config_.rate)) * 4;
  while ((!last() || last()->time < until) && next(until)) trigger_.leap(feed_, until);
}

DeviceDuration UnitExposures::exposure_at(HostTime t) const {
  DeviceDuration value = exposures_.front().value;
  for (const Exposure& exposure : exposures_)
    if (exposure.from <= t) value = exposure.value;
  return value;
}

void UnitExposures::forget_before(HostTime t) {
  feed_.forget_before(last() ? std::min(t, last()->time) : start_);
  while (exposures_.size() > 1 && exposures_[1].from < t) exposures_.erase(exposures_.begin());
}

}  // namespace genlock::device::sim
