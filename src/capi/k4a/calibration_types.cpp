#include "capi/k4a/calibration_types.h"

#include <fmt/core.h>

#include <algorithm>

#include "capi/common/enum_number.h"

namespace genlock::capi {
namespace {

using geometry::CameraCalibration;
using geometry::Extrinsics;
using geometry::Intrinsics;

template <class To, std::size_t N>
void convert(const std::array<double, N>& from, To (&to)[N]) {
  std::ranges::transform(from, to, [](double value) { return static_cast<To>(value); });
}

k4a_calibration_extrinsics_t api_extrinsics(const Extrinsics& from) {
  k4a_calibration_extrinsics_t to{};
  convert(from.rotation, to.rotation);
  convert(from.translation, to.translation);
  return to;
}

Extrinsics extrinsics_from(const k4a_calibration_extrinsics_t& from) {
  Extrinsics to;
  std::ranges::copy(from.rotation, to.rotation.begin());
  std::ranges::copy(from.translation, to.translation.begin());
  return to;
}

/// The 14 parameters in the ABI's order; the 15th is not filled in.
std::array<double, 14> parameters(const Intrinsics& lens) {
  return {lens.cx,   lens.cy,   lens.fx,   lens.fy,   lens.k[0], lens.k[1], lens.k[2],
          lens.k[3], lens.k[4], lens.k[5], lens.codx, lens.cody, lens.p2,   lens.p1};
}

k4a_calibration_intrinsics_t api_intrinsics(const Intrinsics& from) {
  k4a_calibration_intrinsics_t to{};
  to.type = static_cast<k4a_calibration_model_type_t>(from.model);
  to.parameter_count = static_cast<unsigned>(from.parameter_count);
  std::ranges::transform(parameters(from), to.parameters.v, [](double v) { return static_cast<float>(v); });
  return to;
}

Intrinsics intrinsics_from(const k4a_calibration_intrinsics_t& from) {
  const auto& v = from.parameters.param;
  Intrinsics to{.cx = v.cx, .cy = v.cy, .fx = v.fx, .fy = v.fy};
  const unsigned type = number_of(from.type);
  if (type <= K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY)
    to.model = static_cast<geometry::LensModel>(type);
  to.parameter_count = static_cast<int>(std::min(from.parameter_count, 15U));
  to.k = {v.k1, v.k2, v.k3, v.k4, v.k5, v.k6};
  to.codx = v.codx, to.cody = v.cody, to.p2 = v.p2, to.p1 = v.p1;
  return to;
}

k4a_calibration_camera_t api_camera(const CameraCalibration& from) {
  k4a_calibration_camera_t to{};
  to.extrinsics = api_extrinsics(from.from_depth);
  to.intrinsics = api_intrinsics(from.intrinsics);
  to.resolution_width = from.size.width;
  to.resolution_height = from.size.height;
  to.metric_radius = static_cast<float>(from.metric_radius);
  return to;
}

CameraCalibration camera_from(const k4a_calibration_camera_t& from) {
  return {intrinsics_from(from.intrinsics),
          {from.resolution_width, from.resolution_height},
          from.metric_radius,
          extrinsics_from(from.extrinsics)};
}

}  // namespace

k4a_calibration_t api_calibration(const geometry::Calibration& calibration) {
  k4a_calibration_t api{};
  if (calibration.depth_mode != DepthMode::off) api.depth_camera_calibration = api_camera(calibration.depth);
  if (calibration.color_resolution != ColorResolution::off)
    api.color_camera_calibration = api_camera(calibration.color);
  for (std::size_t from = 0; from < geometry::kSensors; ++from)
    for (std::size_t to = 0; to < geometry::kSensors; ++to)
      api.extrinsics[from][to] = api_extrinsics(calibration.extrinsics[from][to]);
  api.depth_mode = static_cast<k4a_depth_mode_t>(calibration.depth_mode);
  api.color_resolution = static_cast<k4a_color_resolution_t>(calibration.color_resolution);
  return api;
}

Result<geometry::Calibration> calibration_from(const k4a_calibration_t& api) {
  geometry::Calibration calibration;
  GENLOCK_ASSIGN(calibration.depth_mode, depth_mode_from(api.depth_mode));
  GENLOCK_ASSIGN(calibration.color_resolution, color_resolution_from(api.color_resolution));
  calibration.depth = camera_from(api.depth_camera_calibration);
  calibration.color = camera_from(api.color_camera_calibration);
  for (std::size_t from = 0; from < geometry::kSensors; ++from)
    for (std::size_t to = 0; to < geometry::kSensors; ++to)
      calibration.extrinsics[from][to] = extrinsics_from(api.extrinsics[from][to]);
  return calibration;
}

Result<DepthMode> depth_mode_from(const k4a_depth_mode_t& mode) {
  const unsigned number = number_of(mode);
  if (number > K4A_DEPTH_MODE_PASSIVE_IR)
    return Error(Errc::invalid, fmt::format("depth mode {} does not exist", static_cast<int>(number)));
  return static_cast<DepthMode>(number);
}

Result<ColorResolution> color_resolution_from(const k4a_color_resolution_t& resolution) {
  const unsigned number = number_of(resolution);
  if (number > K4A_COLOR_RESOLUTION_3072P)
    return Error(Errc::invalid, fmt::format("colour resolution {} does not exist", static_cast<int>(number)));
  return static_cast<ColorResolution>(number);
}

Result<geometry::Sensor> sensor_from(const k4a_calibration_type_t& sensor) {
  const unsigned number = number_of(sensor);
  if (number > static_cast<unsigned>(K4A_CALIBRATION_TYPE_ACCEL))
    return Error(Errc::invalid, fmt::format("sensor {} does not exist", static_cast<int>(number)));
  return static_cast<geometry::Sensor>(number);
}

}  // namespace genlock::capi
