#include "geometry/points.h"

#include <fmt/core.h>

#include "geometry/lens.h"

namespace genlock::geometry {
namespace {

constexpr std::string_view name(Sensor sensor) {
  constexpr std::array<std::string_view, kSensors> kNames{"depth camera", "colour camera", "gyroscope",
                                                          "accelerometer"};
  return kNames[static_cast<std::size_t>(sensor)];
}

Status check_usable(const Calibration& calibration, Sensor sensor) {
  if (static_cast<std::size_t>(sensor) >= kSensors)
    return Error(Errc::invalid, "calibration: no such sensor");
  const bool off = (sensor == Sensor::depth && calibration.depth_mode == DepthMode::off) ||
                   (sensor == Sensor::color && calibration.color_resolution == ColorResolution::off);
  if (off) return Error(Errc::invalid, fmt::format("calibration: the {} is off", name(sensor)));
  return {};
}

Status check_camera(const Calibration& calibration, Sensor sensor) {
  GENLOCK_TRY(check_usable(calibration, sensor));
  if (sensor != Sensor::depth && sensor != Sensor::color)
    return Error(Errc::invalid, fmt::format("calibration: the {} has no pixels", name(sensor)));
  return check_lens(calibration.camera(sensor).intrinsics).context(name(sensor));
}

}  // namespace

Result<Point3> point_3d_to_3d(const Calibration& calibration, const Point3& point, Sensor from, Sensor to) {
  GENLOCK_TRY(check_usable(calibration, from));
  GENLOCK_TRY(check_usable(calibration, to));
  if (from == to) return point;
  return apply(calibration.extrinsics[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)], point);
}

Result<std::optional<Point3>> point_2d_to_3d(const Calibration& calibration, Point2 pixel, double z_mm,
                                             Sensor from, Sensor to) {
  GENLOCK_TRY(check_camera(calibration, from));
  GENLOCK_TRY(check_usable(calibration, to));
  if (z_mm == 0) return std::optional<Point3>();
  const auto ray = unproject(calibration.camera(from), pixel);
  if (!ray) return std::optional<Point3>();
  GENLOCK_ASSIGN(const Point3 point,
                 point_3d_to_3d(calibration, {ray->x * z_mm, ray->y * z_mm, z_mm}, from, to));
  return std::optional<Point3>(point);
}

Result<std::optional<Point2>> point_3d_to_2d(const Calibration& calibration, const Point3& point, Sensor from,
                                             Sensor to) {
  GENLOCK_TRY(check_camera(calibration, to));
  GENLOCK_ASSIGN(const Point3 seen, point_3d_to_3d(calibration, point, from, to));
  return project(calibration.camera(to), seen);
}

Result<std::optional<Point2>> point_2d_to_2d(const Calibration& calibration, Point2 pixel, double z_mm,
                                             Sensor from, Sensor to) {
  GENLOCK_TRY(check_camera(calibration, from));
  if (from == to) return std::optional<Point2>(pixel);
  GENLOCK_TRY(check_camera(calibration, to));
  GENLOCK_ASSIGN(const std::optional<Point3> point, point_2d_to_3d(calibration, pixel, z_mm, from, to));
  if (!point) return std::optional<Point2>();
  return project(calibration.camera(to), *point);
}

}  // namespace genlock::geometry
