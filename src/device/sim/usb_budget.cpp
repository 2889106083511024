#include "device/sim/usb_budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/data_rates.h"

namespace genlock::device::sim {
namespace {

/// What other devices take of the host's bus.
double foreign_mb_per_s(const BenchConfig& bench, const BenchState& state, std::size_t unit) {
  double load = 0;
  const auto add = [&](std::size_t who) {
    const FaultState& fault = state.units[who].fault(FaultKind::bus_load);
    if (fault.on) load += fault.knob;
  };
  add(unit);
  for (const std::size_t other : units_beside(bench, unit)) add(other);
  return load;
}

}  // namespace

const HostConfig* host_of(const BenchConfig& bench, std::size_t unit) {
  const std::string& name = bench.units[unit].name;
  for (const HostConfig& host : bench.hosts)
    if (std::ranges::find(host.units, name) != host.units.end()) return &host;
  return nullptr;
}

std::vector<std::size_t> units_beside(const BenchConfig& bench, std::size_t unit) {
  std::vector<std::size_t> others;
  const HostConfig* const host = host_of(bench, unit);
  if (host == nullptr) return others;
  for (const std::string& name : host->units)
    if (name != bench.units[unit].name) others.push_back(*bench.unit_index(name));
  return others;
}

Status check_usb_budget(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config) {
  if (!config.color_on()) return {};
  const HostConfig* const host = host_of(bench, unit);
  if (host == nullptr) return {};
  double load = usb_rate(config).total() + foreign_mb_per_s(bench, state, unit);
  for (const std::size_t other : units_beside(bench, unit)) {
    const UnitState& beside = state.units[other];
    if (beside.running) load += usb_rate(beside.config).total();
  }
  if (load <= host->usb_mb_per_s) return {};
  return Error(Errc::io,
               fmt::format("no USB bandwidth left for the colour camera of {}: what runs on host {} "
                           "would need {:.0f} of {:.0f} MB/s; use fewer or slower modes",
                           bench.units[unit].name, host->name, load, host->usb_mb_per_s));
}

Status check_usb_memory(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                        const CameraConfig& config) {
  if (!config.color_on() || granted_transfers(bench, state, unit, config).color > 0) return {};
  return Error(Errc::io, fmt::format("no memory for USB transfers of the colour camera of {} (errno 12, "
                                     "ENOMEM): raise usbfs_memory_mb of host {}",
                                     bench.units[unit].name, host_of(bench, unit)->name));
}

BusShare bus_share(const BenchConfig& bench, const BenchState& state, std::size_t unit) {
  const HostConfig* const host = host_of(bench, unit);
  if (host == nullptr) return {};
  double color = 0, depth = 0;
  const auto add = [&](std::size_t who) {
    if (!state.units[who].running) return;
    const DataRate rate = usb_rate(state.units[who].config);
    color += rate.color;
    depth += rate.depth;
  };
  add(unit);
  for (const std::size_t other : units_beside(bench, unit)) add(other);
  const double excess = color + depth + foreign_mb_per_s(bench, state, unit) - host->usb_mb_per_s;
  if (excess <= 0) return {};
  const double off_depth = std::max(0.0, excess - color);
  return {.color = color > 0 ? std::max(0.0, 1 - excess / color) : 1,
          .depth = depth > 0 ? std::max(0.0, 1 - off_depth / depth) : 1};
}

}  // namespace genlock::device::sim
