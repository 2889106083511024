// Frames of libk4a.so.1.4 in C++11: images and captures that release themselves, failures as exceptions.
#ifndef K4A_FRAMES_HPP
#define K4A_FRAMES_HPP

#include <k4a/k4a.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

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
  operator bool() const noexcept { return is_valid(); }
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

}  // namespace k4a

#endif
