// libk4a.so.1.4 in C++11: handles that release themselves, failures as exceptions.
#ifndef K4A_HPP
#define K4A_HPP

#include <k4a/calibration.hpp>
#include <k4a/frames.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace k4a {

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
  operator bool() const noexcept { return is_valid(); }
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

  /// False once so much time has passed, which is for ever where it is negative or not given; `taken` is left
  /// alone then.
  bool get_capture(capture* taken, std::chrono::milliseconds timeout) const {
    k4a_capture_t handle = nullptr;
    if (!arrived(k4a_device_get_capture(handle_, &handle, count(timeout)), "k4a_device_get_capture"))
      return false;
    if (handle == nullptr) return false;  // Some libraries wake up with nothing, once in a while.
    *taken = capture(handle);
    return true;
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
  /// As many milliseconds as the C functions can count, which is 24 days.
  static int32_t count(std::chrono::milliseconds timeout) noexcept {
    if (timeout.count() < 0) return K4A_WAIT_INFINITE;
    return timeout.count() < INT32_MAX ? static_cast<int32_t>(timeout.count()) : INT32_MAX;
  }
  static bool arrived(k4a_wait_result_t result, const char* call) {
    if (result == K4A_WAIT_RESULT_FAILED) throw error(std::string(call) + " failed");
    return result == K4A_WAIT_RESULT_SUCCEEDED;
  }

  k4a_device_t handle_;
};

}  // namespace k4a

#endif
