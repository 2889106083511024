#include "device/sim/fault_schedule.h"

namespace genlock::device::sim {
namespace {

Event fault_event(const BenchConfig& config, std::size_t index, bool begins, HostTime at) {
  const FaultConfig& fault = config.faults[index];
  Event event{.time = at,
              .unit = static_cast<std::uint8_t>(*config.unit_index(fault.unit)),
              .jack = fault.jack,
              .streams = fault.streams,
              .count = fault.count,
              .fault = static_cast<std::uint8_t>(index)};
  switch (fault.kind) {
    case FaultKind::drop:
      event.kind = EventKind::drop;
      break;
    case FaultKind::stall:
      event.kind = EventKind::stall;
      event.on = begins;
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
      event.on = begins;
      break;
  }
  return event;
}

/// 0 to come, 1 begun, 2 over, in the present session of the unit or since the boot.
int phase(const FaultConfig& fault, const FaultProgress& progress, const UnitState& unit) {
  return fault.after_start && progress.session != unit.sessions ? 0 : progress.phase;
}

/// The next change that this fault brings, due or not.
std::optional<Event> next_change(const BenchConfig& config, const BenchState& state, std::size_t index) {
  const FaultConfig& fault = config.faults[index];
  const UnitState& unit = state.units[*config.unit_index(fault.unit)];
  const HostTime begin = (fault.after_start ? unit.start : state.boot) + fault.at;
  switch (phase(fault, state.faults[index], unit)) {
    case 0:
      if (fault.after_start && !unit.running) return std::nullopt;
      return fault_event(config, index, true, begin);
    case 1:
      if (!fault.duration || fault.kind == FaultKind::drop) return std::nullopt;
      return fault_event(config, index, false, begin + *fault.duration);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Event> due_fault(const BenchConfig& config, const BenchState& state, HostTime now) {
  std::optional<Event> earliest;
  for (std::size_t i = 0; i < config.faults.size(); ++i) {
    const auto change = next_change(config, state, i);
    if (change && change->time <= now && (!earliest || change->time < earliest->time)) earliest = change;
  }
  return earliest;
}

std::optional<Event> leftover_fault(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                    HostTime now) {
  for (std::size_t i = 0; i < config.faults.size(); ++i) {
    const FaultConfig& fault = config.faults[i];
    if (!fault.after_start || fault.unit != config.units[unit].name) continue;
    if (phase(fault, state.faults[i], state.units[unit]) != 1) continue;
    if (auto change = next_change(config, state, i)) {
      change->time = now;
      return change;
    }
  }
  return std::nullopt;
}

}  // namespace genlock::device::sim
