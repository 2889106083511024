#include "device/sim/fault_schedule.h"

namespace genlock::device::sim {

Event fault_event(const FaultDetails& details, bool begins) {
  const FaultTraits& kind = traits(details.kind);
  Event event{.kind = EventKind::fault,
              .unit = static_cast<std::uint8_t>(details.unit),
              .on = begins,
              .jack = details.jack,
              .streams = details.streams.none() ? kind.usual : details.streams,
              .count = details.count,
              .failure = details.kind,
              .knob = details.knob.value_or(kind.knob.usual)};
  switch (details.kind) {
    case FaultKind::drop:
      event.kind = EventKind::drop;
      break;
    case FaultKind::stall:
      event.kind = EventKind::stall;
      break;
    case FaultKind::cable:
      event.kind = EventKind::jack;
      event.on = !begins;
      break;
    case FaultKind::unplug:
      event.kind = EventKind::power;
      event.on = !begins;
      break;
    case FaultKind::refuse_open:
      event.kind = EventKind::refuse_open;
      break;
    default:
      break;
  }
  return event;
}

namespace {

/// 0 to come, 1 begun, 2 over, in the present session of the unit or since the boot.
int phase(const FaultConfig& fault, const FaultProgress& progress, const UnitState& unit) {
  return fault.after_start && progress.session != unit.sessions ? 0 : progress.phase;
}

/// A change that a scheduled fault brings.
struct Change {
  HostTime time;
  std::size_t fault = 0;
  bool begins = false;
};

/// The next one of this fault, due or not.
std::optional<Change> next_change(const BenchConfig& config, const BenchState& state, std::size_t index) {
  const FaultConfig& fault = config.faults[index];
  const UnitState& unit = state.units[state.faults[index].unit];
  const HostTime begin = (fault.after_start ? unit.start : state.boot) + fault.at;
  switch (phase(fault, state.faults[index], unit)) {
    case 0:
      if (fault.after_start && !unit.running) return std::nullopt;
      return Change{begin, index, true};
    case 1:
      if (!fault.duration || !traits(fault.kind).lasts) return std::nullopt;
      return Change{begin + *fault.duration, index, false};
    default:
      return std::nullopt;
  }
}

Event event_of(const BenchConfig& config, const BenchState& state, const Change& change) {
  const FaultConfig& fault = config.faults[change.fault];
  Event event = fault_event({.unit = state.faults[change.fault].unit,
                             .kind = fault.kind,
                             .streams = fault.streams,
                             .jack = fault.jack,
                             .count = fault.count,
                             .knob = fault.knob},
                            change.begins);
  event.time = change.time;
  event.fault = static_cast<std::uint16_t>(change.fault);
  return event;
}

}  // namespace

std::optional<Event> due_fault(const BenchConfig& config, const BenchState& state, HostTime now) {
  std::optional<Change> earliest;
  for (std::size_t i = 0; i < config.faults.size(); ++i) {
    const auto change = next_change(config, state, i);
    if (change && change->time <= now && (!earliest || change->time < earliest->time)) earliest = change;
  }
  if (!earliest) return std::nullopt;
  return event_of(config, state, *earliest);
}

std::optional<Event> leftover_fault(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                    HostTime now) {
  for (std::size_t i = 0; i < config.faults.size(); ++i) {
    const FaultConfig& fault = config.faults[i];
    if (!fault.after_start || state.faults[i].unit != unit) continue;
    if (phase(fault, state.faults[i], state.units[unit]) != 1) continue;
    if (auto change = next_change(config, state, i)) {
      change->time = now;
      return event_of(config, state, *change);
    }
  }
  return std::nullopt;
}

}  // namespace genlock::device::sim
