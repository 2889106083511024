/*
 * libk4a.so.1.4 in C.
 *
 * Conventions. Success is 0. Output parameters keep their value on failure unless a comment says otherwise.
 * Handles that are null, of another kind or no longer alive make a call fail, they never make it crash. A
 * call that creates or gets a handle gives one reference, which the matching release ends. Every failing call
 * says why in the log.
 *
 * Sized getters take a buffer and its size. If the buffer is null or too small they give TOO_SMALL and write
 * the size that is needed; on success they write the size that was used. Sizes of text count the terminating
 * NUL.
 */
#ifndef K4A_H
#define K4A_H

#include <k4a/k4a_export.h>
#include <k4a/k4atypes.h>
#include <k4a/k4aversion.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- log and memory ---- */

/*
 * Hands every message of `min_level` or worse to `message_cb`, besides what the environment asks for. Null
 * takes the handler away and returns when no call of it is under way. A second, other handler is refused
 * while one is set; the same one again changes context and level. The handler may be called on several
 * threads at once and must not call this.
 */
K4A_EXPORT k4a_result_t k4a_set_debug_message_handler(k4a_logging_message_cb_t* message_cb,
                                                      void* message_cb_context, k4a_log_level_t min_level);

/*
 * Where the memory of image buffers comes from. Both null: malloc and free again; one null: FAILED. Images
 * are given back with the function that was in force when they were made. Sizes include 32 bytes that the
 * library keeps in front.
 */
K4A_EXPORT k4a_result_t k4a_set_allocator(k4a_memory_allocate_cb_t* allocate,
                                          k4a_memory_destroy_cb_t* free_memory);

/* ---- devices ---- */

/* Units that are attached, whoever has them open. 0 also where that cannot be known. */
K4A_EXPORT uint32_t k4a_device_get_installed_count(void);

/*
 * A unit for this process alone: FAILED while it is open anywhere. Closing stops cameras and IMU, makes calls
 * that wait fail, and returns when they have; null is closed without effect. Captures and images live on.
 */
K4A_EXPORT k4a_result_t k4a_device_open(uint32_t index, k4a_device_t* device_handle);
K4A_EXPORT void k4a_device_close(k4a_device_t device_handle);

/*
 * The oldest capture or sample not taken yet. Of those that nobody takes, the oldest are lost: beyond 7
 * captures, 833 samples. Waits so many ms, 0 not at all, negative for ever; TIMEOUT then, and nothing is
 * written. FAILED at once while the stream is not started, and as soon as another thread stops it or closes
 * the device.
 */
K4A_EXPORT k4a_wait_result_t k4a_device_get_capture(k4a_device_t device_handle, k4a_capture_t* capture_handle,
                                                    int32_t timeout_in_ms);
K4A_EXPORT k4a_wait_result_t k4a_device_get_imu_sample(k4a_device_t device_handle,
                                                       k4a_imu_sample_t* imu_sample, int32_t timeout_in_ms);

/*
 * Starting fails while cameras or IMU run, and with a configuration that no unit has; the log names the
 * setting. The IMU needs a running camera to start. Stopping is allowed in any state and forgets what was not
 * taken.
 */
K4A_EXPORT k4a_result_t k4a_device_start_cameras(k4a_device_t device_handle,
                                                 const k4a_device_configuration_t* config);
K4A_EXPORT void k4a_device_stop_cameras(k4a_device_t device_handle);
K4A_EXPORT k4a_result_t k4a_device_start_imu(k4a_device_t device_handle);
K4A_EXPORT void k4a_device_stop_imu(k4a_device_t device_handle);

/* Sized getters, texts that end with a NUL. Units of the bench have serial numbers that begin with 9. */
K4A_EXPORT k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t device_handle, char* serial_number,
                                                        size_t* serial_number_size);
K4A_EXPORT k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t device_handle, uint8_t* data,
                                                              size_t* data_size);
K4A_EXPORT k4a_result_t k4a_device_get_version(k4a_device_t device_handle, k4a_hardware_version_t* version);

/* Whether something is plugged in now. Either pointer may be null, not both. */
K4A_EXPORT k4a_result_t k4a_device_get_sync_jack(k4a_device_t device_handle, bool* sync_in_jack_connected,
                                                 bool* sync_out_jack_connected);

/*
 * Settings of the colour camera. They last until the unit loses power. Exposures are rounded up to one that
 * fits the power line; a mode of AUTO takes no value.
 */
K4A_EXPORT k4a_result_t k4a_device_get_color_control_capabilities(
    k4a_device_t device_handle, k4a_color_control_command_t command, bool* supports_auto, int32_t* min_value,
    int32_t* max_value, int32_t* step_value, int32_t* default_value, k4a_color_control_mode_t* default_mode);
