#include "device/sim/granted_transfers.h"

#include <algorithm>

#include "device/sim/bench_state.h"
#include "device/sim/usb_budget.h"

namespace genlock::device::sim {
namespace {

/// Takes as many of `wanted` transfers as `free` bytes hold.
int take(int wanted, std::uint64_t each, std::uint64_t& free) {
  if (wanted == 0) return 0;
  const auto fit = static_cast<int>(std::min<std::uint64_t>(free / each, static_cast<std::uint64_t>(wanted)));
  free -= static_cast<std::uint64_t>(fit) * each;
  return fit;
}

}  // namespace

UsbTransfers granted_transfers(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                               const CameraConfig& config) {
  UsbTransfers granted = wanted_transfers(config);
  const HostConfig* const host = host_of(bench, unit);
  if (host == nullptr || host->usbfs_mb == 0) return granted;
  const std::uint64_t whole = static_cast<std::uint64_t>(host->usbfs_mb) << 20;
  std::uint64_t used = 0;
  for (const std::size_t other : units_beside(bench, unit))
    if (state.units[other].running) used += state.units[other].transfers.bytes;
  std::uint64_t free = whole - std::min(whole, used);
  const std::uint64_t before = free;
  granted.depth = take(granted.depth, depth_buffer_bytes(config.depth_mode), free);
  granted.color = take(granted.color, kColorTransferBytes, free);
  granted.imu = take(granted.imu, kImuTransferBytes, free);
  granted.bytes = before - free;
  return granted;
}

}  // namespace genlock::device::sim
