#include <algorithm>
#include <optional>
#include <span>

#include "capi/common/guard.h"
#include "capi/k4a/calibration_types.h"
#include "capi/k4a/image_pixels.h"
#include "geometry/depth_search.h"
#include "geometry/points.h"
#include "k4a/k4a.h"

namespace genlock::capi {
namespace {

using geometry::Calibration;
using geometry::Point2;
using geometry::Point3;
using geometry::Sensor;

/// What all point functions take: a calibration and two sensors.
struct Way {
  Calibration calibration;
  Sensor from = Sensor::depth;
  Sensor to = Sensor::depth;
};

Result<Way> way(const k4a_calibration_t* calibration, k4a_calibration_type_t from,
                k4a_calibration_type_t to) {
  GENLOCK_TRY(check_pointer(calibration, "calibration"));
  Way way;
  GENLOCK_ASSIGN(way.calibration, calibration_from(*calibration));
  GENLOCK_ASSIGN(way.from, sensor_from(from));
  GENLOCK_ASSIGN(way.to, sensor_from(to));
  return way;
}

Point3 point(const k4a_float3_t& from) {
  return {from.xyz.x, from.xyz.y, from.xyz.z};
}

Point2 point(const k4a_float2_t& from) {
  return {from.xy.x, from.xy.y};
}

void give(const Point3& from, k4a_float3_t& to) {
  to = {{static_cast<float>(from.x), static_cast<float>(from.y), static_cast<float>(from.z)}};
}

void give(const Point2& from, k4a_float2_t& to) {
  to = {{static_cast<float>(from.x), static_cast<float>(from.y)}};
}

/// Where the target camera sees a point of its own frame: behind it (0, 0), beyond its lens nothing (facts
/// E3).
Status see(const Way& way, const Point3& seen, k4a_float2_t& pixel, int& valid) {
  GENLOCK_ASSIGN(const std::optional<Point2> found, point_3d_to_2d(way.calibration, seen, way.to, way.to));
  valid = found ? 1 : 0;
  if (found) give(*found, pixel);
  if (!(seen.z > 0)) give(Point2{}, pixel);
  return {};
}

Status from_raw(std::span<const char> raw, const k4a_depth_mode_t& depth_mode,
                const k4a_color_resolution_t& color_resolution, k4a_calibration_t& calibration) {
  const auto end = std::ranges::find(raw, '\0');
  if (end == raw.end())
    return Error(Errc::invalid, "the raw calibration has no terminating NUL within its size");
  GENLOCK_ASSIGN(const DepthMode depth, depth_mode_from(depth_mode));
  GENLOCK_ASSIGN(const ColorResolution color, color_resolution_from(color_resolution));
  GENLOCK_ASSIGN(const geometry::RawCalibration parsed, geometry::parse_calibration(std::as_bytes(raw)));
  GENLOCK_ASSIGN(const Calibration made, geometry::calibration_for(parsed, depth, color));
  calibration = api_calibration(made);
  return {};
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_calibration_get_from_raw(char* raw_calibration, size_t raw_calibration_size,
                                          const k4a_depth_mode_t depth_mode,
                                          const k4a_color_resolution_t color_resolution,
                                          k4a_calibration_t* calibration) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(raw_calibration, "raw_calibration"));
    GENLOCK_TRY(check_pointer(calibration, "calibration"));
    return from_raw({raw_calibration, raw_calibration_size}, depth_mode, color_resolution, *calibration);
  });
}

k4a_result_t k4a_calibration_3d_to_3d(const k4a_calibration_t* calibration,
                                      const k4a_float3_t* source_point3d_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float3_t* target_point3d_mm) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const Way along, way(calibration, source_camera, target_camera));
    GENLOCK_TRY(check_pointer(source_point3d_mm, "source_point3d_mm"));
    GENLOCK_TRY(check_pointer(target_point3d_mm, "target_point3d_mm"));
    GENLOCK_ASSIGN(const Point3 target,
                   point_3d_to_3d(along.calibration, point(*source_point3d_mm), along.from, along.to));
    give(target, *target_point3d_mm);
    return {};
  });
}

