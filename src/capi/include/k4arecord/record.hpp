// Recording with libk4arecord.so.1.4 in C++11: a recording that closes itself, failures as exceptions.
#ifndef K4A_RECORD_HPP
#define K4A_RECORD_HPP

#include <k4arecord/record.h>
#include <k4a/k4a.hpp>

#include <utility>

namespace k4a {

class record {
 public:
  /// Takes the handle over.
  record(k4a_record_t handle = nullptr) noexcept : handle_(handle) {}
  record(const record&) = delete;
  record& operator=(const record&) = delete;
  record(record&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  record& operator=(record&& other) noexcept {
    std::swap(handle_, other.handle_);
    if (this != &other) other.close();
    return *this;
  }
  ~record() { close(); }

  /// `device` may be null.
  static record create(const char* path, k4a_device_t device,
                       const k4a_device_configuration_t& configuration) {
    k4a_record_t made = nullptr;
    detail::check(k4a_record_create(path, device, configuration, &made), "k4a_record_create");
    return record(made);
  }

  /// The same for any class with a handle().
  template <class Device, class = decltype(std::declval<const Device&>().handle())>
  static record create(const char* path, const Device& device,
                       const k4a_device_configuration_t& configuration) {
    return create(path, device.handle(), configuration);
  }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  operator bool() const noexcept { return is_valid(); }
  k4a_record_t handle() const noexcept { return handle_; }

  void close() noexcept {
    if (handle_ != nullptr) k4a_record_close(handle_);
    handle_ = nullptr;
  }
  void flush() { detail::check(k4a_record_flush(handle_), "k4a_record_flush"); }

  void add_tag(const char* name, const char* value) {
    detail::check(k4a_record_add_tag(handle_, name, value), "k4a_record_add_tag");
  }
  void add_imu_track() { detail::check(k4a_record_add_imu_track(handle_), "k4a_record_add_imu_track"); }
  void add_attachment(const char* attachment_name, const uint8_t* buffer, size_t buffer_size) {
    detail::check(k4a_record_add_attachment(handle_, attachment_name, buffer, buffer_size),
                  "k4a_record_add_attachment");
  }
  void add_custom_video_track(const char* track_name, const char* codec_id, const uint8_t* codec_context,
                              size_t codec_context_size, const k4a_record_video_settings_t* track_settings) {
    detail::check(k4a_record_add_custom_video_track(handle_, track_name, codec_id, codec_context,
                                                    codec_context_size, track_settings),
                  "k4a_record_add_custom_video_track");
  }
  void add_custom_subtitle_track(const char* track_name, const char* codec_id, const uint8_t* codec_context,
                                 size_t codec_context_size,
                                 const k4a_record_subtitle_settings_t* track_settings) {
    detail::check(k4a_record_add_custom_subtitle_track(handle_, track_name, codec_id, codec_context,
                                                       codec_context_size, track_settings),
                  "k4a_record_add_custom_subtitle_track");
  }

  void write_header() { detail::check(k4a_record_write_header(handle_), "k4a_record_write_header"); }
  void write_capture(const capture& capture) {
    detail::check(k4a_record_write_capture(handle_, capture.handle()), "k4a_record_write_capture");
  }
  void write_imu_sample(const k4a_imu_sample_t& imu_sample) {
    detail::check(k4a_record_write_imu_sample(handle_, imu_sample), "k4a_record_write_imu_sample");
  }
  void write_custom_track_data(const char* track_name, std::chrono::microseconds device_timestamp_usec,
                               uint8_t* custom_data, size_t custom_data_size) {
    detail::check(k4a_record_write_custom_track_data(handle_, track_name,
                                                     static_cast<uint64_t>(device_timestamp_usec.count()),
                                                     custom_data, custom_data_size),
                  "k4a_record_write_custom_track_data");
  }

 private:
  k4a_record_t handle_;
};

}  // namespace k4a

#endif
