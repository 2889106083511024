// The binary interface: every size, offset and value of facts k4a-abi.md A1 to A4. A program compiled against
// other headers of this interface must find everything where it expects it.

#include <gtest/gtest.h>

#include <cstddef>

#include "k4a/k4a.h"
#include "k4arecord/playback.h"
#include "k4arecord/record.h"

#define EXPECT_AT(type, member, offset) static_assert(offsetof(type, member) == (offset))
#define EXPECT_LAYOUT(type, size, alignment) \
  static_assert(sizeof(type) == (size) && alignof(type) == (alignment))

EXPECT_LAYOUT(k4a_device_t, 8, 8);
EXPECT_LAYOUT(k4a_playback_data_block_t, 8, 8);
EXPECT_LAYOUT(k4a_result_t, 4, 4);
EXPECT_LAYOUT(k4a_calibration_type_t, 4, 4);

EXPECT_LAYOUT(k4a_device_configuration_t, 36, 4);
EXPECT_AT(k4a_device_configuration_t, color_format, 0);
EXPECT_AT(k4a_device_configuration_t, color_resolution, 4);
EXPECT_AT(k4a_device_configuration_t, depth_mode, 8);
EXPECT_AT(k4a_device_configuration_t, camera_fps, 12);
EXPECT_AT(k4a_device_configuration_t, synchronized_images_only, 16);
EXPECT_AT(k4a_device_configuration_t, depth_delay_off_color_usec, 20);
EXPECT_AT(k4a_device_configuration_t, wired_sync_mode, 24);
EXPECT_AT(k4a_device_configuration_t, subordinate_delay_off_master_usec, 28);
EXPECT_AT(k4a_device_configuration_t, disable_streaming_indicator, 32);

EXPECT_LAYOUT(k4a_version_t, 12, 4);
EXPECT_AT(k4a_version_t, major, 0);
EXPECT_AT(k4a_version_t, minor, 4);
EXPECT_AT(k4a_version_t, iteration, 8);

EXPECT_LAYOUT(k4a_hardware_version_t, 56, 4);
EXPECT_AT(k4a_hardware_version_t, rgb, 0);
EXPECT_AT(k4a_hardware_version_t, depth, 12);
EXPECT_AT(k4a_hardware_version_t, audio, 24);
EXPECT_AT(k4a_hardware_version_t, depth_sensor, 36);
EXPECT_AT(k4a_hardware_version_t, firmware_build, 48);
EXPECT_AT(k4a_hardware_version_t, firmware_signature, 52);

EXPECT_LAYOUT(k4a_float2_t, 8, 4);
EXPECT_AT(k4a_float2_t, xy.y, 4);
EXPECT_AT(k4a_float2_t, v, 0);
EXPECT_LAYOUT(k4a_float3_t, 12, 4);
EXPECT_AT(k4a_float3_t, xyz.z, 8);
EXPECT_AT(k4a_float3_t, v, 0);

EXPECT_LAYOUT(k4a_imu_sample_t, 48, 8);
EXPECT_AT(k4a_imu_sample_t, temperature, 0);
EXPECT_AT(k4a_imu_sample_t, acc_sample, 4);
EXPECT_AT(k4a_imu_sample_t, acc_timestamp_usec, 16);
EXPECT_AT(k4a_imu_sample_t, gyro_sample, 24);
EXPECT_AT(k4a_imu_sample_t, gyro_timestamp_usec, 40);

EXPECT_LAYOUT(k4a_calibration_extrinsics_t, 48, 4);
EXPECT_AT(k4a_calibration_extrinsics_t, rotation, 0);
EXPECT_AT(k4a_calibration_extrinsics_t, translation, 36);

EXPECT_LAYOUT(k4a_calibration_intrinsic_parameters_t, 60, 4);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.cx, 0);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.cy, 4);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.fx, 8);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.fy, 12);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k1, 16);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k2, 20);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k3, 24);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k4, 28);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k5, 32);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.k6, 36);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.codx, 40);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.cody, 44);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.p2, 48);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.p1, 52);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, param.metric_radius, 56);
EXPECT_AT(k4a_calibration_intrinsic_parameters_t, v, 0);

EXPECT_LAYOUT(k4a_calibration_intrinsics_t, 68, 4);
EXPECT_AT(k4a_calibration_intrinsics_t, type, 0);
EXPECT_AT(k4a_calibration_intrinsics_t, parameter_count, 4);
EXPECT_AT(k4a_calibration_intrinsics_t, parameters, 8);

