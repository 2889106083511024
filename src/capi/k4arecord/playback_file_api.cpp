// k4a_playback_...: the file and what it says about itself (facts k4a-abi.md B11).

#include <fmt/core.h>
#include <k4a/k4a.h>
#include <k4arecord/playback.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "capi/common/guard.h"
#include "capi/common/sized_output.h"
#include "capi/k4arecord/playback.h"

namespace genlock::capi {
namespace {

Status open_playback(const char* path, k4a_playback_t* out) {
  GENLOCK_TRY(check_pointer(out, "the place for the handle"));
  *out = nullptr;
  GENLOCK_TRY(check_pointer(path, "the path"));
  GENLOCK_ASSIGN(std::shared_ptr<Playback> playback, Playback::open(path));
  *out = playbacks().add(std::move(playback));
  return {};
}

/// The calibration without its NUL.
Result<std::string> calibration_text(k4a_playback_t handle) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  const ByteSpan raw = playback->info().raw_calibration.bytes();
  if (raw.empty()) return Error(Errc::not_found, "the file has no calibration");
  return std::string(reinterpret_cast<const char*>(raw.data()), raw.size());
}

Status get_calibration(k4a_playback_t handle, k4a_calibration_t* out) {
  GENLOCK_TRY(check_pointer(out, "the place for the calibration"));
  GENLOCK_ASSIGN(std::string text, calibration_text(handle));
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  const CameraConfig& config = playback->info().config;
  if (k4a_calibration_get_from_raw(
          text.data(), text.size() + 1, static_cast<k4a_depth_mode_t>(config.depth_mode),
          static_cast<k4a_color_resolution_t>(config.color_resolution), out) != K4A_RESULT_SUCCEEDED)
    return Error(Errc::corrupt,
                 fmt::format("the file's calibration can't be used for depth mode {} and colour {}",
                             to_string(config.depth_mode), to_string(config.color_resolution)));
  return {};
}

k4a_record_configuration_t configuration_of(const recording::RecordingInfo& info) {
  const CameraConfig& from = info.config;
  k4a_record_configuration_t config{};
  config.color_format =
      info.color_track ? static_cast<k4a_image_format_t>(from.color_format) : K4A_IMAGE_FORMAT_CUSTOM;
  config.color_resolution = static_cast<k4a_color_resolution_t>(from.color_resolution);
  config.depth_mode = static_cast<k4a_depth_mode_t>(from.depth_mode);
  config.camera_fps = static_cast<k4a_fps_t>(from.rate);
  config.color_track_enabled = info.color_track;
  config.depth_track_enabled = info.depth_track;
  config.ir_track_enabled = info.ir_track;
  config.imu_track_enabled = info.imu_track;
  config.depth_delay_off_color_usec = static_cast<std::int32_t>(count_us(from.depth_delay_off_color));
  config.wired_sync_mode = static_cast<k4a_wired_sync_mode_t>(from.sync_mode);
  config.subordinate_delay_off_master_usec = static_cast<std::uint32_t>(count_us(from.delay_off_master));
  // The ABI has 32 bits for it: 71.6 minutes. The full number is the tag K4A_START_OFFSET_NS.
  config.start_timestamp_offset_usec = static_cast<std::uint32_t>(count_us(info.start_offset));
  return config;
}

Status get_configuration(k4a_playback_t handle, k4a_record_configuration_t* out) {
  static_assert(sizeof(k4a_record_configuration_t) == 36);
  GENLOCK_TRY(check_pointer(out, "the place for the configuration"));
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  *out = configuration_of(playback->info());
  return {};
}

Result<k4a_buffer_result_t> get_tag(k4a_playback_t handle, const char* name, char* value, std::size_t* size) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  GENLOCK_TRY(check_pointer(name, "the tag's name"));
  GENLOCK_TRY(check_pointer(size, "the place for the size"));
  const std::optional<std::string> tag = playback->reader().tag(name);
  if (!tag) return Error(Errc::not_found, fmt::format("the file has no tag {}", name));
  // As the vendor's library does it, so that programs may rely on zeros behind the text.
  if (value != nullptr && *size > tag->size()) std::memset(value, 0, *size);
  return give_text(*tag, value, size);
}

Result<k4a_buffer_result_t> get_attachment(k4a_playback_t handle, const char* name, std::uint8_t* data,
                                           std::size_t* size) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  GENLOCK_TRY(check_pointer(name, "the attachment's name"));
  GENLOCK_ASSIGN(const std::optional<Buffer> attachment, playback->reader().attachment(name));
  if (!attachment) return Error(Errc::not_found, fmt::format("the file has no attachment {}", name));
  return give_bytes(attachment->bytes(), data, size);
}

Result<std::uint64_t> length_us(k4a_playback_t handle) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  return static_cast<std::uint64_t>(count_us(playback->reader().length()));
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_playback_open(const char* path, k4a_playback_t* playback_handle) {
  return guarded_result(__func__, [&] { return open_playback(path, playback_handle); });
}

void k4a_playback_close(k4a_playback_t playback_handle) {
  if (playback_handle == nullptr) return;
  guarded_void(__func__, [&] { return playbacks().release(playback_handle); });
}

k4a_buffer_result_t k4a_playback_get_raw_calibration(k4a_playback_t playback_handle, uint8_t* data,
                                                     size_t* data_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED, [&]() -> Result<k4a_buffer_result_t> {
    GENLOCK_ASSIGN(const std::string text, calibration_text(playback_handle));
    return give_text(text, reinterpret_cast<char*>(data), data_size);
  });
}

k4a_result_t k4a_playback_get_calibration(k4a_playback_t playback_handle, k4a_calibration_t* calibration) {
  return guarded_result(__func__, [&] { return get_calibration(playback_handle, calibration); });
}

k4a_result_t k4a_playback_get_record_configuration(k4a_playback_t playback_handle,
                                                   k4a_record_configuration_t* config) {
  return guarded_result(__func__, [&] { return get_configuration(playback_handle, config); });
}

k4a_buffer_result_t k4a_playback_get_tag(k4a_playback_t playback_handle, const char* name, char* value,
                                         size_t* value_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED,
                 [&] { return get_tag(playback_handle, name, value, value_size); });
}

k4a_buffer_result_t k4a_playback_get_attachment(k4a_playback_t playback_handle, const char* file_name,
                                                uint8_t* data, size_t* data_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED,
                 [&] { return get_attachment(playback_handle, file_name, data, data_size); });
}

uint64_t k4a_playback_get_recording_length_usec(k4a_playback_t playback_handle) {
  return guarded(__func__, uint64_t{0}, [&] { return length_us(playback_handle); });
}

uint64_t k4a_playback_get_last_timestamp_usec(k4a_playback_t playback_handle) {
  return guarded(__func__, uint64_t{0}, [&] { return length_us(playback_handle); });
}

}  // extern "C"
