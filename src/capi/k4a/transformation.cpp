#include "geometry/transformation.h"

#include "base/mutex.h"
#include "capi/common/enum_number.h"
#include "capi/common/guard.h"
#include "capi/common/handle_table.h"
#include "capi/k4a/calibration_types.h"
#include "capi/k4a/image_pixels.h"
#include "k4a/k4a.h"

namespace genlock::capi {
namespace {

using geometry::Interpolation;
using geometry::Sensor;
using geometry::Transformation;

/// What a k4a_transformation_t stands for. Calls on one handle wait for each other.
struct ApiTransformation {
  explicit ApiTransformation(Transformation made) : transformation(std::move(made)) {}

  Mutex mutex;
  Transformation transformation GENLOCK_GUARDED_BY(mutex);
};

using TransformationTable = HandleTable<k4a_transformation_t, ApiTransformation>;

TransformationTable& transformations() {
  static TransformationTable& table = *new TransformationTable(HandleKind::transformation, "transformation");
  return table;
}

/// An image together with its pixels.
template <class Value>
struct Pixels {
  std::shared_ptr<ApiImage> image;
  std::span<Value> values;
};

template <class Value>
Result<Pixels<Value>> pixels(k4a_image_t handle, const PixelRule& rule, const ImageCamera& camera) {
  Pixels<Value> result;
  GENLOCK_ASSIGN(result.image, checked_image(handle, rule, camera));
  GENLOCK_ASSIGN(result.values, pixel_values<Value>(*result.image, rule.name));
  return result;
}

Result<Pixels<std::uint16_t>> depth_pixels(k4a_image_t handle, const char* name, const ImageCamera& camera) {
  return pixels<std::uint16_t>(handle, {name, {K4A_IMAGE_FORMAT_DEPTH16}, 2}, camera);
}

ImageCamera camera_of(const Transformation& transformation, Sensor sensor) {
  return {sensor, transformation.size(sensor)};
}

/// What k4a_transformation_depth_image_to_color_camera_custom takes.
struct CustomCall {
  k4a_image_t depth, custom, transformed_depth, transformed_custom;
  Interpolation interpolation;
  std::uint32_t invalid;
};

template <class Value>
Status transform_custom(Transformation& transformation, const CustomCall& call, k4a_image_format_t format) {
  const ImageCamera from = camera_of(transformation, Sensor::depth);
  const ImageCamera to = camera_of(transformation, Sensor::color);
  constexpr int kBytes = sizeof(Value);
  GENLOCK_ASSIGN(const auto depth, depth_pixels(call.depth, "depth_image", from));
  GENLOCK_ASSIGN(const auto custom, pixels<Value>(call.custom, {"custom_image", {format}, kBytes}, from));
  GENLOCK_ASSIGN(const auto out, depth_pixels(call.transformed_depth, "transformed_depth_image", to));
  GENLOCK_ASSIGN(const auto out_custom,
                 pixels<Value>(call.transformed_custom, {"transformed_custom_image", {format}, kBytes}, to));
  return transformation.depth_to_color<Value>(
      depth.values, out.values,
      {custom.values, out_custom.values, call.interpolation, static_cast<Value>(call.invalid)});
}

Status transform_custom(Transformation& transformation, const CustomCall& call) {
  GENLOCK_ASSIGN(const std::shared_ptr<ApiImage> custom, images().find(call.custom).context("custom_image"));
  if (custom->layout.format == K4A_IMAGE_FORMAT_CUSTOM8)
    return transform_custom<std::uint8_t>(transformation, call, K4A_IMAGE_FORMAT_CUSTOM8);
  return transform_custom<std::uint16_t>(transformation, call, K4A_IMAGE_FORMAT_CUSTOM16);
}

Status make_point_cloud(Transformation& transformation, k4a_image_t depth_image, Sensor camera,
                        k4a_image_t xyz_image) {
  if (camera != Sensor::depth && camera != Sensor::color)
    return Error(Errc::invalid, "point clouds are of the depth or the colour camera");
  const ImageCamera of = camera_of(transformation, camera);
  GENLOCK_ASSIGN(const auto depth, depth_pixels(depth_image, "depth_image", of));
  GENLOCK_ASSIGN(const auto xyz, pixels<std::int16_t>(xyz_image, {"xyz_image", {}, 6}, of));
  return transformation.point_cloud(camera, depth.values, xyz.values);
}

/// Calls `body` with the transformation behind a handle.
template <class Body>
k4a_result_t with(const char* function, k4a_transformation_t handle, Body body,
                  Where where = Where::here()) noexcept {
  const auto call = [&]() -> Status {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiTransformation> found, transformations().find(handle));
    MutexLock lock(found->mutex);
    return body(found->transformation);
  };
  return guarded_result(function, call, where);
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_transformation_t k4a_transformation_create(const k4a_calibration_t* calibration) {
  const auto body = [&]() -> Result<k4a_transformation_t> {
    GENLOCK_TRY(check_pointer(calibration, "calibration"));
    GENLOCK_ASSIGN(const geometry::Calibration own, calibration_from(*calibration));
    GENLOCK_ASSIGN(Transformation made, Transformation::create(own));
    return transformations().add(std::make_shared<ApiTransformation>(std::move(made)));
  };
  return guarded<k4a_transformation_t>(__func__, nullptr, body);
}

void k4a_transformation_destroy(k4a_transformation_t transformation_handle) {
  if (transformation_handle == nullptr) return;
  guarded_void(__func__, [&] { return transformations().release(transformation_handle); });
}

k4a_result_t k4a_transformation_depth_image_to_color_camera(k4a_transformation_t transformation_handle,
                                                            const k4a_image_t depth_image,
                                                            k4a_image_t transformed_depth_image) {
  return with(__func__, transformation_handle, [&](Transformation& transformation) -> Status {
    GENLOCK_ASSIGN(const auto depth,
                   depth_pixels(depth_image, "depth_image", camera_of(transformation, Sensor::depth)));
    GENLOCK_ASSIGN(const auto out, depth_pixels(transformed_depth_image, "transformed_depth_image",
                                                camera_of(transformation, Sensor::color)));
    return transformation.depth_to_color(depth.values, out.values);
  });
}

k4a_result_t k4a_transformation_depth_image_to_color_camera_custom(
    k4a_transformation_t transformation_handle, const k4a_image_t depth_image, const k4a_image_t custom_image,
    k4a_image_t transformed_depth_image, k4a_image_t transformed_custom_image,
    k4a_transformation_interpolation_type_t interpolation_type, uint32_t invalid_custom_value) {
  return with(__func__, transformation_handle, [&](Transformation& transformation) -> Status {
    const unsigned interpolation = number_of(interpolation_type);
    if (interpolation > K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR)
      return Error(Errc::invalid, "interpolation_type is neither nearest nor linear");
    return transform_custom(transformation,
                            {depth_image, custom_image, transformed_depth_image, transformed_custom_image,
                             static_cast<Interpolation>(interpolation), invalid_custom_value});
  });
}

k4a_result_t k4a_transformation_color_image_to_depth_camera(k4a_transformation_t transformation_handle,
                                                            const k4a_image_t depth_image,
                                                            const k4a_image_t color_image,
                                                            k4a_image_t transformed_color_image) {
  return with(__func__, transformation_handle, [&](Transformation& transformation) -> Status {
    const ImageCamera of = camera_of(transformation, Sensor::depth);
    GENLOCK_ASSIGN(const auto depth, depth_pixels(depth_image, "depth_image", of));
    GENLOCK_ASSIGN(const auto color,
                   pixels<std::uint32_t>(color_image, {"color_image", {K4A_IMAGE_FORMAT_COLOR_BGRA32}, 4},
                                         camera_of(transformation, Sensor::color)));
    GENLOCK_ASSIGN(const auto out, pixels<std::uint32_t>(
                                       transformed_color_image,
                                       {"transformed_color_image", {K4A_IMAGE_FORMAT_COLOR_BGRA32}, 4}, of));
    return transformation.color_to_depth(depth.values, color.values, out.values);
  });
}

k4a_result_t k4a_transformation_depth_image_to_point_cloud(k4a_transformation_t transformation_handle,
                                                           const k4a_image_t depth_image,
                                                           const k4a_calibration_type_t camera,
                                                           k4a_image_t xyz_image) {
  return with(__func__, transformation_handle, [&](Transformation& transformation) -> Status {
    GENLOCK_ASSIGN(const Sensor sensor, sensor_from(camera));
    return make_point_cloud(transformation, depth_image, sensor, xyz_image);
  });
}

}  // extern "C"
