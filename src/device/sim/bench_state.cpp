#include "device/sim/bench_state.h"

#include <algorithm>
#include <type_traits>

#include "device/sim/pulse_feed.h"

namespace genlock::device::sim {
namespace {

static_assert(std::is_trivially_copyable_v<BenchState>);
static_assert(std::is_trivially_copyable_v<Event>);

constexpr std::size_t index_of(ColorControl control) {
  return static_cast<std::size_t>(control);
}

int powerline(const UnitState& unit) {
  return unit.controls[index_of(ColorControl::powerline_frequency)].value;
}

void set_default_controls(UnitState& unit, const UnitConfig& config) {
  constexpr int kSixtyHertz = 2;
  for (int i = 0; i < kColorControlCount; ++i) {
    const auto capability = capabilities(static_cast<ColorControl>(i), kSixtyHertz, config.version.color);
    unit.controls[static_cast<std::size_t>(i)] = {capability.default_mode, capability.default_value};
  }
}

void set_span(UnitState& unit, const UnitConfig& unit_config, HostDuration hop_delay,
              const std::optional<PulseSource>& source, HostTime at) {
  PulseSpan& span = unit.pulses;
  const bool lasts = span.train.id != 0 && span.to == kForever;
  if (lasts && source && source->train.id == span.train.id && source->hops == span.hops) {
    span.train = source->train;  // its end may have become known
    return;
  }
  if (lasts) {
    span.to = at;
    PulseFeed feed(hop_delay);
    feed.add(span);
    const auto first = feed.first_from(unit.start + unit_config.sensor_start);
    if (first) unit.first_pulse = std::min(unit.first_pulse, first->time);
  }
  if (source) span = {.train = source->train, .hops = source->hops, .from = at, .to = kForever};
}

/// Notes for the running subordinates where their pulses come from after an event.
void trace_pulses(BenchState& state, const Event& event, const BenchConfig& config, const Wiring& wiring) {
  const auto trace = [&](std::size_t i) {
    UnitState& unit = state.units[i];
    if (!unit.running || unit.config.sync_mode != WiredSyncMode::subordinate) return;
    set_span(unit, config.units[i], config.hop_delay, wiring.pulse_source(state, i, event.time), event.time);
  };
  const bool starts_or_stops = event.kind == EventKind::start || event.kind == EventKind::stop;
  if (starts_or_stops && state.units[event.unit].config.sync_mode != WiredSyncMode::master)
    return trace(event.unit);
  for (std::size_t i = 0; i < config.units.size(); ++i) trace(i);
}

void start(BenchState& state, const Event& event, const BenchConfig& config) {
  UnitState& unit = state.units[event.unit];
  unit.running = true;
  ++unit.sessions;
  unit.start = event.time;
  unit.config = event.config;
  unit.pulses = {};
  unit.first_pulse = kForever;
  unit.transfers = granted_transfers(config, state, event.unit, event.config);
  if (event.config.sync_mode != WiredSyncMode::master) return;
  const UnitConfig& unit_config = config.units[event.unit];
  unit.train = {.id = ++state.trains,
                .start = event.time + unit_config.sensor_start,
                .end = kForever,
                .period = frame_period(event.config.rate),
                .ppb = parts_per_billion(unit_config.clock_ppm)};
}

void stop(UnitState& unit, HostTime at, HostDuration pulses_go_on) {
  if (unit.running) unit.stop = at;
  unit.running = false;
  if (unit.train.id == 0 || unit.train.end != kForever) return;
  unit.train.end = at < unit.train.start ? at : at + pulses_go_on;
}

FaultState& fault_state(UnitState& unit, FaultKind kind) {
  return unit.faults[static_cast<std::size_t>(kind)];
}

/// Who has the unit open loses it, and it gives no pulses.
void cut_off(UnitState& unit, HostTime at) {
  stop(unit, at, HostDuration::zero());
  unit.train.end = std::min(unit.train.end, at);
  ++unit.power_cycles;
}

void power(BenchState& state, const Event& event, const BenchConfig& config) {
  UnitState& unit = state.units[event.unit];
  if (unit.plugged == event.on) return;
  unit.plugged = event.on;
  if (event.on) unit.powered = event.time;
  if (event.on) return;
  cut_off(unit, event.time);
  unit.stalled = {};
  fault_state(unit, FaultKind::suspend) = {};
  set_default_controls(unit, config.units[event.unit]);
}

void set_fault(BenchState& state, const Event& event, const BenchConfig& config) {
  UnitState& unit = state.units[event.unit];
  if (!traits(event.failure).lasts) return;  // only the running session knows what it meets
  FaultState& fault = fault_state(unit, event.failure);
  const bool was_on = fault.on;
  fault = {.on = event.on, .streams = event.streams, .knob = event.knob};
  if (cuts_off(event) && !was_on) cut_off(unit, event.time);
  // What ends these is a replug, which takes the unit's power.
  const bool replugged = event.is(FaultKind::suspend) || event.is(FaultKind::usb2);
  if (was_on && !event.on && replugged) set_default_controls(unit, config.units[event.unit]);
}

void switch_trigger(BenchState& state, bool on, HostTime at, const BenchConfig& config) {
  if (!config.trigger) return;
  const bool is_on = state.trigger.id != 0 && state.trigger.end == kForever;
  if (on == is_on) return;
  if (!on) {
    state.trigger.end = at;
    return;
  }
  state.trigger = {.id = ++state.trains,
                   .start = at,
                   .end = kForever,
                   .period = frame_period(config.trigger->rate),
                   .ppb = parts_per_billion(config.trigger->ppm),
                   .generator = true};
}

void set_stalled(Streams& stalled, const Streams& which, bool on) {
  if (which.color) stalled.color = on;
  if (which.depth) stalled.depth = on;
  if (which.imu) stalled.imu = on;
}

/// Notes that a scheduled fault has begun or ended.
void note_progress(BenchState& state, const Event& event, const BenchConfig& config) {
  if (event.fault == Event::kNoFault) return;
  FaultProgress& progress = state.faults[event.fault];
  const std::uint32_t session = config.faults[event.fault].after_start ? state.units[event.unit].sessions : 0;
  if (progress.session != session) progress = {.session = session, .phase = 0, .unit = event.unit};
  ++progress.phase;
}

}  // namespace

BenchState initial_state(const BenchConfig& config, HostTime boot) {
  BenchState state;
  state.boot = boot;
  for (std::size_t i = 0; i < config.units.size(); ++i) {
    state.units[i].powered = boot;
    set_default_controls(state.units[i], config.units[i]);
  }
  for (std::size_t i = 0; i < config.faults.size(); ++i)
    state.faults[i].unit = static_cast<std::uint8_t>(*config.unit_index(config.faults[i].unit));
  if (config.trigger && config.trigger->on) switch_trigger(state, true, boot, config);
  return state;
}

void apply(BenchState& state, const Event& event, const BenchConfig& config, const Wiring& wiring) {
  UnitState& unit = state.units[event.unit];
  note_progress(state, event, config);
  switch (event.kind) {
    case EventKind::start:
      start(state, event, config);
      break;
    case EventKind::stop:
      stop(unit, event.time, config.pulses_after_stop);
      break;
    case EventKind::control:
      unit.controls[index_of(event.control)] = event.value;
      return;
    case EventKind::jack:
      unit.jack_pulled[static_cast<std::size_t>(event.jack)] = !event.on;
      break;
    case EventKind::stall:
      return set_stalled(unit.stalled, event.streams, event.on);
    case EventKind::drop:
      return;  // only the running session knows its frames
    case EventKind::power:
      power(state, event, config);
      break;
    case EventKind::refuse_open:
      unit.open_refused = event.on;
      return;
    case EventKind::trigger:
      switch_trigger(state, event.on, event.time, config);
      break;
    case EventKind::fault:
      set_fault(state, event, config);
      break;
  }
  trace_pulses(state, event, config, wiring);
}

bool cuts_off(const Event& event) {
  if (event.kind == EventKind::power) return !event.on;
  return event.on && (event.is(FaultKind::suspend) || event.is(FaultKind::usb2));
}

bool takes_depth_away(const Event& event) {
  return cuts_off(event) || (event.is(FaultKind::brown_out) && event.on && event.streams.depth);
}

bool ends_imu(const Event& event) {
  if (cuts_off(event)) return true;
  const bool fails = event.is(FaultKind::transfer_error) || (event.is(FaultKind::brown_out) && event.on);
  return fails && event.streams.imu;
}

ControlValue control_value(const UnitState& unit, ColorControl control, const UnitConfig& config) {
  ControlValue value = unit.controls[index_of(control)];
  const int line = powerline(unit);
  if (value.mode == ControlMode::automatic) {
    value.value = capabilities(control, line, config.version.color).default_value;
    if (control == ColorControl::exposure_us && config.auto_exposure_us)
      value.value = *config.auto_exposure_us;
  }
  if (control == ColorControl::exposure_us) value.value = round_exposure_us(value.value, line);
  return value;
}

DeviceDuration exposure_in_effect(const UnitState& unit, const UnitConfig& config, FrameRate rate) {
  const std::int32_t wanted = control_value(unit, ColorControl::exposure_us, config).value;
  const auto steps = exposure_steps_us(powerline(unit));
  const auto limit = static_cast<std::int32_t>(count_us(period_us(rate)));
  std::int32_t longest = steps.front();
  for (std::int32_t step : steps)
    if (step <= limit) longest = step;
  return device_us(std::min(wanted, longest));
}

}  // namespace genlock::device::sim
