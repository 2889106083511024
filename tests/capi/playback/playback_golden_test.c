/* Recordings that Genlock did not make, and what is known of them (tests/data/README.md). The folder is tests/data. */
#include <string.h>

#include "playback_support.h"

static void check_tag(k4a_playback_t file, const char *name, const char *expected) {
  char value[64];
  size_t size = sizeof value;
  CHECK_EQ(k4a_playback_get_tag(file, name, value, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(strcmp(value, expected), 0);
}

static void check_image(k4a_image_t image, k4a_image_format_t format, int width, int height, size_t size) {
  CHECK(image != NULL);
  CHECK_EQ(k4a_image_get_format(image), format);
  CHECK_EQ(k4a_image_get_width_pixels(image), width);
  CHECK_EQ(k4a_image_get_height_pixels(image), height);
  CHECK_EQ(k4a_image_get_size(image), size);
  CHECK_EQ(k4a_image_get_device_timestamp_usec(image), 800222);
  k4a_image_release(image);
}

static void reads_a_real_recording(void) {
  k4a_playback_t file = open_file("mkv/pyk4a_recording.mkv");
  k4a_record_configuration_t config;
  CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(config.color_format, K4A_IMAGE_FORMAT_COLOR_MJPG);
  CHECK_EQ(config.color_resolution, K4A_COLOR_RESOLUTION_720P);
  CHECK_EQ(config.depth_mode, K4A_DEPTH_MODE_NFOV_UNBINNED);
  CHECK_EQ(config.camera_fps, K4A_FRAMES_PER_SECOND_5);
  CHECK_EQ(config.start_timestamp_offset_usec, 336277);
  CHECK_EQ(k4a_playback_get_recording_length_usec(file), 463945);
  check_tag(file, "K4A_DEVICE_SERIAL_NUMBER", "001514394512");
  check_tag(file, "K4A_COLOR_FIRMWARE_VERSION", "1.6.110");

  k4a_capture_t capture = NULL;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_SUCCEEDED);
  check_image(k4a_capture_get_color_image(capture), K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, 217095);
  check_image(k4a_capture_get_depth_image(capture), K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 737280);
  check_image(k4a_capture_get_ir_image(capture), K4A_IMAGE_FORMAT_IR16, 640, 576, 737280);
  k4a_capture_release(capture);
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_EOF);
  k4a_imu_sample_t sample;
  CHECK_EQ(k4a_playback_get_next_imu_sample(file, &sample), K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(sample.acc_timestamp_usec, 336277);
  k4a_playback_close(file);
}

static void calibrates_a_real_recording(void) {
  k4a_playback_t file = open_file("mkv/pyk4a_recording.mkv");
  size_t size = 0;
  CHECK_EQ(k4a_playback_get_raw_calibration(file, NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 3901);
  CHECK_EQ(k4a_playback_get_attachment(file, "calibration.json", NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 3900);
  k4a_calibration_t calibration;
  CHECK_EQ(k4a_playback_get_calibration(file, &calibration), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(calibration.depth_mode, K4A_DEPTH_MODE_NFOV_UNBINNED);
  CHECK_EQ(calibration.color_resolution, K4A_COLOR_RESOLUTION_720P);
  CHECK_EQ(calibration.depth_camera_calibration.resolution_width, 640);
  k4a_playback_close(file);
}

static void converts_the_frame_of_a_real_recording(void) {
  k4a_playback_t file = open_file("mkv/pyk4a_recording.mkv");
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_NV12), K4A_RESULT_SUCCEEDED);
  k4a_capture_t capture = NULL;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_SUCCEEDED);
  check_image(k4a_capture_get_color_image(capture), K4A_IMAGE_FORMAT_COLOR_NV12, 1280, 720, 1382400);
  k4a_capture_release(capture);
  k4a_playback_close(file);
}

/* Other names of tracks and modes, no tags for them, one IMU sample and no images. */
static void reads_the_dialect_of_2018(void) {
  k4a_playback_t file = open_file("mkv/ms_sdk_2018_playback_test_input.mkv");
  k4a_record_configuration_t config;
  CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(config.color_resolution, K4A_COLOR_RESOLUTION_1080P);
  CHECK_EQ(config.depth_mode, K4A_DEPTH_MODE_NFOV_UNBINNED);
  CHECK(config.color_track_enabled && config.depth_track_enabled && config.ir_track_enabled);
  CHECK(config.imu_track_enabled);
  check_tag(file, "K4A_DEVICE_SERIAL_NUMBER", "000317384312");
  CHECK(k4a_playback_track_is_builtin(file, "DEPTH_IR"));
  CHECK(k4a_playback_check_track_exists(file, K4A_TRACK_NAME_IR) &&
        k4a_playback_track_is_builtin(file, K4A_TRACK_NAME_IR));
  char name[16];
  size_t size = sizeof name;
  CHECK_EQ(k4a_playback_get_track_name(file, 2, name, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(strcmp(name, "DEPTH_IR"), 0);
  char text[16];
  size = sizeof text;
  CHECK_EQ(k4a_playback_get_raw_calibration(file, (uint8_t *)text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK(size == 12 && strcmp(text, "Hello World") == 0);
  k4a_calibration_t calibration;
  CHECK_EQ(k4a_playback_get_calibration(file, &calibration), K4A_RESULT_FAILED);
  k4a_imu_sample_t sample;
  CHECK_EQ(k4a_playback_get_next_imu_sample(file, &sample), K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(sample.acc_timestamp_usec, 141522);
  struct stamps none;
  CHECK_EQ(step(file, 1, &none), K4A_STREAM_RESULT_EOF);
  k4a_playback_close(file);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"reads_a_real_recording", reads_a_real_recording},
      {"calibrates_a_real_recording", calibrates_a_real_recording},
      {"converts_the_frame_of_a_real_recording", converts_the_frame_of_a_real_recording},
      {"reads_the_dialect_of_2018", reads_the_dialect_of_2018},
  };
  return RUN_TESTS(tests);
}
