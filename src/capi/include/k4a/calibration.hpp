// Calibrations of libk4a.so.1.4 in C++11: points between the cameras, and whole images.
#ifndef K4A_CALIBRATION_HPP
#define K4A_CALIBRATION_HPP

#include <k4a/frames.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace k4a {

/// The C struct with its functions. Points without an answer give false.
struct calibration : public k4a_calibration_t {
  /// `raw` must end with a NUL that its size counts.
  static calibration get_from_raw(char* raw, size_t raw_size, k4a_depth_mode_t depth_mode,
                                  k4a_color_resolution_t color_resolution) {
    calibration made;
    detail::check(k4a_calibration_get_from_raw(raw, raw_size, depth_mode, color_resolution, &made),
                  "k4a_calibration_get_from_raw");
    return made;
  }
  static calibration get_from_raw(uint8_t* raw, size_t raw_size, k4a_depth_mode_t depth_mode,
                                  k4a_color_resolution_t color_resolution) {
    return get_from_raw(reinterpret_cast<char*>(raw), raw_size, depth_mode, color_resolution);
  }
  static calibration get_from_raw(std::vector<uint8_t>& raw, k4a_depth_mode_t depth_mode,
                                  k4a_color_resolution_t color_resolution) {
    return get_from_raw(raw.data(), raw.size(), depth_mode, color_resolution);
  }

  k4a_float3_t convert_3d_to_3d(const k4a_float3_t& source_point3d, k4a_calibration_type_t source_camera,
                                k4a_calibration_type_t target_camera) const {
    k4a_float3_t target;
    detail::check(k4a_calibration_3d_to_3d(this, &source_point3d, source_camera, target_camera, &target),
                  "k4a_calibration_3d_to_3d");
    return target;
  }
  bool convert_2d_to_3d(const k4a_float2_t& source_point2d, float source_depth,
                        k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera,
                        k4a_float3_t* target_point3d) const {
    int valid = 0;
    detail::check(k4a_calibration_2d_to_3d(this, &source_point2d, source_depth, source_camera, target_camera,
                                           target_point3d, &valid),
                  "k4a_calibration_2d_to_3d");
    return valid != 0;
  }
  bool convert_3d_to_2d(const k4a_float3_t& source_point3d, k4a_calibration_type_t source_camera,
                        k4a_calibration_type_t target_camera, k4a_float2_t* target_point2d) const {
    int valid = 0;
    detail::check(
        k4a_calibration_3d_to_2d(this, &source_point3d, source_camera, target_camera, target_point2d, &valid),
        "k4a_calibration_3d_to_2d");
    return valid != 0;
  }
  bool convert_2d_to_2d(const k4a_float2_t& source_point2d, float source_depth,
                        k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera,
                        k4a_float2_t* target_point2d) const {
    int valid = 0;
    detail::check(k4a_calibration_2d_to_2d(this, &source_point2d, source_depth, source_camera, target_camera,
                                           target_point2d, &valid),
                  "k4a_calibration_2d_to_2d");
    return valid != 0;
  }
  bool convert_color_2d_to_depth_2d(const k4a_float2_t& source_point2d, const image& depth_image,
                                    k4a_float2_t* target_point2d) const {
    int valid = 0;
    detail::check(k4a_calibration_color_2d_to_depth_2d(this, &source_point2d, depth_image.handle(),
                                                       target_point2d, &valid),
                  "k4a_calibration_color_2d_to_depth_2d");
    return valid != 0;
  }
};

/// A calibration made ready for whole images. Functions that return images make them of the right size; the
/// others fill images of that size.
class transformation {
 public:
  /// Takes the handle over. It does not tell the sizes of images: the functions that make some throw.
  transformation(k4a_transformation_t handle = nullptr) noexcept : handle_(handle) {}
  /// Invalid where the calibration is of no use; the log says why.
  transformation(const k4a_calibration_t& calibration) noexcept
      : handle_(k4a_transformation_create(&calibration)),
        color_size_(size_of(calibration.color_camera_calibration)),
        depth_size_(size_of(calibration.depth_camera_calibration)) {}
  transformation(const transformation&) = delete;
  transformation& operator=(const transformation&) = delete;
  transformation(transformation&& other) noexcept { swap(other); }
  transformation& operator=(transformation&& other) noexcept {
    swap(other);
    if (this != &other) other.destroy();
    return *this;
  }
  transformation& operator=(std::nullptr_t) noexcept {
    destroy();
    return *this;
  }
  ~transformation() { destroy(); }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  operator bool() const noexcept { return is_valid(); }
  k4a_transformation_t handle() const noexcept { return handle_; }

