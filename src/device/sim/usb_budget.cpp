#include "device/sim/usb_budget.h"

#include <fmt/format.h>

#include <algorithm>

namespace genlock::device::sim {
namespace {

double raw_depth_bytes(DepthMode mode) {
  switch (mode) {
    case DepthMode::off:
      return 0;
    case DepthMode::nfov_2x2binned:
    case DepthMode::nfov_unbinned:
      return 5'310'760;
    case DepthMode::wfov_2x2binned:
      return 3'777'232;
    case DepthMode::wfov_unbinned:
      return 9'438'664;
    case DepthMode::passive_ir:
      return 1'678'024;
  }
  return 0;
}

const HostConfig* host_of(const BenchConfig& bench, std::size_t unit) {
  const std::string& name = bench.units[unit].name;
  for (const HostConfig& host : bench.hosts)
    if (std::ranges::find(host.units, name) != host.units.end()) return &host;
  return nullptr;
}

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

}  // namespace

double usb_mb_per_s(const CameraConfig& config) {
  return (raw_depth_bytes(config.depth_mode) + color_bytes(config)) * fps(config.rate) / 1e6;
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
  double load = usb_mb_per_s(config);
  for (const std::size_t other : units_beside(bench, unit)) {
    const UnitState& beside = state.units[other];
    if (beside.running) load += usb_mb_per_s(beside.config);
  }
  if (load <= host->usb_mb_per_s) return {};
  return Error(Errc::io,
               fmt::format("no USB bandwidth left for the colour camera of {}: the running units of host {} "
                           "would need {:.0f} of {:.0f} MB/s; use fewer or slower modes",
                           bench.units[unit].name, host->name, load, host->usb_mb_per_s));
}

}  // namespace genlock::device::sim