K4A_EXPORT k4a_result_t k4a_device_get_color_control(k4a_device_t device_handle,
                                                     k4a_color_control_command_t command,
                                                     k4a_color_control_mode_t* mode, int32_t* value);
K4A_EXPORT k4a_result_t k4a_device_set_color_control(k4a_device_t device_handle,
                                                     k4a_color_control_command_t command,
                                                     k4a_color_control_mode_t mode, int32_t value);

/* What follows from the raw calibration in a pair of modes, of which one may be OFF; whether it runs or not.
 */
K4A_EXPORT k4a_result_t k4a_device_get_calibration(k4a_device_t device_handle,
                                                   const k4a_depth_mode_t depth_mode,
                                                   const k4a_color_resolution_t color_resolution,
                                                   k4a_calibration_t* calibration);

/* ---- captures ---- */

/* An empty capture of temperature NaN. */
K4A_EXPORT k4a_result_t k4a_capture_create(k4a_capture_t* capture_handle);
K4A_EXPORT void k4a_capture_release(k4a_capture_t capture_handle);
K4A_EXPORT void k4a_capture_reference(k4a_capture_t capture_handle);

/* A new reference to the image of a slot; null where there is none. The image may outlive the capture. */
K4A_EXPORT k4a_image_t k4a_capture_get_color_image(k4a_capture_t capture_handle);
K4A_EXPORT k4a_image_t k4a_capture_get_depth_image(k4a_capture_t capture_handle);
K4A_EXPORT k4a_image_t k4a_capture_get_ir_image(k4a_capture_t capture_handle);

/* Puts an image into a slot, which takes a reference of its own; null empties the slot. Any image goes into
 * any slot. */
K4A_EXPORT void k4a_capture_set_color_image(k4a_capture_t capture_handle, k4a_image_t image_handle);
K4A_EXPORT void k4a_capture_set_depth_image(k4a_capture_t capture_handle, k4a_image_t image_handle);
K4A_EXPORT void k4a_capture_set_ir_image(k4a_capture_t capture_handle, k4a_image_t image_handle);

/* Degrees Celsius. Setting NaN does nothing. */
K4A_EXPORT void k4a_capture_set_temperature_c(k4a_capture_t capture_handle, float temperature_c);
K4A_EXPORT float k4a_capture_get_temperature_c(k4a_capture_t capture_handle);

/* ---- images ---- */

/*
 * An image with memory of its own and arbitrary content. A stride of 0 means rows without padding; a longer
 * one is kept. MJPG, whose size cannot be known, fails.
 */
K4A_EXPORT k4a_result_t k4a_image_create(k4a_image_format_t format, int width_pixels, int height_pixels,
                                         int stride_bytes, k4a_image_t* image_handle);

/*
 * An image in the caller's memory, of any format and size. `buffer_release_cb`, which may be null, is called
 * once with the last release, on its thread; never if this call fails.
 */
K4A_EXPORT k4a_result_t k4a_image_create_from_buffer(k4a_image_format_t format, int width_pixels,
                                                     int height_pixels, int stride_bytes, uint8_t* buffer,
                                                     size_t buffer_size,
                                                     k4a_memory_destroy_cb_t* buffer_release_cb,
                                                     void* buffer_release_cb_context,
                                                     k4a_image_t* image_handle);
K4A_EXPORT void k4a_image_reference(k4a_image_t image_handle);
K4A_EXPORT void k4a_image_release(k4a_image_t image_handle);

K4A_EXPORT uint8_t* k4a_image_get_buffer(k4a_image_t image_handle);
K4A_EXPORT size_t k4a_image_get_size(k4a_image_t image_handle);
K4A_EXPORT k4a_image_format_t k4a_image_get_format(k4a_image_t image_handle); /* CUSTOM for a bad handle */
K4A_EXPORT int k4a_image_get_width_pixels(k4a_image_t image_handle);
K4A_EXPORT int k4a_image_get_height_pixels(k4a_image_t image_handle);
K4A_EXPORT int k4a_image_get_stride_bytes(k4a_image_t image_handle);

/* Device time of the centre of exposure; host's monotonic time of arrival. 0 where unknown. */
K4A_EXPORT uint64_t k4a_image_get_device_timestamp_usec(k4a_image_t image_handle);
K4A_EXPORT uint64_t k4a_image_get_system_timestamp_nsec(k4a_image_t image_handle);
K4A_EXPORT uint64_t k4a_image_get_exposure_usec(k4a_image_t image_handle);
K4A_EXPORT uint32_t k4a_image_get_white_balance(k4a_image_t image_handle); /* K */
K4A_EXPORT uint32_t k4a_image_get_iso_speed(k4a_image_t image_handle);
K4A_EXPORT void k4a_image_set_device_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec);
K4A_EXPORT void k4a_image_set_system_timestamp_nsec(k4a_image_t image_handle, uint64_t timestamp_nsec);
K4A_EXPORT void k4a_image_set_exposure_usec(k4a_image_t image_handle, uint64_t exposure_usec);
K4A_EXPORT void k4a_image_set_white_balance(k4a_image_t image_handle, uint32_t white_balance);
K4A_EXPORT void k4a_image_set_iso_speed(k4a_image_t image_handle, uint32_t iso_speed);