  void destroy() noexcept {
    if (handle_ != nullptr) k4a_transformation_destroy(handle_);
    handle_ = nullptr;
  }

  void depth_image_to_color_camera(const image& depth, image* transformed) const {
    detail::check(
        k4a_transformation_depth_image_to_color_camera(handle_, depth.handle(), transformed->handle()),
        "k4a_transformation_depth_image_to_color_camera");
  }
  image depth_image_to_color_camera(const image& depth) const {
    image made = image_of(K4A_IMAGE_FORMAT_DEPTH16, color_size_, 2);
    depth_image_to_color_camera(depth, &made);
    return made;
  }

  void depth_image_to_color_camera_custom(const image& depth, const image& custom, image* transformed_depth,
                                          image* transformed_custom,
                                          k4a_transformation_interpolation_type_t interpolation,
                                          uint32_t invalid_custom_value) const {
    detail::check(k4a_transformation_depth_image_to_color_camera_custom(
                      handle_, depth.handle(), custom.handle(), transformed_depth->handle(),
                      transformed_custom->handle(), interpolation, invalid_custom_value),
                  "k4a_transformation_depth_image_to_color_camera_custom");
  }
  /// Depth first, then the custom values, which are of 8 or 16 bits.
  std::pair<image, image> depth_image_to_color_camera_custom(
      const image& depth, const image& custom, k4a_transformation_interpolation_type_t interpolation,
      uint32_t invalid_custom_value) const {
    const k4a_image_format_t format = custom.get_format();
    std::pair<image, image> made(image_of(K4A_IMAGE_FORMAT_DEPTH16, color_size_, 2),
                                 image_of(format, color_size_, format == K4A_IMAGE_FORMAT_CUSTOM8 ? 1 : 2));
    depth_image_to_color_camera_custom(depth, custom, &made.first, &made.second, interpolation,
                                       invalid_custom_value);
    return made;
  }

  void color_image_to_depth_camera(const image& depth, const image& color, image* transformed) const {
    detail::check(k4a_transformation_color_image_to_depth_camera(handle_, depth.handle(), color.handle(),
                                                                 transformed->handle()),
                  "k4a_transformation_color_image_to_depth_camera");
  }
  image color_image_to_depth_camera(const image& depth, const image& color) const {
    image made = image_of(K4A_IMAGE_FORMAT_COLOR_BGRA32, depth_size_, 4);
    color_image_to_depth_camera(depth, color, &made);
    return made;
  }

  void depth_image_to_point_cloud(const image& depth, k4a_calibration_type_t camera, image* xyz) const {
    detail::check(
        k4a_transformation_depth_image_to_point_cloud(handle_, depth.handle(), camera, xyz->handle()),
        "k4a_transformation_depth_image_to_point_cloud");
  }
  /// Three values of 16 bits for each pixel.
  image depth_image_to_point_cloud(const image& depth, k4a_calibration_type_t camera) const {
    const std::pair<int, int>& size = camera == K4A_CALIBRATION_TYPE_COLOR ? color_size_ : depth_size_;
    image made = image_of(K4A_IMAGE_FORMAT_CUSTOM, size, 6);
    depth_image_to_point_cloud(depth, camera, &made);
    return made;
  }

 private:
  static std::pair<int, int> size_of(const k4a_calibration_camera_t& camera) {
    return std::make_pair(camera.resolution_width, camera.resolution_height);
  }
  static image image_of(k4a_image_format_t format, const std::pair<int, int>& size, int bytes_per_pixel) {
    return image::create(format, size.first, size.second, size.first * bytes_per_pixel);
  }

  void swap(transformation& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(color_size_, other.color_size_);
    std::swap(depth_size_, other.depth_size_);
  }

  k4a_transformation_t handle_ = nullptr;
  std::pair<int, int> color_size_{0, 0}, depth_size_{0, 0};
};

}  // namespace k4a

#endif
