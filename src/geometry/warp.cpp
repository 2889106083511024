#include "geometry/warp.h"

#include <algorithm>

namespace genlock::geometry {
namespace {

template <std::size_t N>
std::array<float, N> floats(const std::array<double, N>& values) {
  std::array<float, N> result;
  std::ranges::transform(values, result.begin(), [](double value) { return static_cast<float>(value); });
  return result;
}

ForwardLens forward_lens(const CameraCalibration& camera) {
  const Intrinsics& from = camera.intrinsics;
  const auto [cx, cy, fx, fy] = floats<4>({from.cx, from.cy, from.fx, from.fy});
  const auto [codx, cody, p1, p2] = floats<4>({from.codx, from.cody, from.p1, from.p2});
  const float radius = static_cast<float>(camera.metric_radius);
  const float cross = from.model == LensModel::brown_conrady ? 2.0F : 1.0F;
  return {cx, cy, fx, fy, floats(from.k), codx, cody, p1, p2, cross, radius * radius};
}

}  // namespace

DepthToColor depth_to_color_warp(const Calibration& calibration) {
  const Extrinsics& extrinsics =
      calibration
          .extrinsics[static_cast<std::size_t>(Sensor::depth)][static_cast<std::size_t>(Sensor::color)];
  return {floats(extrinsics.rotation), floats(extrinsics.translation), forward_lens(calibration.color)};
}

}  // namespace genlock::geometry
