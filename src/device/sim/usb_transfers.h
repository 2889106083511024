#pragma once

#include <cstddef>
#include <cstdint>

#include "base/camera.h"

namespace genlock::device::sim {

struct BenchConfig;
struct BenchState;

/// USB transfers that a running unit has under way, and the memory of the kernel (usbfs) that they hold.
struct UsbTransfers {
  int depth = 0;
  int color = 0;
  int imu = 0;
  std::uint64_t bytes = 0;
};

/// Bytes of the buffer for one raw depth frame (facts device.md 1.1).
std::size_t depth_buffer_bytes(DepthMode mode);

/// What the vendor's library asks for (facts device.md 1.1, 1.2): of depth 1, 2, 1 or 5 buffers by the mode,
/// of colour 100, of the IMU 8.
UsbTransfers wanted_transfers(const CameraConfig& config);

/// What of it the host of `unit` has memory for beside its running units: depth is asked for first, then
/// colour, then the IMU.
UsbTransfers granted_transfers(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                               const CameraConfig& config);

}  // namespace genlock::device::sim
