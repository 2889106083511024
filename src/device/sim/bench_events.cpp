#include "device/sim/bench_events.h"

#include "device/sim/fault_schedule.h"

namespace genlock::device::sim {

void catch_up(SharedBench::Lock& lock, const SharedBench& bench, const BenchConfig& config, HostTime now,
              std::span<const std::size_t> watched) {
  while (const auto event = due_fault(config, lock.state(), now)) lock.append(*event);
  for (const std::size_t unit : watched) {
    if (!lock.state().units[unit].running || bench.unit_taken(unit)) continue;
    lock.append({.time = now, .kind = EventKind::stop, .unit = static_cast<std::uint8_t>(unit)});
  }
}

HostTime append_now(SharedBench::Lock& lock, const SharedBench& bench, const BenchConfig& config,
                    Event event) {
  event.time = bench.now();
  catch_up(lock, bench, config, event.time, {});
  if (event.kind == EventKind::start) {
    while (const auto over = leftover_fault(config, lock.state(), event.unit, event.time)) lock.append(*over);
  }
  lock.append(event);
  return event.time;
}

}  // namespace genlock::device::sim