EXPECT_LAYOUT(k4a_calibration_camera_t, 128, 4);
EXPECT_AT(k4a_calibration_camera_t, extrinsics, 0);
EXPECT_AT(k4a_calibration_camera_t, intrinsics, 48);
EXPECT_AT(k4a_calibration_camera_t, resolution_width, 116);
EXPECT_AT(k4a_calibration_camera_t, resolution_height, 120);
EXPECT_AT(k4a_calibration_camera_t, metric_radius, 124);

EXPECT_LAYOUT(k4a_calibration_t, 1032, 4);
EXPECT_AT(k4a_calibration_t, depth_camera_calibration, 0);
EXPECT_AT(k4a_calibration_t, color_camera_calibration, 128);
EXPECT_AT(k4a_calibration_t, extrinsics, 256);
EXPECT_AT(k4a_calibration_t, depth_mode, 1024);
EXPECT_AT(k4a_calibration_t, color_resolution, 1028);

EXPECT_LAYOUT(k4a_record_configuration_t, 36, 4);
EXPECT_AT(k4a_record_configuration_t, color_format, 0);
EXPECT_AT(k4a_record_configuration_t, color_resolution, 4);
EXPECT_AT(k4a_record_configuration_t, depth_mode, 8);
EXPECT_AT(k4a_record_configuration_t, camera_fps, 12);
EXPECT_AT(k4a_record_configuration_t, color_track_enabled, 16);
EXPECT_AT(k4a_record_configuration_t, depth_track_enabled, 17);
EXPECT_AT(k4a_record_configuration_t, ir_track_enabled, 18);
EXPECT_AT(k4a_record_configuration_t, imu_track_enabled, 19);
EXPECT_AT(k4a_record_configuration_t, depth_delay_off_color_usec, 20);
EXPECT_AT(k4a_record_configuration_t, wired_sync_mode, 24);
EXPECT_AT(k4a_record_configuration_t, subordinate_delay_off_master_usec, 28);
EXPECT_AT(k4a_record_configuration_t, start_timestamp_offset_usec, 32);

EXPECT_LAYOUT(k4a_record_video_settings_t, 24, 8);
EXPECT_AT(k4a_record_video_settings_t, width, 0);
EXPECT_AT(k4a_record_video_settings_t, height, 8);
EXPECT_AT(k4a_record_video_settings_t, frame_rate, 16);
EXPECT_LAYOUT(k4a_record_subtitle_settings_t, 1, 1);
EXPECT_AT(k4a_record_subtitle_settings_t, high_freq_data, 0);

static_assert(K4A_RESULT_SUCCEEDED == 0 && K4A_RESULT_FAILED == 1);
static_assert(K4A_BUFFER_RESULT_SUCCEEDED == 0 && K4A_BUFFER_RESULT_FAILED == 1 &&
              K4A_BUFFER_RESULT_TOO_SMALL == 2);
static_assert(K4A_WAIT_RESULT_SUCCEEDED == 0 && K4A_WAIT_RESULT_FAILED == 1 && K4A_WAIT_RESULT_TIMEOUT == 2);
static_assert(K4A_STREAM_RESULT_SUCCEEDED == 0 && K4A_STREAM_RESULT_FAILED == 1 &&
              K4A_STREAM_RESULT_EOF == 2);
static_assert(K4A_LOG_LEVEL_CRITICAL == 0 && K4A_LOG_LEVEL_ERROR == 1 && K4A_LOG_LEVEL_WARNING == 2 &&
              K4A_LOG_LEVEL_INFO == 3 && K4A_LOG_LEVEL_TRACE == 4 && K4A_LOG_LEVEL_OFF == 5);
static_assert(K4A_DEPTH_MODE_OFF == 0 && K4A_DEPTH_MODE_NFOV_2X2BINNED == 1 &&
              K4A_DEPTH_MODE_NFOV_UNBINNED == 2 && K4A_DEPTH_MODE_WFOV_2X2BINNED == 3 &&
              K4A_DEPTH_MODE_WFOV_UNBINNED == 4 && K4A_DEPTH_MODE_PASSIVE_IR == 5);
static_assert(K4A_COLOR_RESOLUTION_OFF == 0 && K4A_COLOR_RESOLUTION_720P == 1 &&
              K4A_COLOR_RESOLUTION_1080P == 2 && K4A_COLOR_RESOLUTION_1440P == 3 &&
              K4A_COLOR_RESOLUTION_1536P == 4 && K4A_COLOR_RESOLUTION_2160P == 5 &&
              K4A_COLOR_RESOLUTION_3072P == 6);
