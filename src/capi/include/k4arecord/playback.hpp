// Reading recordings with libk4arecord.so.1.4 in C++11: handles that end themselves, failures as exceptions,
// the end of a track as false.
#ifndef K4A_PLAYBACK_HPP
#define K4A_PLAYBACK_HPP

#include <k4arecord/playback.h>
#include <k4a/k4a.hpp>

#include <utility>

namespace k4a {

/// Data of a custom track. Outlives its playback.
class data_block {
 public:
  /// Takes the handle over.
  data_block(k4a_playback_data_block_t handle = nullptr) noexcept : handle_(handle) {}
  data_block(const data_block&) = delete;
  data_block& operator=(const data_block&) = delete;
  data_block(data_block&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  data_block& operator=(data_block&& other) noexcept {
    std::swap(handle_, other.handle_);
    if (this != &other) other.reset();
    return *this;
  }
  ~data_block() { reset(); }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  operator bool() const noexcept { return is_valid(); }
  k4a_playback_data_block_t handle() const noexcept { return handle_; }
  void reset() noexcept {
    if (handle_ != nullptr) k4a_playback_data_block_release(handle_);
    handle_ = nullptr;
  }

  std::chrono::microseconds get_device_timestamp_usec() const noexcept {
    return std::chrono::microseconds(k4a_playback_data_block_get_device_timestamp_usec(handle_));
  }
  size_t get_buffer_size() const noexcept { return k4a_playback_data_block_get_buffer_size(handle_); }
  uint8_t* get_buffer() noexcept { return k4a_playback_data_block_get_buffer(handle_); }
  const uint8_t* get_buffer() const noexcept { return k4a_playback_data_block_get_buffer(handle_); }

 private:
  k4a_playback_data_block_t handle_;
};

namespace detail {

/// True for data, false at the end of a track, an exception otherwise.
inline bool more(k4a_stream_result_t result, const char* call) {
  if (result == K4A_STREAM_RESULT_FAILED) throw error(std::string(call) + " failed");
  return result == K4A_STREAM_RESULT_SUCCEEDED;
}

}  // namespace detail

class playback {
 public:
  /// Takes the handle over.
  playback(k4a_playback_t handle = nullptr) noexcept : handle_(handle) {}
  playback(const playback&) = delete;
  playback& operator=(const playback&) = delete;
  playback(playback&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  playback& operator=(playback&& other) noexcept {
    std::swap(handle_, other.handle_);
    if (this != &other) other.close();
    return *this;
  }
  ~playback() { close(); }

  static playback open(const char* path) {
    k4a_playback_t opened = nullptr;
    detail::check(k4a_playback_open(path, &opened), "k4a_playback_open");
    return playback(opened);
  }

  bool is_valid() const noexcept { return handle_ != nullptr; }
  operator bool() const noexcept { return is_valid(); }
  k4a_playback_t handle() const noexcept { return handle_; }
  void close() noexcept {
    if (handle_ != nullptr) k4a_playback_close(handle_);
    handle_ = nullptr;
  }

  std::vector<uint8_t> get_raw_calibration() const {
    return detail::sized<std::vector<uint8_t>>(
        [this](uint8_t* data, size_t* size) { return k4a_playback_get_raw_calibration(handle_, data, size); },
        "k4a_playback_get_raw_calibration");
  }
  calibration get_calibration() const {
    calibration found;
    detail::check(k4a_playback_get_calibration(handle_, &found), "k4a_playback_get_calibration");
    return found;
  }
  k4a_record_configuration_t get_record_configuration() const {
    k4a_record_configuration_t found;
    detail::check(k4a_playback_get_record_configuration(handle_, &found),
                  "k4a_playback_get_record_configuration");
    return found;
  }
  std::chrono::microseconds get_recording_length() const noexcept {
    return std::chrono::microseconds(k4a_playback_get_recording_length_usec(handle_));
  }

  /// False where there is no such tag.
  bool get_tag(const char* name, std::string* value) const {
    size_t size = 0;
    if (k4a_playback_get_tag(handle_, name, nullptr, &size) == K4A_BUFFER_RESULT_FAILED) return false;
    *value = detail::sized_text(
        [&](char* text, size_t* bytes) { return k4a_playback_get_tag(handle_, name, text, bytes); },
        "k4a_playback_get_tag");
    return true;
  }

  /// False where there is no such attachment.
  bool get_attachment(const char* attachment, std::vector<uint8_t>* data) const {
    size_t size = 0;
    if (k4a_playback_get_attachment(handle_, attachment, nullptr, &size) == K4A_BUFFER_RESULT_FAILED)
      return false;
    *data = detail::sized<std::vector<uint8_t>>(
        [&](uint8_t* bytes, size_t* count) {
          return k4a_playback_get_attachment(handle_, attachment, bytes, count);
        },
        "k4a_playback_get_attachment");
    return true;
  }

  size_t get_track_count() const noexcept { return k4a_playback_get_track_count(handle_); }
  std::string get_track_name(size_t track) const {
    return detail::sized_text(
        [&](char* name, size_t* size) { return k4a_playback_get_track_name(handle_, track, name, size); },
        "k4a_playback_get_track_name");
  }
  bool check_track_exists(const char* track) const noexcept {
    return k4a_playback_check_track_exists(handle_, track);
  }
  bool is_track_builtin(const char* track) const noexcept {
    return k4a_playback_track_is_builtin(handle_, track);
  }
  k4a_record_video_settings_t get_track_video_settings(const char* track) const {
    k4a_record_video_settings_t found;
    detail::check(k4a_playback_track_get_video_settings(handle_, track, &found),
                  "k4a_playback_track_get_video_settings");
    return found;
  }
  std::string get_track_codec_id(const char* track) const {
    return detail::sized_text(
        [&](char* id, size_t* size) { return k4a_playback_track_get_codec_id(handle_, track, id, size); },
        "k4a_playback_track_get_codec_id");
  }
  std::vector<uint8_t> get_track_codec_context(const char* track) const {
    return detail::sized<std::vector<uint8_t>>(
        [&](uint8_t* data, size_t* size) {
          return k4a_playback_track_get_codec_context(handle_, track, data, size);
        },
        "k4a_playback_track_get_codec_context");
  }

  void set_color_conversion(k4a_image_format_t format) {
    detail::check(k4a_playback_set_color_conversion(handle_, format), "k4a_playback_set_color_conversion");
  }

  /// At the end, on either side, these give false and leave alone what they were to fill.
  bool get_next_capture(capture* next) {
    k4a_capture_t found = nullptr;
    if (!detail::more(k4a_playback_get_next_capture(handle_, &found), "k4a_playback_get_next_capture"))
      return false;
    *next = capture(found);
    return true;
  }
  bool get_previous_capture(capture* previous) {
    k4a_capture_t found = nullptr;
    if (!detail::more(k4a_playback_get_previous_capture(handle_, &found),
                      "k4a_playback_get_previous_capture"))
      return false;
    *previous = capture(found);
    return true;
  }
  bool get_next_imu_sample(k4a_imu_sample_t* sample) {
    return detail::more(k4a_playback_get_next_imu_sample(handle_, sample),
                        "k4a_playback_get_next_imu_sample");
  }
  bool get_previous_imu_sample(k4a_imu_sample_t* sample) {
    return detail::more(k4a_playback_get_previous_imu_sample(handle_, sample),
                        "k4a_playback_get_previous_imu_sample");
  }
  bool get_next_data_block(const char* track, data_block* block) {
    k4a_playback_data_block_t found = nullptr;
    if (!detail::more(k4a_playback_get_next_data_block(handle_, track, &found),
                      "k4a_playback_get_next_data_block"))
      return false;
    *block = data_block(found);
    return true;
  }
  bool get_previous_data_block(const char* track, data_block* block) {
    k4a_playback_data_block_t found = nullptr;
    if (!detail::more(k4a_playback_get_previous_data_block(handle_, track, &found),
                      "k4a_playback_get_previous_data_block"))
      return false;
    *block = data_block(found);
    return true;
  }

  void seek_timestamp(std::chrono::microseconds offset, k4a_playback_seek_origin_t origin) {
    detail::check(k4a_playback_seek_timestamp(handle_, static_cast<int64_t>(offset.count()), origin),
                  "k4a_playback_seek_timestamp");
  }

 private:
  k4a_playback_t handle_;
};

}  // namespace k4a

#endif
