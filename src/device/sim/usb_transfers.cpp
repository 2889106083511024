#include "device/sim/usb_transfers.h"

#include <algorithm>

#include "device/data_rates.h"
#include "device/sim/bench_state.h"
#include "device/sim/usb_budget.h"

namespace genlock::device::sim {
namespace {

constexpr std::size_t kDepthPool = 10'000'000;  ///< facts device.md 1.1
constexpr std::size_t kMostDepthTransfers = 8;
constexpr int kColorTransfers = 100;  ///< of 32 packets
/// Bytes of a packet are unknown (facts device.md 7); with 1 KiB a host's 16 MiB carry one unit in any mode
/// and make the second degrade, which is what people report (#485, #1316).
constexpr std::uint64_t kColorTransferBytes = 32 * 1024;
constexpr int kImuTransfers = 8;
constexpr std::uint64_t kImuTransferBytes = 252;

/// Takes as many of `wanted` transfers as `free` bytes hold.
int take(int wanted, std::uint64_t each, std::uint64_t& free) {
  if (wanted == 0) return 0;
  const auto fit = static_cast<int>(std::min<std::uint64_t>(free / each, static_cast<std::uint64_t>(wanted)));
  free -= static_cast<std::uint64_t>(fit) * each;
  return fit;
}

}  // namespace

std::size_t depth_buffer_bytes(DepthMode mode) {
  constexpr std::size_t kPacket = 1024;
  return (raw_depth_bytes(mode) + kPacket - 1) / kPacket * kPacket;
}

UsbTransfers wanted_transfers(const CameraConfig& config) {
  UsbTransfers wanted{.imu = kImuTransfers};
  if (config.depth_on()) {
    const std::size_t fit = (kDepthPool - 1) / depth_buffer_bytes(config.depth_mode);
    wanted.depth = static_cast<int>(std::min(fit, kMostDepthTransfers));
  }
  if (config.color_on()) wanted.color = kColorTransfers;
  return wanted;
}

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