static_assert(K4A_IMAGE_FORMAT_COLOR_MJPG == 0 && K4A_IMAGE_FORMAT_COLOR_NV12 == 1 &&
              K4A_IMAGE_FORMAT_COLOR_YUY2 == 2 && K4A_IMAGE_FORMAT_COLOR_BGRA32 == 3 &&
              K4A_IMAGE_FORMAT_DEPTH16 == 4 && K4A_IMAGE_FORMAT_IR16 == 5 && K4A_IMAGE_FORMAT_CUSTOM8 == 6 &&
              K4A_IMAGE_FORMAT_CUSTOM16 == 7 && K4A_IMAGE_FORMAT_CUSTOM == 8);
static_assert(K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST == 0 &&
              K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR == 1);
static_assert(K4A_FRAMES_PER_SECOND_5 == 0 && K4A_FRAMES_PER_SECOND_15 == 1 && K4A_FRAMES_PER_SECOND_30 == 2);
static_assert(K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE == 0 &&
              K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY == 1 && K4A_COLOR_CONTROL_BRIGHTNESS == 2 &&
              K4A_COLOR_CONTROL_CONTRAST == 3 && K4A_COLOR_CONTROL_SATURATION == 4 &&
              K4A_COLOR_CONTROL_SHARPNESS == 5 && K4A_COLOR_CONTROL_WHITEBALANCE == 6 &&
              K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION == 7 && K4A_COLOR_CONTROL_GAIN == 8 &&
              K4A_COLOR_CONTROL_POWERLINE_FREQUENCY == 9);
static_assert(K4A_COLOR_CONTROL_MODE_AUTO == 0 && K4A_COLOR_CONTROL_MODE_MANUAL == 1);
static_assert(K4A_WIRED_SYNC_MODE_STANDALONE == 0 && K4A_WIRED_SYNC_MODE_MASTER == 1 &&
              K4A_WIRED_SYNC_MODE_SUBORDINATE == 2);
static_assert(K4A_CALIBRATION_TYPE_UNKNOWN == -1 && K4A_CALIBRATION_TYPE_DEPTH == 0 &&
              K4A_CALIBRATION_TYPE_COLOR == 1 && K4A_CALIBRATION_TYPE_GYRO == 2 &&
              K4A_CALIBRATION_TYPE_ACCEL == 3 && K4A_CALIBRATION_TYPE_NUM == 4);
static_assert(K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN == 0 &&
              K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA == 1 &&
              K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K == 2 &&
              K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT == 3 &&
              K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY == 4);
static_assert(K4A_FIRMWARE_BUILD_RELEASE == 0 && K4A_FIRMWARE_BUILD_DEBUG == 1);
static_assert(K4A_FIRMWARE_SIGNATURE_MSFT == 0 && K4A_FIRMWARE_SIGNATURE_TEST == 1 &&
              K4A_FIRMWARE_SIGNATURE_UNSIGNED == 2);
static_assert(K4A_PLAYBACK_SEEK_BEGIN == 0 && K4A_PLAYBACK_SEEK_END == 1 &&
              K4A_PLAYBACK_SEEK_DEVICE_TIME == 2);
static_assert(K4A_DEVICE_DEFAULT == 0 && K4A_WAIT_INFINITE == -1);
static_assert(K4A_VERSION_MAJOR == 1 && K4A_VERSION_MINOR == 4);

extern "C" k4a_device_configuration_t disabled_configuration(void);

TEST(Abi, DisabledConfigurationIsThatOfTheInterface) {
  const k4a_device_configuration_t config = disabled_configuration();
  EXPECT_EQ(config.color_format, K4A_IMAGE_FORMAT_COLOR_MJPG);
  EXPECT_EQ(config.color_resolution, K4A_COLOR_RESOLUTION_OFF);
  EXPECT_EQ(config.depth_mode, K4A_DEPTH_MODE_OFF);
  EXPECT_EQ(config.camera_fps, K4A_FRAMES_PER_SECOND_30);
  EXPECT_FALSE(config.synchronized_images_only);
  EXPECT_EQ(config.depth_delay_off_color_usec, 0);
  EXPECT_EQ(config.wired_sync_mode, K4A_WIRED_SYNC_MODE_STANDALONE);
  EXPECT_EQ(config.subordinate_delay_off_master_usec, 0U);
  EXPECT_FALSE(config.disable_streaming_indicator);
}

TEST(Abi, MacrosJudgeEveryKindOfResult) {
  EXPECT_TRUE(K4A_SUCCEEDED(K4A_RESULT_SUCCEEDED));
  EXPECT_TRUE(K4A_FAILED(K4A_RESULT_FAILED));
  EXPECT_STREQ(K4A_TRACK_NAME_COLOR, "COLOR");
  EXPECT_STREQ(K4A_TRACK_NAME_DEPTH, "DEPTH");
  EXPECT_STREQ(K4A_TRACK_NAME_IR, "IR");
  EXPECT_STREQ(K4A_TRACK_NAME_IMU, "IMU");
}
