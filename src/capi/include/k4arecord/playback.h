/*
 * Reading recordings with libk4arecord.so.1.4. The conventions are those of k4a.h. One thread at a time per
 * recording.
 *
 * Captures, IMU samples and the data of each custom track have a position of their own. "Next" gives what
 * lies behind it and "previous" what lies before it. At an end they give EOF and stay there; the other
 * direction then gives the last item again. Seeking moves all positions.
 */
#ifndef K4A_PLAYBACK_H
#define K4A_PLAYBACK_H

#include <k4a/k4atypes.h>
#include <k4arecord/k4arecord_export.h>
#include <k4arecord/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the file ---- */

/* On failure `*playback_handle` is null. */
K4ARECORD_EXPORT k4a_result_t k4a_playback_open(const char* path, k4a_playback_t* playback_handle);

/* Captures and data blocks that were read stay alive. */
K4ARECORD_EXPORT void k4a_playback_close(k4a_playback_t playback_handle);

/* The unit's calibration as text. */
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_get_raw_calibration(k4a_playback_t playback_handle,
                                                                      uint8_t* data, size_t* data_size);

/* The same for the recorded modes. */
K4ARECORD_EXPORT k4a_result_t k4a_playback_get_calibration(k4a_playback_t playback_handle,
                                                           k4a_calibration_t* calibration);
K4ARECORD_EXPORT k4a_result_t k4a_playback_get_record_configuration(k4a_playback_t playback_handle,
                                                                    k4a_record_configuration_t* config);
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_get_tag(k4a_playback_t playback_handle, const char* name,
                                                          char* value, size_t* value_size);
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_get_attachment(k4a_playback_t playback_handle,
                                                                 const char* file_name, uint8_t* data,
                                                                 size_t* data_size);

/* From the beginning of the file to the end of its last datum. */
K4ARECORD_EXPORT uint64_t k4a_playback_get_recording_length_usec(k4a_playback_t playback_handle);

/* Old name of the same. */
K4ARECORD_DEPRECATED_EXPORT uint64_t k4a_playback_get_last_timestamp_usec(k4a_playback_t playback_handle);

/* ---- tracks ---- */

/* Built-in tracks are those that captures and IMU samples come from; all others are custom ones. */
K4ARECORD_EXPORT bool k4a_playback_check_track_exists(k4a_playback_t playback_handle, const char* track_name);
K4ARECORD_EXPORT size_t k4a_playback_get_track_count(k4a_playback_t playback_handle);
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_get_track_name(k4a_playback_t playback_handle,
                                                                 size_t track_index, char* track_name,
                                                                 size_t* track_name_size);
K4ARECORD_EXPORT bool k4a_playback_track_is_builtin(k4a_playback_t playback_handle, const char* track_name);
K4ARECORD_EXPORT k4a_result_t k4a_playback_track_get_video_settings(
    k4a_playback_t playback_handle, const char* track_name, k4a_record_video_settings_t* video_settings);
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_track_get_codec_id(k4a_playback_t playback_handle,
                                                                     const char* track_name, char* codec_id,
                                                                     size_t* codec_id_size);
K4ARECORD_EXPORT k4a_buffer_result_t k4a_playback_track_get_codec_context(k4a_playback_t playback_handle,
                                                                          const char* track_name,
                                                                          uint8_t* codec_context,
                                                                          size_t* codec_context_size);

/* ---- data ---- */

/* Colour images read from now on come in this format: NV12, YUY2 or BGRA32; MJPG if they were recorded so. */
K4ARECORD_EXPORT k4a_result_t k4a_playback_set_color_conversion(k4a_playback_t playback_handle,
                                                                k4a_image_format_t target_format);

/*
 * Captures consist of images less than half a frame period apart, the recorded depth delay taken out; any may
 * be missing. Images carry their device time and nothing else that is measured. At EOF the handle is null.
 */
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_next_capture(k4a_playback_t playback_handle,
                                                                   k4a_capture_t* capture_handle);
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_previous_capture(k4a_playback_t playback_handle,
                                                                       k4a_capture_t* capture_handle);

/* The temperature is NaN. At EOF the sample is all zero. */
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_next_imu_sample(k4a_playback_t playback_handle,
                                                                      k4a_imu_sample_t* imu_sample);
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_previous_imu_sample(k4a_playback_t playback_handle,
                                                                          k4a_imu_sample_t* imu_sample);

/* Of custom tracks. */
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_next_data_block(
    k4a_playback_t playback_handle, const char* track_name, k4a_playback_data_block_t* data_block_handle);
K4ARECORD_EXPORT k4a_stream_result_t k4a_playback_get_previous_data_block(
    k4a_playback_t playback_handle, const char* track_name, k4a_playback_data_block_t* data_block_handle);
K4ARECORD_EXPORT uint64_t
k4a_playback_data_block_get_device_timestamp_usec(k4a_playback_data_block_t data_block_handle);
K4ARECORD_EXPORT size_t k4a_playback_data_block_get_buffer_size(k4a_playback_data_block_t data_block_handle);
K4ARECORD_EXPORT uint8_t* k4a_playback_data_block_get_buffer(k4a_playback_data_block_t data_block_handle);
K4ARECORD_EXPORT void k4a_playback_data_block_release(k4a_playback_data_block_t data_block_handle);

/*
 * BEGIN: `offset_usec` after the file's beginning. END: minus that before its end, (0, END) lying behind the
 * last datum. DEVICE_TIME: at that device time. Beyond either end it goes to the end. A capture that the
 * point lies in is the next one.
 */
K4ARECORD_EXPORT k4a_result_t k4a_playback_seek_timestamp(k4a_playback_t playback_handle, int64_t offset_usec,
                                                          k4a_playback_seek_origin_t origin);

#ifdef __cplusplus
}
#endif

#endif
