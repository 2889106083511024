#pragma once

#include <cstddef>
#include <cstdint>

#include "base/camera.h"

namespace genlock::device {

/// USB transfers that a running unit has under way, and the memory of the kernel (usbfs) that they hold.
struct UsbTransfers {
  int depth = 0;
  int color = 0;
  int imu = 0;
  std::uint64_t bytes = 0;
};

/// Bytes of the buffer for one raw depth frame (facts device.md 1.1).
std::size_t depth_buffer_bytes(DepthMode mode);

/// Bytes of a packet are unknown (facts device.md 7); with 1 KiB a host's 16 MiB carry one unit in any mode
/// and make the second degrade, which is what people report (#485, #1316).
inline constexpr std::uint64_t kColorTransferBytes = 32 * 1024;
inline constexpr std::uint64_t kImuTransferBytes = 252;

/// What the vendor's library asks for (facts device.md 1.1, 1.2): of depth 1, 2, 1 or 5 buffers by the mode,
/// of colour 100, of the IMU 8.
UsbTransfers wanted_transfers(const CameraConfig& config);

}  // namespace genlock::device
