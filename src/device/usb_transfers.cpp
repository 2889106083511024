#include "device/usb_transfers.h"

#include <algorithm>

#include "device/data_rates.h"

namespace genlock::device {
namespace {

constexpr std::size_t kDepthPool = 10'000'000;  ///< facts device.md 1.1
constexpr std::size_t kMostDepthTransfers = 8;
constexpr int kColorTransfers = 100;  ///< of 32 packets
constexpr int kImuTransfers = 8;

std::uint64_t bytes_of(int transfers, std::uint64_t each) {
  return static_cast<std::uint64_t>(transfers) * each;
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
  wanted.bytes = bytes_of(wanted.depth, depth_buffer_bytes(config.depth_mode)) +
                 bytes_of(wanted.color, kColorTransferBytes) + bytes_of(wanted.imu, kImuTransferBytes);
  return wanted;
}

}  // namespace genlock::device
