#pragma once

#include <cstddef>

#include "base/camera.h"

// What the modes of a unit move every second, in 10^6 bytes.

namespace genlock::device {

struct DataRate {
  double color = 0;
  double depth = 0;  ///< and IR
  double total() const { return color + depth; }
};

/// Bytes of a JPEG for each pixel that a usual scene takes; dull ones need 0.16, busy ones 0.36 (facts
/// device.md 1.2).
inline constexpr double kUsualJpegBytesPerPixel = 1.9 / 8;

/// Bytes of a raw frame of the depth camera on USB (facts device.md 1.1); 0 for off.
std::size_t raw_depth_bytes(DepthMode mode);

/// On the unit's USB bus. BGRA comes as JPEG and is decoded on the host.
DataRate usb_rate(const CameraConfig& config, double jpeg_bytes_per_pixel = kUsualJpegBytesPerPixel);

/// In a recording.
DataRate file_rate(const CameraConfig& config, double jpeg_bytes_per_pixel = kUsualJpegBytesPerPixel);

}  // namespace genlock::device