/* Old names of the device timestamp and the exposure. */
K4A_DEPRECATED_EXPORT uint64_t k4a_image_get_timestamp_usec(k4a_image_t image_handle);
K4A_DEPRECATED_EXPORT void k4a_image_set_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec);
K4A_DEPRECATED_EXPORT void k4a_image_set_exposure_time_usec(k4a_image_t image_handle, uint64_t exposure_usec);

/* ---- calibration ---- */

/* What follows from a unit's raw calibration in a pair of modes. `raw_calibration_size` must count a
 * terminating NUL. */
K4A_EXPORT k4a_result_t k4a_calibration_get_from_raw(char* raw_calibration, size_t raw_calibration_size,
                                                     const k4a_depth_mode_t depth_mode,
                                                     const k4a_color_resolution_t color_resolution,
                                                     k4a_calibration_t* calibration);

/*
 * Points between sensors: mm, and pixels whose (0,0) is the centre of the first one. A point that the
 * geometry has no answer for (behind the camera, beyond the lens, depth 0) gives `valid` 0 and success.
 * Pixels need not lie in the image.
 */
K4A_EXPORT k4a_result_t k4a_calibration_3d_to_3d(const k4a_calibration_t* calibration,
                                                 const k4a_float3_t* source_point3d_mm,
                                                 const k4a_calibration_type_t source_camera,
                                                 const k4a_calibration_type_t target_camera,
                                                 k4a_float3_t* target_point3d_mm);
K4A_EXPORT k4a_result_t k4a_calibration_2d_to_3d(const k4a_calibration_t* calibration,
                                                 const k4a_float2_t* source_point2d,
                                                 const float source_depth_mm,
                                                 const k4a_calibration_type_t source_camera,
                                                 const k4a_calibration_type_t target_camera,
                                                 k4a_float3_t* target_point3d_mm, int* valid);
K4A_EXPORT k4a_result_t k4a_calibration_3d_to_2d(const k4a_calibration_t* calibration,
                                                 const k4a_float3_t* source_point3d_mm,
                                                 const k4a_calibration_type_t source_camera,
                                                 const k4a_calibration_type_t target_camera,
                                                 k4a_float2_t* target_point2d, int* valid);
K4A_EXPORT k4a_result_t k4a_calibration_2d_to_2d(const k4a_calibration_t* calibration,
                                                 const k4a_float2_t* source_point2d,
                                                 const float source_depth_mm,
                                                 const k4a_calibration_type_t source_camera,
                                                 const k4a_calibration_type_t target_camera,
                                                 k4a_float2_t* target_point2d, int* valid);
K4A_EXPORT k4a_result_t k4a_calibration_color_2d_to_depth_2d(const k4a_calibration_t* calibration,
                                                             const k4a_float2_t* source_point2d,
                                                             const k4a_image_t depth_image,
                                                             k4a_float2_t* target_point2d, int* valid);

/* ---- whole images ---- */

K4A_EXPORT k4a_transformation_t k4a_transformation_create(const k4a_calibration_t* calibration);
K4A_EXPORT void k4a_transformation_destroy(k4a_transformation_t transformation_handle);
K4A_EXPORT k4a_result_t k4a_transformation_depth_image_to_color_camera(
    k4a_transformation_t transformation_handle, const k4a_image_t depth_image,
    k4a_image_t transformed_depth_image);
K4A_EXPORT k4a_result_t k4a_transformation_depth_image_to_color_camera_custom(
    k4a_transformation_t transformation_handle, const k4a_image_t depth_image, const k4a_image_t custom_image,
    k4a_image_t transformed_depth_image, k4a_image_t transformed_custom_image,
    k4a_transformation_interpolation_type_t interpolation_type, uint32_t invalid_custom_value);
K4A_EXPORT k4a_result_t k4a_transformation_color_image_to_depth_camera(
    k4a_transformation_t transformation_handle, const k4a_image_t depth_image, const k4a_image_t color_image,
    k4a_image_t transformed_color_image);
K4A_EXPORT k4a_result_t k4a_transformation_depth_image_to_point_cloud(
    k4a_transformation_t transformation_handle, const k4a_image_t depth_image,
    const k4a_calibration_type_t camera, k4a_image_t xyz_image);

#ifdef __cplusplus
}
#endif

#endif
