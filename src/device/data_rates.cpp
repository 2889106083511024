#include "device/data_rates.h"

namespace genlock::device {
namespace {

double color_rate(const CameraConfig& config, PixelFormat format, double jpeg_bytes_per_pixel) {
  const Size size = image_size(config.color_resolution);
  const double bytes = format == PixelFormat::mjpg ? jpeg_bytes_per_pixel * size.width * size.height
                                                   : static_cast<double>(image_bytes(format, size));
  return bytes * fps(config.rate) / 1e6;
}

}  // namespace

std::size_t raw_depth_bytes(DepthMode mode) {
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

DataRate usb_rate(const CameraConfig& config, double jpeg_bytes_per_pixel) {
  const bool decoded = config.color_format == PixelFormat::bgra32;
  return {
      .color = color_rate(config, decoded ? PixelFormat::mjpg : config.color_format, jpeg_bytes_per_pixel),
      .depth = static_cast<double>(raw_depth_bytes(config.depth_mode)) * fps(config.rate) / 1e6};
}

DataRate file_rate(const CameraConfig& config, double jpeg_bytes_per_pixel) {
  const std::size_t plane = image_bytes(PixelFormat::ir16, image_size(config.depth_mode));
  const int planes = has_depth_image(config.depth_mode) ? 2 : 1;
  return {.color = color_rate(config, config.color_format, jpeg_bytes_per_pixel),
          .depth = static_cast<double>(plane) * planes * fps(config.rate) / 1e6};
}

}  // namespace genlock::device
