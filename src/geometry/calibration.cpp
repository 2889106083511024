#include "geometry/calibration.h"

#include <fmt/core.h>

namespace genlock::geometry {
namespace {

constexpr Size kDepthSensor{1024, 1024};

/// What a mode does with the sensor's pixels: combines them to `binned`, then cuts the image out at (x, y).
struct Window {
  Size binned;
  int x = 0;
  int y = 0;
};

Window window(DepthMode mode) {
  switch (mode) {
    case DepthMode::nfov_2x2binned:
      return {{512, 512}, 96, 90};
    case DepthMode::nfov_unbinned:
      return {{1024, 1024}, 192, 180};
    case DepthMode::wfov_2x2binned:
      return {{512, 512}};
    default:
      return {{1024, 1024}};
  }
}

/// Every colour image is cut from a 4:3 one of its width.
Window window(ColorResolution resolution) {
  const Size size = image_size(resolution);
  const int binned_height = size.width * 3 / 4;
  return {{size.width, binned_height}, 0, (binned_height - size.height) / 2};
}

CameraCalibration in_mode(const RawCamera& raw, const Window& window, Size size) {
  CameraCalibration camera{raw.intrinsics, size, raw.metric_radius, raw.from_depth};
  Intrinsics& lens = camera.intrinsics;
  lens.cx = lens.cx * window.binned.width - window.x - 0.5;
  lens.cy = lens.cy * window.binned.height - window.y - 0.5;
  lens.fx *= window.binned.width;
  lens.fy *= window.binned.height;
  return camera;
}

/// A 16:9 calibration was made on rows 384 to 2688 of the 4:3 image of 3072 rows.
Result<RawCamera> as_4_to_3(RawCamera raw) {
  const auto [width, height] = raw.sensor;
  if (width * 3 / 4 == height) return raw;
  if (width * 9 / 16 != height)
    return Error(Errc::unsupported,
                 fmt::format("calibration: the colour sensor is {}x{}, neither 4:3 nor 16:9", width, height));
  raw.intrinsics.cy = (raw.intrinsics.cy * 2304 + 384) / 3072;
  raw.intrinsics.fy = raw.intrinsics.fy * 2304 / 3072;
  return raw;
}

Extrinsics zeros() {
  return {.rotation = {}, .translation = {}};
}

void fill_extrinsics(const RawCalibration& raw, Calibration& calibration) {
  const std::array<const Extrinsics*, kSensors> from_depth{&raw.depth.from_depth, &raw.color.from_depth,
                                                           &raw.gyro.from_depth, &raw.accel.from_depth};
  const std::array<bool, kSensors> on{calibration.depth_mode != DepthMode::off,
                                      calibration.color_resolution != ColorResolution::off, true, true};
  for (std::size_t s = 0; s < kSensors; ++s)
    for (std::size_t t = 0; t < kSensors; ++t) {
      Extrinsics& entry = calibration.extrinsics[s][t];
      if (!on[s] || !on[t])
        entry = zeros();
      else if (s != t)
        entry = compose(*from_depth[t], inverse(*from_depth[s]));
    }
}

}  // namespace

Result<Calibration> calibration_for(const RawCalibration& raw, DepthMode depth_mode,
                                    ColorResolution color_resolution) {
  if (depth_mode == DepthMode::off && color_resolution == ColorResolution::off)
    return Error(Errc::invalid,
                 "calibration: both cameras are off; name a depth mode or a colour resolution");
  Calibration calibration{.depth_mode = depth_mode, .color_resolution = color_resolution};
  calibration.depth.from_depth = calibration.color.from_depth = zeros();
  if (depth_mode != DepthMode::off) {
    if (raw.depth.sensor != kDepthSensor)
      return Error(Errc::unsupported, fmt::format("calibration: the depth sensor is {}x{}, not 1024x1024",
                                                  raw.depth.sensor.width, raw.depth.sensor.height));
    calibration.depth = in_mode(raw.depth, window(depth_mode), image_size(depth_mode));
  }
  if (color_resolution != ColorResolution::off) {
    GENLOCK_ASSIGN(const RawCamera color, as_4_to_3(raw.color));
    calibration.color = in_mode(color, window(color_resolution), image_size(color_resolution));
  }
  fill_extrinsics(raw, calibration);
  return calibration;
}

}  // namespace genlock::geometry
