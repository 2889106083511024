#include "k4arecord/record.h"

#include "capi/common/guard.h"
#include "capi/common/handle_table.h"
#include "capi/k4arecord/api_recording.h"
#include "capi/k4arecord/record_source.h"

namespace genlock::capi {
namespace {

using RecordingTable = HandleTable<k4a_record_t, ApiRecording>;

RecordingTable& recordings() {
  static RecordingTable& table = *new RecordingTable(HandleKind::record, "recording");
  return table;
}

/// What most functions consist of: find the recording, do one thing with it.
template <class Body>
k4a_result_t with_recording(const char* function, k4a_record_t handle, const Body& body,
                            Where where = Where::here()) noexcept {
  const auto find_and_do = [&]() -> Status {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiRecording> recording, recordings().find(handle));
    return body(*recording);
  };
  return guarded_result(function, find_and_do, where);
}

/// A caller's bytes. Null is as good as none.
ByteSpan bytes_at(const uint8_t* data, size_t size) {
  return data != nullptr ? ByteSpan(reinterpret_cast<const std::byte*>(data), size) : ByteSpan();
}

/// What both kinds of custom tracks have in common.
Result<recording::CustomTrack> custom_track(const char* name, const char* codec_id, const uint8_t* context,
                                            size_t context_size) {
  GENLOCK_TRY(check_pointer(name, "track_name"));
  GENLOCK_TRY(check_pointer(codec_id, "codec_id"));
  if (context == nullptr && context_size > 0)
    return Error(Errc::invalid, "codec_context is null, its size is not 0");
  recording::CustomTrack track;
  track.name = name;
  track.codec_id = codec_id;
  track.codec_private = Buffer::copy_of(bytes_at(context, context_size));
  return track;
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_record_create(const char* path, k4a_device_t device,
                               const k4a_device_configuration_t device_config,
                               k4a_record_t* recording_handle) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(recording_handle, "recording_handle"));
    *recording_handle = nullptr;
    GENLOCK_TRY(check_pointer(path, "path"));
    GENLOCK_ASSIGN(std::shared_ptr<ApiRecording> recording,
                   ApiRecording::create(path, device, device_config));
    *recording_handle = recordings().add(std::move(recording));
    return {};
  });
}

k4a_result_t k4a_record_add_tag(k4a_record_t recording_handle, const char* name, const char* value) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    GENLOCK_TRY(check_pointer(name, "name"));
    GENLOCK_TRY(check_pointer(value, "value"));
    return recording.add_tag(name, value);
  });
}

k4a_result_t k4a_record_add_imu_track(k4a_record_t recording_handle) {
  return with_recording(__func__, recording_handle,
                        [](ApiRecording& recording) { return recording.add_imu_track(); });
}

k4a_result_t k4a_record_add_attachment(const k4a_record_t recording_handle, const char* attachment_name,
                                       const uint8_t* buffer, size_t buffer_size) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    GENLOCK_TRY(check_pointer(attachment_name, "attachment_name"));
    GENLOCK_TRY(check_pointer(buffer, "buffer"));
    return recording.add_attachment({attachment_name, Buffer::copy_of(bytes_at(buffer, buffer_size))});
  });
}

k4a_result_t k4a_record_add_custom_video_track(const k4a_record_t recording_handle, const char* track_name,
                                               const char* codec_id, const uint8_t* codec_context,
                                               size_t codec_context_size,
                                               const k4a_record_video_settings_t* track_settings) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    GENLOCK_ASSIGN(recording::CustomTrack track,
                   custom_track(track_name, codec_id, codec_context, codec_context_size));
    GENLOCK_TRY(check_pointer(track_settings, "track_settings"));
    track.kind = recording::CustomTrack::Kind::video;
    track.width = track_settings->width;
    track.height = track_settings->height;
    track.frames_per_second = track_settings->frame_rate;
    return recording.add_track(std::move(track));
  });
}

k4a_result_t k4a_record_add_custom_subtitle_track(const k4a_record_t recording_handle, const char* track_name,
                                                  const char* codec_id, const uint8_t* codec_context,
                                                  size_t codec_context_size,
                                                  const k4a_record_subtitle_settings_t* track_settings) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    GENLOCK_ASSIGN(recording::CustomTrack track,
                   custom_track(track_name, codec_id, codec_context, codec_context_size));
    track.high_frequency = track_settings != nullptr && track_settings->high_freq_data;
    return recording.add_track(std::move(track));
  });
}

k4a_result_t k4a_record_write_header(k4a_record_t recording_handle) {
  return with_recording(__func__, recording_handle,
                        [](ApiRecording& recording) { return recording.write_header(); });
}

k4a_result_t k4a_record_write_capture(k4a_record_t recording_handle, k4a_capture_t capture_handle) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    if (capture_handle == nullptr) return recording.check_started();
    return recording.write(capture_handle);
  });
}

k4a_result_t k4a_record_write_imu_sample(k4a_record_t recording_handle, k4a_imu_sample_t sample) {
  return with_recording(__func__, recording_handle,
                        [&](ApiRecording& recording) { return recording.write(imu_sample(sample)); });
}

k4a_result_t k4a_record_write_custom_track_data(const k4a_record_t recording_handle, const char* track_name,
                                                uint64_t device_timestamp_usec, uint8_t* custom_data,
                                                size_t custom_data_size) {
  return with_recording(__func__, recording_handle, [&](ApiRecording& recording) -> Status {
    GENLOCK_TRY(check_pointer(track_name, "track_name"));
    GENLOCK_TRY(check_pointer(custom_data, "custom_data"));
    return recording.write(track_name, device_time_us(static_cast<std::int64_t>(device_timestamp_usec)),
                           bytes_at(custom_data, custom_data_size));
  });
}

k4a_result_t k4a_record_flush(k4a_record_t recording_handle) {
  return with_recording(__func__, recording_handle,
                        [](ApiRecording& recording) { return recording.flush(); });
}

void k4a_record_close(k4a_record_t recording_handle) {
  guarded_void(__func__, [&]() -> Status {
    if (recording_handle == nullptr) return {};
    GENLOCK_ASSIGN(const std::shared_ptr<ApiRecording> recording, recordings().find(recording_handle));
    GENLOCK_TRY(recordings().release(recording_handle));
    return recording->close();
  });
}

}  // extern "C"
