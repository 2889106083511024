#include "device/sim/usb_budget.h"

#include <fmt/format.h>

#include <algorithm>

namespace genlock::device::sim {
namespace {

double color_bytes(const CameraConfig& config) {
  const Size size = image_size(config.color_resolution);
  const double pixels = static_cast<double>(size.width) * size.height;
  constexpr double kJpegBytesPerPixel = 1.9 / 8;
  switch (config.color_format) {
    case PixelFormat::nv12:
      return pixels * 1.5;
    case PixelFormat::yuy2:
      return pixels * 2;
    default:
      return pixels * kJpegBytesPerPixel;  // BGRA is decoded on the host
  }
}

double color_mb_per_s(const CameraConfig& config) {
  return color_bytes(config) * fps(config.rate) / 1e6;
}

double depth_mb_per_s(const CameraConfig& config) {
  return static_cast<double>(raw_depth_bytes(config.depth_mode)) * fps(config.rate) / 1e6;
}

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

double usb_mb_per_s(const CameraConfig& config) {
  return depth_mb_per_s(config) + color_mb_per_s(config);
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
  double load = usb_mb_per_s(config) + foreign_mb_per_s(bench, state, unit);
  for (const std::size_t other : units_beside(bench, unit)) {
    const UnitState& beside = state.units[other];
    if (beside.running) load += usb_mb_per_s(beside.config);
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
    color += color_mb_per_s(state.units[who].config);
    depth += depth_mb_per_s(state.units[who].config);
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
