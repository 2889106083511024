#include "device/sim/unit_exposures.h"

#include <algorithm>
#include <cmath>

#include "device/sim/unit_counter.h"

namespace genlock::device::sim {
namespace {

/// Part of a line about the middle between two in which either is taken (U).
constexpr double kUnsureOfLine = 0.15;

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
      timing_(start_timing(unit_, config_)),
      feed_(bench.hop_delay),
      trigger_(armed_, frame_period(config_.rate), parts_per_billion(unit_.clock_ppm)),
      first_pulse_(state.units[unit].first_pulse),
      settings_(bench, state, unit) {
  if (triggered_by_itself(config_)) {
    feed_.set_source(start_, PulseSource{.train = own_train(unit_, config_, start_)});
  } else {
    feed_.add(state.units[unit].pulses);
  }
}

void UnitExposures::on_event(const Event& event, const BenchState& after) {
  if (!triggered_by_itself(config_)) feed_.add(after.units[index_].pulses);
  if (event.unit != index_ || event.kind != EventKind::control) return;
  settings_.written(event, after);
}

std::optional<FrameExposure> UnitExposures::next(HostTime now) {
  const auto trigger = trigger_.next(feed_, now);
  if (!trigger) return std::nullopt;
  if (trigger->index == 0 && !triggered_by_itself(config_))
    depth_gave_up_ = std::min(trigger->time, first_pulse_) - start_ > bench_.depth_gives_up;
  const ColorLook look = settings_.at(trigger->time, trigger->index);
  const FrameCentres centres = frame_centres(config_, look.exposure);
  const ColorSettings::Disturbance moved = settings_.disturbance(trigger->time, trigger->index);
  const HostTime due = trigger->time + lateness(*trigger);
  return FrameExposure{.trigger = *trigger,
                       .look = look,
                       .damage = damage(*trigger),
                       .on_grid = on_grid(*trigger),
                       .color_centre = due + centres.color + moved.color,
                       .depth_centre = due + centres.depth + moved.depth,
                       .depth = config_.depth_on() && !depth_gave_up_};
}

void UnitExposures::leap_to(HostTime t) {
  // Delays and exposures put a centre up to two and a half periods after its pulse.
  const HostTime until = t - on_host(frame_period(config_.rate)) * 4;
  while ((!last() || last()->time < until) && next(until)) trigger_.leap(feed_, until);
}

HostDuration UnitExposures::lateness(const Trigger& trigger) const {
  const bool first = trigger.index == static_cast<std::uint64_t>(timing_.first_pulse);
  HostDuration late = timing_.late + (first ? timing_.first_frame_late : HostDuration::zero());
  if (on_grid(trigger)) late += to_grid(trigger);
  return late;
}

/// From a pulse to the line of the sensor that the exposure begins on: the nearest, or about half way between
/// two either. Lines are counted by the unit's own clock and are whole parts of its period (SYNC_NUMBERS row
/// 2).
HostDuration UnitExposures::to_grid(const Trigger& trigger) const {
  const auto period = static_cast<double>(count_ticks(frame_period(config_.rate)));
  const auto lines = std::llround(period / unit_.trigger_grid_ticks);
  const std::int64_t own_ppb = parts_per_billion(unit_.clock_ppm);
  // Fine ticks, 10^-18 of one, keep hours exact.
  const Int128 line = Int128(count_ticks(frame_period(config_.rate))) * kBillion * kBillion / lines;
  const Int128 rate = Int128(kTicksPerSecond) * (kBillion + own_ppb);
  const Int128 since = Int128((trigger.time - start_).count()) * rate;
  const double share = static_cast<double>(since % line) / static_cast<double>(line);
  const double begin = random_unit(random(Chance::trigger_grid, 0));  // where the lines lie at the start
  const double phase = share + begin - (share + begin >= 1 ? 1 : 0);
  const double unsure = kUnsureOfLine * (2 * random_unit(random(Chance::trigger_line, trigger.index)) - 1);
  const bool next_line = phase + unsure >= 0.5;
  const double line_ns = static_cast<double>(line / rate);
  return HostDuration(std::llround((next_line ? 1 - phase : -phase) * line_ns));
}

/// A sensor triggered out of its rhythm gives pink and black frames (facts device.md 2.5: #1227, #1404). How
/// far out, and how often, nobody measured: from the tolerance on ever more, all at twice that.
ColorDamage UnitExposures::damage(const Trigger& trigger) const {
  const double off = std::abs(static_cast<double>(trigger.ppb - parts_per_billion(unit_.clock_ppm))) / 1000;
  if (!trigger.locked || off <= unit_.trigger_tolerance_ppm) return ColorDamage::none;
  const double spoiled =
      unit_.trigger_tolerance_ppm * random_unit(random(Chance::trigger_damage, trigger.index));
  if (off - unit_.trigger_tolerance_ppm < spoiled) return ColorDamage::none;
  return random(Chance::trigger_damage_kind, trigger.index) % 2 == 0 ? ColorDamage::pink : ColorDamage::black;
}

std::uint64_t UnitExposures::random(Chance chance, std::uint64_t counter) const {
  return random_bits(bench_.seed, chance, index_, counter);
}

void UnitExposures::forget_before(HostTime t) {
  feed_.forget_before(last() ? std::min(t, last()->time) : start_);
  settings_.forget_before(t);
}

}  // namespace genlock::device::sim
