// libk4a.so.1.4 in C++11: handles that release themselves, failures as exceptions.
#ifndef K4A_HPP
#define K4A_HPP

#include <k4a/k4a.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace k4a {

/// A call failed; the log says why.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

/// Turns a failure into an exception; `call` names what failed.
inline void check(k4a_result_t result, const char* call) {
  if (K4A_FAILED(result)) throw error(std::string(call) + " failed");
}

/// What a sized getter gives, asked for its size first. `get` takes a buffer and a pointer to its size.
template <class Container, class Get>
Container sized(const Get& get, const char* call) {
  size_t size = 0;
  k4a_buffer_result_t result = get(nullptr, &size);
  Container data;
  if (result == K4A_BUFFER_RESULT_TOO_SMALL) {
    data.resize(size + 1);  // Never empty, so that there is an address.
    result = get(&data[0], &size);
    data.resize(size);
  }
  if (result != K4A_BUFFER_RESULT_SUCCEEDED) throw error(std::string(call) + " failed");
  return data;
}

/// The same for text, without its NUL.
template <class Get>
std::string sized_text(const Get& get, const char* call) {
  std::string text = sized<std::string>(get, call);
  if (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

/// A counted handle: copies share, the last one releases. `Reference` and `Release` may take null.
template <class Handle, void (*Reference)(Handle), void (*Release)(Handle)>
class counted {
 public:
  counted(Handle handle = nullptr) noexcept : handle_(handle) {}
  counted(const counted& other) noexcept : handle_(other.handle_) {
    if (handle_ != nullptr) Reference(handle_);
  }
  counted(counted&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  counted& operator=(const counted& other) noexcept {
    counted copy(other);
    swap(copy);
    return *this;
  }
  counted& operator=(counted&& other) noexcept {
    counted taken(static_cast<counted&&>(other));
    swap(taken);
    return *this;
  }
  counted& operator=(std::nullptr_t) noexcept {
    reset();
    return *this;
  }
  ~counted() { reset(); }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  explicit operator bool() const noexcept { return is_valid(); }
  bool operator==(const counted& other) const noexcept { return handle_ == other.handle_; }
  bool operator!=(const counted& other) const noexcept { return handle_ != other.handle_; }
  bool operator==(std::nullptr_t) const noexcept { return handle_ == nullptr; }
  bool operator!=(std::nullptr_t) const noexcept { return handle_ != nullptr; }

  /// Still owned by this object.
  Handle handle() const noexcept { return handle_; }

  /// Gives the reference up.
  void reset() noexcept {
    if (handle_ != nullptr) Release(handle_);
    handle_ = nullptr;
  }

 private:
  void swap(counted& other) noexcept {
    const Handle mine = handle_;
    handle_ = other.handle_;
    other.handle_ = mine;
  }

  Handle handle_;
};

}  // namespace detail

/// Takes over the reference of the handle it is made from.
class image : public detail::counted<k4a_image_t, k4a_image_reference, k4a_image_release> {
 public:
  using counted::counted;
  using counted::operator=;

  static image create(k4a_image_format_t format, int width_pixels, int height_pixels, int stride_bytes) {
    k4a_image_t made = nullptr;
    detail::check(k4a_image_create(format, width_pixels, height_pixels, stride_bytes, &made),
                  "k4a_image_create");
    return image(made);
  }
  static image create_from_buffer(k4a_image_format_t format, int width_pixels, int height_pixels,
                                  int stride_bytes, uint8_t* buffer, size_t buffer_size,
                                  k4a_memory_destroy_cb_t* buffer_release_cb,
                                  void* buffer_release_cb_context) {
    k4a_image_t made = nullptr;
    detail::check(
        k4a_image_create_from_buffer(format, width_pixels, height_pixels, stride_bytes, buffer, buffer_size,
                                     buffer_release_cb, buffer_release_cb_context, &made),
        "k4a_image_create_from_buffer");
    return image(made);
  }

  uint8_t* get_buffer() noexcept { return k4a_image_get_buffer(handle()); }
  const uint8_t* get_buffer() const noexcept { return k4a_image_get_buffer(handle()); }
  size_t get_size() const noexcept { return k4a_image_get_size(handle()); }
  k4a_image_format_t get_format() const noexcept { return k4a_image_get_format(handle()); }
  int get_width_pixels() const noexcept { return k4a_image_get_width_pixels(handle()); }
  int get_height_pixels() const noexcept { return k4a_image_get_height_pixels(handle()); }
  int get_stride_bytes() const noexcept { return k4a_image_get_stride_bytes(handle()); }

  std::chrono::microseconds get_device_timestamp() const noexcept {
    return std::chrono::microseconds(k4a_image_get_device_timestamp_usec(handle()));
  }
  std::chrono::nanoseconds get_system_timestamp() const noexcept {
    return std::chrono::nanoseconds(k4a_image_get_system_timestamp_nsec(handle()));
  }
  std::chrono::microseconds get_exposure() const noexcept {
    return std::chrono::microseconds(k4a_image_get_exposure_usec(handle()));
  }
  uint32_t get_white_balance() const noexcept { return k4a_image_get_white_balance(handle()); }
  uint32_t get_iso_speed() const noexcept { return k4a_image_get_iso_speed(handle()); }

  /// The device timestamp.
  void set_timestamp(std::chrono::microseconds timestamp) noexcept {
    k4a_image_set_device_timestamp_usec(handle(), static_cast<uint64_t>(timestamp.count()));
  }
  void set_system_timestamp(std::chrono::nanoseconds timestamp) noexcept {
    k4a_image_set_system_timestamp_nsec(handle(), static_cast<uint64_t>(timestamp.count()));
  }
  void set_exposure_time(std::chrono::microseconds exposure) noexcept {
    k4a_image_set_exposure_usec(handle(), static_cast<uint64_t>(exposure.count()));
  }
  void set_white_balance(uint32_t white_balance) noexcept {
    k4a_image_set_white_balance(handle(), white_balance);
  }
  void set_iso_speed(uint32_t iso_speed) noexcept { k4a_image_set_iso_speed(handle(), iso_speed); }
};

/// Takes over the reference of the handle it is made from.
class capture : public detail::counted<k4a_capture_t, k4a_capture_reference, k4a_capture_release> {
 public:
  using counted::counted;
  using counted::operator=;

  static capture create() {
    k4a_capture_t made = nullptr;
    detail::check(k4a_capture_create(&made), "k4a_capture_create");
    return capture(made);
  }

  /// Invalid images where there are none.
  image get_color_image() const noexcept { return image(k4a_capture_get_color_image(handle())); }
  image get_depth_image() const noexcept { return image(k4a_capture_get_depth_image(handle())); }
  image get_ir_image() const noexcept { return image(k4a_capture_get_ir_image(handle())); }
  void set_color_image(const image& color) noexcept { k4a_capture_set_color_image(handle(), color.handle()); }
  void set_depth_image(const image& depth) noexcept { k4a_capture_set_depth_image(handle(), depth.handle()); }
  void set_ir_image(const image& ir) noexcept { k4a_capture_set_ir_image(handle(), ir.handle()); }
  float get_temperature_c() const noexcept { return k4a_capture_get_temperature_c(handle()); }
  void set_temperature_c(float temperature_c) noexcept {
    k4a_capture_set_temperature_c(handle(), temperature_c);
  }
};

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
  transformation(std::nullptr_t = nullptr) noexcept {}
  transformation(const k4a_calibration_t& calibration)
      : handle_(k4a_transformation_create(&calibration)),
        color_size_(size_of(calibration.color_camera_calibration)),
        depth_size_(size_of(calibration.depth_camera_calibration)) {
    if (handle_ == nullptr) throw error("k4a_transformation_create failed");
  }
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
  explicit operator bool() const noexcept { return is_valid(); }
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

/// An open unit, which closes itself.
class device {
 public:
  /// Takes the handle over.
  device(k4a_device_t handle = nullptr) noexcept : handle_(handle) {}
  device(const device&) = delete;
  device& operator=(const device&) = delete;
  device(device&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  device& operator=(device&& other) noexcept {
    std::swap(handle_, other.handle_);
    if (this != &other) other.close();
    return *this;
  }
  ~device() { close(); }

  static uint32_t get_installed_count() noexcept { return k4a_device_get_installed_count(); }
  static device open(uint32_t index) {
    k4a_device_t made = nullptr;
    detail::check(k4a_device_open(index, &made), "k4a_device_open");
    return device(made);
  }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  explicit operator bool() const noexcept { return is_valid(); }
  k4a_device_t handle() const noexcept { return handle_; }

  void close() noexcept {
    if (handle_ != nullptr) k4a_device_close(handle_);
    handle_ = nullptr;
  }

  void start_cameras(const k4a_device_configuration_t* configuration) const {
    detail::check(k4a_device_start_cameras(handle_, configuration), "k4a_device_start_cameras");
  }
  void stop_cameras() const noexcept { k4a_device_stop_cameras(handle_); }
  void start_imu() const { detail::check(k4a_device_start_imu(handle_), "k4a_device_start_imu"); }
  void stop_imu() const noexcept { k4a_device_stop_imu(handle_); }

  /// False once so much time has passed, which is for ever where it is negative or not given.
  bool get_capture(capture* taken, std::chrono::milliseconds timeout) const {
    k4a_capture_t handle = nullptr;
    if (!arrived(k4a_device_get_capture(handle_, &handle, count(timeout)), "k4a_device_get_capture"))
      return false;
    *taken = capture(handle);
    return handle != nullptr;  // Some libraries wake up with nothing, once in a while.
  }
  bool get_capture(capture* taken) const {
    return get_capture(taken, std::chrono::milliseconds(K4A_WAIT_INFINITE));
  }
  bool get_imu_sample(k4a_imu_sample_t* sample, std::chrono::milliseconds timeout) const {
    return arrived(k4a_device_get_imu_sample(handle_, sample, count(timeout)), "k4a_device_get_imu_sample");
  }
  bool get_imu_sample(k4a_imu_sample_t* sample) const {
    return get_imu_sample(sample, std::chrono::milliseconds(K4A_WAIT_INFINITE));
  }

  std::string get_serialnum() const {
    return detail::sized_text(
        [&](char* text, size_t* size) { return k4a_device_get_serialnum(handle_, text, size); },
        "k4a_device_get_serialnum");
  }
  k4a_hardware_version_t get_version() const {
    k4a_hardware_version_t version;
    detail::check(k4a_device_get_version(handle_, &version), "k4a_device_get_version");
    return version;
  }
  bool is_sync_in_connected() const {
    bool connected = false;
    detail::check(k4a_device_get_sync_jack(handle_, &connected, nullptr), "k4a_device_get_sync_jack");
    return connected;
  }
  bool is_sync_out_connected() const {
    bool connected = false;
    detail::check(k4a_device_get_sync_jack(handle_, nullptr, &connected), "k4a_device_get_sync_jack");
    return connected;
  }

  void get_color_control_capabilities(k4a_color_control_command_t command, bool* supports_auto,
                                      int32_t* min_value, int32_t* max_value, int32_t* step_value,
                                      int32_t* default_value, k4a_color_control_mode_t* default_mode) const {
    detail::check(
        k4a_device_get_color_control_capabilities(handle_, command, supports_auto, min_value, max_value,
                                                  step_value, default_value, default_mode),
        "k4a_device_get_color_control_capabilities");
  }
  void get_color_control(k4a_color_control_command_t command, k4a_color_control_mode_t* mode,
                         int32_t* value) const {
    detail::check(k4a_device_get_color_control(handle_, command, mode, value),
                  "k4a_device_get_color_control");
  }
  void set_color_control(k4a_color_control_command_t command, k4a_color_control_mode_t mode,
                         int32_t value) const {
    detail::check(k4a_device_set_color_control(handle_, command, mode, value),
                  "k4a_device_set_color_control");
  }

  std::vector<uint8_t> get_raw_calibration() const {
    return detail::sized<std::vector<uint8_t>>(
        [&](uint8_t* bytes, size_t* size) { return k4a_device_get_raw_calibration(handle_, bytes, size); },
        "k4a_device_get_raw_calibration");
  }
  calibration get_calibration(k4a_depth_mode_t depth_mode, k4a_color_resolution_t color_resolution) const {
    calibration made;
    detail::check(k4a_device_get_calibration(handle_, depth_mode, color_resolution, &made),
                  "k4a_device_get_calibration");
    return made;
  }

 private:
  static int32_t count(std::chrono::milliseconds timeout) noexcept {
    return static_cast<int32_t>(timeout.count());
  }
  static bool arrived(k4a_wait_result_t result, const char* call) {
    if (result == K4A_WAIT_RESULT_FAILED) throw error(std::string(call) + " failed");
    return result == K4A_WAIT_RESULT_SUCCEEDED;
  }

  k4a_device_t handle_;
};

}  // namespace k4a

#endif