k4a_result_t k4a_calibration_2d_to_3d(const k4a_calibration_t* calibration,
                                      const k4a_float2_t* source_point2d, const float source_depth_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float3_t* target_point3d_mm, int* valid) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const Way along, way(calibration, source_camera, target_camera));
    GENLOCK_TRY(check_pointer(source_point2d, "source_point2d"));
    GENLOCK_TRY(check_pointer(target_point3d_mm, "target_point3d_mm"));
    GENLOCK_TRY(check_pointer(valid, "valid"));
    GENLOCK_ASSIGN(
        const std::optional<Point3> target,
        point_2d_to_3d(along.calibration, point(*source_point2d), source_depth_mm, along.from, along.to));
    *valid = target ? 1 : 0;
    if (target) give(*target, *target_point3d_mm);
    if (source_depth_mm == 0) give(Point3{}, *target_point3d_mm);
    return {};
  });
}

k4a_result_t k4a_calibration_3d_to_2d(const k4a_calibration_t* calibration,
                                      const k4a_float3_t* source_point3d_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float2_t* target_point2d, int* valid) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const Way along, way(calibration, source_camera, target_camera));
    GENLOCK_TRY(check_pointer(source_point3d_mm, "source_point3d_mm"));
    GENLOCK_TRY(check_pointer(target_point2d, "target_point2d"));
    GENLOCK_TRY(check_pointer(valid, "valid"));
    GENLOCK_ASSIGN(const Point3 seen,
                   point_3d_to_3d(along.calibration, point(*source_point3d_mm), along.from, along.to));
    return see(along, seen, *target_point2d, *valid);
  });
}

k4a_result_t k4a_calibration_2d_to_2d(const k4a_calibration_t* calibration,
                                      const k4a_float2_t* source_point2d, const float source_depth_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float2_t* target_point2d, int* valid) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const Way along, way(calibration, source_camera, target_camera));
    GENLOCK_TRY(check_pointer(source_point2d, "source_point2d"));
    GENLOCK_TRY(check_pointer(target_point2d, "target_point2d"));
    GENLOCK_TRY(check_pointer(valid, "valid"));
    if (along.from == along.to) {
      *target_point2d = *source_point2d;
      *valid = 1;
      return {};
    }
    GENLOCK_ASSIGN(const std::optional<Point3> seen, point_2d_to_3d(along.calibration, point(*source_point2d),
                                                                    source_depth_mm, along.from, along.to));
    if (seen) return see(along, *seen, *target_point2d, *valid);
    *valid = 0;
    return {};
  });
}

k4a_result_t k4a_calibration_color_2d_to_depth_2d(const k4a_calibration_t* calibration,
                                                  const k4a_float2_t* source_point2d,
                                                  const k4a_image_t depth_image, k4a_float2_t* target_point2d,
                                                  int* valid) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const Way along, way(calibration, K4A_CALIBRATION_TYPE_COLOR, K4A_CALIBRATION_TYPE_DEPTH));
    GENLOCK_TRY(check_pointer(source_point2d, "source_point2d"));
    GENLOCK_TRY(check_pointer(target_point2d, "target_point2d"));
    GENLOCK_TRY(check_pointer(valid, "valid"));
    const PixelRule rule{.name = "depth_image",
                         .formats = {K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_IR16,
                                     K4A_IMAGE_FORMAT_CUSTOM16, K4A_IMAGE_FORMAT_CUSTOM},
                         .bytes = 2,
                         .padded = true};
    GENLOCK_ASSIGN(const auto image,
                   checked_image(depth_image, rule, {Sensor::depth, along.calibration.depth.size}));
    GENLOCK_ASSIGN(const auto values, pixel_values<std::uint16_t>(*image, rule.name));
    GENLOCK_ASSIGN(const geometry::DepthMatch match,
                   find_depth_pixel(along.calibration, point(*source_point2d),
                                    {values, image->layout.stride / rule.bytes}));
    *valid = match.close ? 1 : 0;
    if (match.pixel) give(*match.pixel, *target_point2d);
    return {};
  });
}

}  // extern "C"
