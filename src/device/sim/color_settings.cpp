#include "device/sim/color_settings.h"

#include <algorithm>

#include "device/sim/chance.h"
#include "device/sim/unit_counter.h"

namespace genlock::device::sim {
namespace {

/// A changed setting shows two frames later.
constexpr int kLag = 2;
/// A drifting automatic exposure moves to a neighbour of its step and back, once in so many frames (U).
constexpr std::uint64_t kDriftFrames = 60;

/// Steps off the middle at a frame: it goes from one turning point to the next through all steps between.
std::int64_t steps_off(std::uint64_t seed, std::size_t unit, std::uint64_t frame) {
  const auto turning_point = [&](std::uint64_t number) {
    return random_in(random_bits(seed, Chance::auto_exposure, unit, number), -1, 1);
  };
  const std::int64_t from = turning_point(frame / kDriftFrames), to = turning_point(frame / kDriftFrames + 1);
  return from + (to - from) * static_cast<std::int64_t>(frame % kDriftFrames) /
                    static_cast<std::int64_t>(kDriftFrames - 1);
}

}  // namespace

ColorLook color_look(const UnitState& unit, const UnitConfig& config, FrameRate rate) {
  const auto value = [&](ColorControl control) { return control_value(unit, control, config); };
  const auto automatic = [&](ColorControl control) { return value(control).mode == ControlMode::automatic; };
  return {.exposure = exposure_in_effect(unit, config, rate),
          .auto_exposure = automatic(ColorControl::exposure_us),
          .white_balance_k = value(ColorControl::white_balance_k).value,
          .auto_white_balance = automatic(ColorControl::white_balance_k),
          .brightness = value(ColorControl::brightness).value,
          .contrast = value(ColorControl::contrast).value,
          .saturation = value(ColorControl::saturation).value,
          .sharpness = value(ColorControl::sharpness).value,
          .gain = value(ColorControl::gain).value,
          .backlight_compensation = value(ColorControl::backlight_compensation).value != 0};
}

ColorSettings::ColorSettings(const BenchConfig& bench, const BenchState& state, std::size_t unit)
    : bench_(bench), unit_(bench.units[unit]), index_(unit), rate_(state.units[unit].config.rate) {
  settings_.push_back(setting(state.units[unit].start, state.units[unit]));
}

ColorSettings::Setting ColorSettings::setting(HostTime from, const UnitState& unit) const {
  return {.from = from,
          .look = color_look(unit, unit_, rate_),
          .powerline = control_value(unit, ColorControl::powerline_frequency, unit_).value};
}

void ColorSettings::written(const Event& event, const BenchState& after) {
  const HostDuration lag = duration_of(frame_period(rate_), 0) * kLag;
  settings_.push_back(setting(event.time + lag, after.units[index_]));
  if (event.control == ColorControl::exposure_us) exposure_writes_.push_back(event.time);
}

ColorLook ColorSettings::at(HostTime t, std::uint64_t frame) const {
  const Setting* found = &settings_.front();
  for (const Setting& one : settings_)
    if (one.from <= t) found = &one;
  ColorLook look = found->look;
  if (look.auto_exposure && unit_.auto_exposure == AutoExposure::drifts)
    look.exposure = drifted(*found, frame);
  return look;
}

DeviceDuration ColorSettings::drifted(const Setting& setting, std::uint64_t frame) const {
  const auto steps = exposure_steps_us(setting.powerline);
  const auto limit = static_cast<std::int32_t>(count_us(period_us(rate_)));
  const auto fitting = std::ranges::upper_bound(steps, limit) - steps.begin();
  const auto middle =
      std::ranges::lower_bound(steps, static_cast<std::int32_t>(count_us(setting.look.exposure))) -
      steps.begin();
  const std::int64_t step =
      std::clamp<std::int64_t>(middle + steps_off(bench_.seed, index_, frame), 0, fitting - 1);
  return device_us(steps[static_cast<std::size_t>(step)]);
}

ColorSettings::Disturbance ColorSettings::disturbance(HostTime t, std::uint64_t frame) const {
  const HostDuration lasts = duration_of(frame_period(rate_), 0) * unit_.exposure_write_frames;
  const bool disturbed = std::ranges::any_of(
      exposure_writes_, [&](HostTime written) { return written <= t && t < written + lasts; });
  if (!disturbed) return {};
  const std::int64_t most = unit_.exposure_write_shift.count();
  const auto shift = [&](std::uint64_t camera) {
    return HostDuration(
        random_in(random_bits(bench_.seed, Chance::exposure_write, index_, frame * 2 + camera), -most, most));
  };
  return {.color = shift(0), .depth = shift(1)};
}

void ColorSettings::forget_before(HostTime t) {
  while (settings_.size() > 1 && settings_[1].from < t) settings_.erase(settings_.begin());
  const HostDuration lasts = duration_of(frame_period(rate_), 0) * unit_.exposure_write_frames;
  std::erase_if(exposure_writes_, [&](HostTime written) { return written + lasts < t; });
}

}  // namespace genlock::device::sim
