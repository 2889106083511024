/*
 * Recording with libk4arecord.so.1.4: create, describe, write the header, write data, close.
 *
 * The conventions are those of k4a.h. Calls on one recording may come from several threads. A failing disk
 * makes the next write, and flush, fail; what was written before stays readable. The file is readable at
 * every moment after the header, whatever happens to the program, but for the data of the last two seconds,
 * which wait for their order.
 */
#ifndef K4A_RECORD_H
#define K4A_RECORD_H

#include <k4a/k4atypes.h>
#include <k4arecord/k4arecord_export.h>
#include <k4arecord/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes the file `path`, replacing what is there. `device` may be null; otherwise its serial number, firmware
 * versions and calibration go into the file. The configuration decides which tracks there are. On failure
 * `*recording_handle` is null.
 */
K4ARECORD_EXPORT k4a_result_t k4a_record_create(const char* path, k4a_device_t device,
                                                const k4a_device_configuration_t device_config,
                                                k4a_record_t* recording_handle);

/* ---- before the header ---- */

/* Names consist of A-Z 0-9 _ -; tags of other names are left out of the file. Of equal names the first
 * counts. */
K4ARECORD_EXPORT k4a_result_t k4a_record_add_tag(k4a_record_t recording_handle, const char* name,
                                                 const char* value);

/* Once. Without it samples are refused. */
K4ARECORD_EXPORT k4a_result_t k4a_record_add_imu_track(k4a_record_t recording_handle);

/* The bytes are copied. */
K4ARECORD_EXPORT k4a_result_t k4a_record_add_attachment(const k4a_record_t recording_handle,
                                                        const char* attachment_name, const uint8_t* buffer,
                                                        size_t buffer_size);

/* Names as of tags, and new to the file. The context, which may be null with size 0, is what a decoder needs
 * to know. */
K4ARECORD_EXPORT k4a_result_t k4a_record_add_custom_video_track(
    const k4a_record_t recording_handle, const char* track_name, const char* codec_id,
    const uint8_t* codec_context, size_t codec_context_size,
    const k4a_record_video_settings_t* track_settings);

/* `track_settings` may be null: no high-frequency data. */
K4ARECORD_EXPORT k4a_result_t k4a_record_add_custom_subtitle_track(
    const k4a_record_t recording_handle, const char* track_name, const char* codec_id,
    const uint8_t* codec_context, size_t codec_context_size,
    const k4a_record_subtitle_settings_t* track_settings);

/* Once, after everything above and before everything below. */
K4ARECORD_EXPORT k4a_result_t k4a_record_write_header(k4a_record_t recording_handle);

/* ---- after the header ---- */

/*
 * Data of all tracks may come up to two seconds of device time late; older ones fail. After a flush only data
 * later than the newest flushed are taken.
 *
 * Everything is copied before the call returns, and the disk is not waited for, unless data for it fill the
 * recording's buffer (three seconds of what the cameras can send at most, at least 64 MiB). A program that
 * feeds faster than that is then held for as long as the disk goes on taking data; after five seconds without
 * any progress the call fails.
 */

/*
 * Each image goes to its track, whatever its size; colour must have the configured format. One that is
 * refused fails the call but does not keep the others out.
 */
K4ARECORD_EXPORT k4a_result_t k4a_record_write_capture(k4a_record_t recording_handle,
                                                       k4a_capture_t capture_handle);

/* Ordered by the accelerometer's time. The temperature is not stored. */
K4ARECORD_EXPORT k4a_result_t k4a_record_write_imu_sample(k4a_record_t recording_handle,
                                                          k4a_imu_sample_t imu_sample);

K4ARECORD_EXPORT k4a_result_t k4a_record_write_custom_track_data(const k4a_record_t recording_handle,
                                                                 const char* track_name,
                                                                 uint64_t device_timestamp_usec,
                                                                 uint8_t* custom_data,
                                                                 size_t custom_data_size);

/* Brings everything to the disk and makes the file complete as it stands. Recording may go on. */
K4ARECORD_EXPORT k4a_result_t k4a_record_flush(k4a_record_t recording_handle);

/* Flushes and ends. A failure goes to the log; to know it, flush before. */
K4ARECORD_EXPORT void k4a_record_close(k4a_record_t recording_handle);

#ifdef __cplusplus
}
#endif

#endif
