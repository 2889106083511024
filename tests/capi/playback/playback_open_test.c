/* Opening, and what a file says about itself (facts k4a-abi.md B11, G8 63, 65, 66, 71 to 73, 85). */
#include <stdlib.h>
#include <string.h>

#include "playback_support.h"

static k4a_record_configuration_t configuration_of(const char *name) {
  k4a_record_configuration_t config;
  memset(&config, 0xAA, sizeof config);
  k4a_playback_t file = open_file(name);
  CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
  k4a_playback_close(file);
  return config;
}

static void check_refused(const char *path) {
  k4a_playback_t file = (k4a_playback_t)&file;
  CHECK_EQ(k4a_playback_open(path, &file), K4A_RESULT_FAILED);
  CHECK(file == NULL);
}

static void refuses_what_is_no_recording(void) {
  check_refused(path_of("missing.mkv"));
  check_refused(path_of("header_only.mkv"));
  check_refused(path_of("empty.mkv"));
  check_refused(path_of("text.mkv"));
  check_refused(path_of("."));
  check_refused(NULL);
  CHECK_EQ(k4a_playback_open(path_of("walk.mkv"), NULL), K4A_RESULT_FAILED);
}

static void refuses_handles_that_are_none(void) {
  k4a_record_configuration_t config;
  k4a_calibration_t calibration;
  k4a_playback_t file = open_file("walk.mkv");
  k4a_capture_t capture = NULL;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_SUCCEEDED);
  k4a_playback_close(file);
  const k4a_playback_t none[] = {NULL, file, (k4a_playback_t)capture};
  for (size_t i = 0; i < 3; ++i) {
    size_t size = 0;
    CHECK_EQ(k4a_playback_get_record_configuration(none[i], &config), K4A_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_calibration(none[i], &calibration), K4A_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_raw_calibration(none[i], NULL, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_tag(none[i], "K4A_DEPTH_MODE", NULL, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_attachment(none[i], "calibration.json", NULL, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_track_name(none[i], 0, NULL, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_track_count(none[i]), 0);
    CHECK(!k4a_playback_check_track_exists(none[i], "DEPTH"));
    CHECK(!k4a_playback_track_is_builtin(none[i], "DEPTH"));
    CHECK_EQ(k4a_playback_set_color_conversion(none[i], K4A_IMAGE_FORMAT_COLOR_BGRA32), K4A_RESULT_FAILED);
    CHECK_EQ(k4a_playback_get_recording_length_usec(none[i]), 0);
    k4a_playback_close(none[i]);
  }
  k4a_capture_release(capture);
}

static void tells_the_configuration(void) {
  const k4a_record_configuration_t config = configuration_of("delay_plus.mkv");
  CHECK_EQ(config.color_format, K4A_IMAGE_FORMAT_COLOR_MJPG);
  CHECK_EQ(config.color_resolution, K4A_COLOR_RESOLUTION_720P);
  CHECK_EQ(config.depth_mode, K4A_DEPTH_MODE_NFOV_2X2BINNED);
  CHECK_EQ(config.camera_fps, K4A_FRAMES_PER_SECOND_30);
  CHECK(config.color_track_enabled && config.depth_track_enabled && config.ir_track_enabled);
  CHECK(!config.imu_track_enabled);
  CHECK_EQ(config.depth_delay_off_color_usec, DELAY_US);
  CHECK_EQ(config.wired_sync_mode, K4A_WIRED_SYNC_MODE_SUBORDINATE);
  CHECK_EQ(config.subordinate_delay_off_master_usec, 320);
  CHECK_EQ(config.start_timestamp_offset_usec, FIRST_US);
  CHECK_EQ(configuration_of("delay_minus.mkv").depth_delay_off_color_usec, -DELAY_US);
  CHECK_EQ(configuration_of("walk.mkv").wired_sync_mode, K4A_WIRED_SYNC_MODE_STANDALONE);
}

static void tells_the_configuration_of_files_without_some_tracks(void) {
  const k4a_record_configuration_t imu = configuration_of("imu_only.mkv");
  CHECK_EQ(imu.color_format, K4A_IMAGE_FORMAT_CUSTOM);
  CHECK_EQ(imu.color_resolution, K4A_COLOR_RESOLUTION_OFF);
  CHECK_EQ(imu.depth_mode, K4A_DEPTH_MODE_OFF);
  CHECK_EQ(imu.camera_fps, K4A_FRAMES_PER_SECOND_30);
  CHECK(!imu.color_track_enabled && !imu.depth_track_enabled && !imu.ir_track_enabled && imu.imu_track_enabled);
  const k4a_record_configuration_t ir = configuration_of("ir_only.mkv");
  CHECK_EQ(ir.color_format, K4A_IMAGE_FORMAT_CUSTOM);
  CHECK_EQ(ir.depth_mode, K4A_DEPTH_MODE_PASSIVE_IR);
  CHECK_EQ(ir.camera_fps, K4A_FRAMES_PER_SECOND_15);
  CHECK(!ir.depth_track_enabled && ir.ir_track_enabled);
  const k4a_record_configuration_t bgra = configuration_of("color_bgra.mkv");
  CHECK_EQ(bgra.color_format, K4A_IMAGE_FORMAT_COLOR_BGRA32);
  CHECK_EQ(bgra.depth_mode, K4A_DEPTH_MODE_OFF);
  CHECK_EQ(bgra.camera_fps, K4A_FRAMES_PER_SECOND_5);
  CHECK(bgra.color_track_enabled && !bgra.depth_track_enabled && !bgra.ir_track_enabled);
}

/* Callers compiled for 36 bytes must not have more written. */
static void writes_36_bytes_of_configuration(void) {
  unsigned char room[44];
  memset(room, 0xAA, sizeof room);
  k4a_playback_t file = open_file("walk.mkv");
  CHECK_EQ(k4a_playback_get_record_configuration(file, (k4a_record_configuration_t *)(void *)room),
           K4A_RESULT_SUCCEEDED);
  for (size_t i = 36; i < sizeof room; ++i) CHECK_EQ(room[i], 0xAA);
  CHECK_EQ(k4a_playback_get_record_configuration(file, NULL), K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

static void gives_the_calibration(void) {
  k4a_playback_t file = open_file("walk.mkv");
  size_t size = 0;
  CHECK_EQ(k4a_playback_get_raw_calibration(file, NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 3891); /* of the file in tests/data/calib, NUL included */
  uint8_t *text = malloc(size);
  size_t less = size - 1;
  CHECK_EQ(k4a_playback_get_raw_calibration(file, text, &less), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(less, size);
  CHECK_EQ(k4a_playback_get_raw_calibration(file, text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK(text[0] == '{' && text[size - 1] == 0 && strlen((char *)text) == size - 1);
  CHECK_EQ(k4a_playback_get_raw_calibration(file, text, NULL), K4A_BUFFER_RESULT_FAILED);
  k4a_calibration_t from_file;
  k4a_calibration_t from_text;
  CHECK_EQ(k4a_playback_get_calibration(file, &from_file), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_calibration_get_from_raw((char *)text, size, K4A_DEPTH_MODE_NFOV_2X2BINNED,
                                        K4A_COLOR_RESOLUTION_720P, &from_text),
           K4A_RESULT_SUCCEEDED);
  CHECK_EQ(memcmp(&from_file, &from_text, sizeof from_file), 0);
  CHECK_EQ(from_file.depth_camera_calibration.resolution_width, 320);
  CHECK_EQ(from_file.color_camera_calibration.resolution_height, 720);
  CHECK_EQ(k4a_playback_get_calibration(file, NULL), K4A_RESULT_FAILED);
  free(text);
  k4a_playback_close(file);
}

static void opens_files_without_calibration(void) {
  k4a_playback_t file = open_file("imu.mkv");
  k4a_calibration_t calibration;
  size_t size = 77;
  CHECK_EQ(k4a_playback_get_raw_calibration(file, NULL, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_calibration(file, &calibration), K4A_RESULT_FAILED);
  CHECK_EQ(size, 77);
  k4a_playback_close(file);
}

static void gives_tags(void) {
  k4a_playback_t file = open_file("custom.mkv");
  size_t size = 0;
  CHECK_EQ(k4a_playback_get_tag(file, "TAKE", NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 12);
  char value[20];
  memset(value, '#', sizeof value);
  size = 11;
  CHECK_EQ(k4a_playback_get_tag(file, "TAKE", value, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 12);
  CHECK_EQ(value[0], '#');
  size = sizeof value;
  CHECK_EQ(k4a_playback_get_tag(file, "TAKE", value, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(size, 12);
  CHECK_EQ(strcmp(value, "first light"), 0);
  for (size_t i = 12; i < sizeof value; ++i) CHECK_EQ(value[i], 0);
  size = sizeof value;
  CHECK_EQ(k4a_playback_get_tag(file, "EMPTY", value, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(size, 1);
  CHECK_EQ(k4a_playback_get_tag(file, "take", value, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_tag(file, NULL, value, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_tag(file, "TAKE", value, NULL), K4A_BUFFER_RESULT_FAILED);
  k4a_playback_close(file);
}

static void check_tag(k4a_playback_t file, const char *name, const char *expected) {
  char value[64];
  size_t size = sizeof value;
  CHECK_EQ(k4a_playback_get_tag(file, name, value, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(strcmp(value, expected), 0);
}

/* The vendor's library finds tags by name, whatever they are about. */
static void gives_tags_of_tracks_and_attachments(void) {
  k4a_playback_t file = open_file("walk.mkv");
  check_tag(file, "K4A_DEPTH_MODE", "NFOV_2X2BINNED");
  check_tag(file, "K4A_COLOR_MODE", "MJPG_720P");
  check_tag(file, "K4A_CALIBRATION_FILE", "calibration.json");
  check_tag(file, "K4A_START_OFFSET_NS", "1000000000");
  check_tag(file, "K4A_DEVICE_SERIAL_NUMBER", "000019492412");
  k4a_playback_close(file);
}

static void gives_attachments(void) {
  k4a_playback_t file = open_file("custom.mkv");
  uint8_t bytes[16];
  size_t size = 0;
  CHECK_EQ(k4a_playback_get_attachment(file, "notes", NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 5);
  size = 4;
  CHECK_EQ(k4a_playback_get_attachment(file, "notes", bytes, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 5);
  memset(bytes, '#', sizeof bytes);
  size = sizeof bytes;
  CHECK_EQ(k4a_playback_get_attachment(file, "notes", bytes, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(size, 5);
  CHECK_EQ(memcmp(bytes, "a\0b\nc#", 6), 0);
  CHECK_EQ(k4a_playback_get_attachment(file, "data.bin", NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 1);
  CHECK_EQ(k4a_playback_get_attachment(file, "none", bytes, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_attachment(file, NULL, bytes, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_attachment(file, "notes", bytes, NULL), K4A_BUFFER_RESULT_FAILED);
  k4a_playback_close(file);
}

static void lists_tracks_by_name(void) {
  static const char *const names[] = {"DEPTH", "EVENTS", "FAST", "IR", "PICTURES"};
  k4a_playback_t file = open_file("custom.mkv");
  CHECK_EQ(k4a_playback_get_track_count(file), 5);
  for (size_t i = 0; i < 5; ++i) {
    char name[32];
    size_t size = 0;
    CHECK_EQ(k4a_playback_get_track_name(file, i, NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQ(size, strlen(names[i]) + 1);
    CHECK_EQ(k4a_playback_get_track_name(file, i, name, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQ(strcmp(name, names[i]), 0);
    CHECK(k4a_playback_check_track_exists(file, name));
    CHECK_EQ(k4a_playback_track_is_builtin(file, name), i == 0 || i == 3);
  }
  size_t size = 0;
  CHECK_EQ(k4a_playback_get_track_name(file, 5, NULL, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_track_name(file, 0, NULL, NULL), K4A_BUFFER_RESULT_FAILED);
  CHECK(!k4a_playback_check_track_exists(file, "COLOR") && !k4a_playback_track_is_builtin(file, "COLOR"));
  CHECK(!k4a_playback_check_track_exists(file, NULL) && !k4a_playback_track_is_builtin(file, NULL));
  /* Genlock's own records are not for readers of captures. */
  CHECK(!k4a_playback_check_track_exists(file, "GENLOCK"));
  k4a_playback_close(file);
}

static void tells_codecs(void) {
  k4a_playback_t file = open_file("custom.mkv");
  char id[32];
  uint8_t context[64];
  size_t size = sizeof id;
  CHECK_EQ(k4a_playback_track_get_codec_id(file, "PICTURES", id, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK(size == 7 && strcmp(id, "V_TEST") == 0);
  size = sizeof id;
  CHECK_EQ(k4a_playback_track_get_codec_id(file, "DEPTH", id, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(strcmp(id, "V_MS/VFW/FOURCC"), 0);
  size = sizeof context;
  CHECK_EQ(k4a_playback_track_get_codec_context(file, "PICTURES", context, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK(size == 3 && memcmp(context, "\x01\0\xFF", 3) == 0);
  size = sizeof context;
  CHECK_EQ(k4a_playback_track_get_codec_context(file, "IR", context, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK(size == 40 && memcmp(context + 16, "b16g", 4) == 0);
  size = 7;
  CHECK_EQ(k4a_playback_track_get_codec_context(file, "EVENTS", NULL, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  CHECK_EQ(size, 0);
  CHECK_EQ(k4a_playback_track_get_codec_context(file, "EVENTS", context, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_playback_track_get_codec_id(file, "NONE", id, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_codec_id(file, NULL, id, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_codec_context(file, "NONE", context, &size), K4A_BUFFER_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_codec_id(file, "DEPTH", id, NULL), K4A_BUFFER_RESULT_FAILED);
  k4a_playback_close(file);
}

static void tells_video_settings(void) {
  k4a_playback_t file = open_file("custom.mkv");
  k4a_record_video_settings_t settings;
  CHECK_EQ(k4a_playback_track_get_video_settings(file, "PICTURES", &settings), K4A_RESULT_SUCCEEDED);
  CHECK(settings.width == 48 && settings.height == 32 && settings.frame_rate == 30);
  CHECK_EQ(k4a_playback_track_get_video_settings(file, "DEPTH", &settings), K4A_RESULT_SUCCEEDED);
  CHECK(settings.width == 320 && settings.height == 288 && settings.frame_rate == 30);
  CHECK_EQ(k4a_playback_track_get_video_settings(file, "EVENTS", &settings), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_video_settings(file, "NONE", &settings), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_video_settings(file, NULL, &settings), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_track_get_video_settings(file, "DEPTH", NULL), K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

static void opens_a_file_twice(void) {
  k4a_playback_t a = open_file("walk.mkv");
  k4a_playback_t b = open_file("walk.mkv");
  CHECK(a != b);
  CHECK_EQ(step_time(a, 1), time_of(0));
  CHECK_EQ(step_time(a, 1), time_of(1));
  CHECK_EQ(step_time(b, 1), time_of(0));
  k4a_playback_close(a);
  CHECK_EQ(step_time(b, 1), time_of(1));
  k4a_playback_close(b);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"refuses_what_is_no_recording", refuses_what_is_no_recording},
      {"refuses_handles_that_are_none", refuses_handles_that_are_none},
      {"tells_the_configuration", tells_the_configuration},
      {"tells_the_configuration_of_files_without_some_tracks", tells_the_configuration_of_files_without_some_tracks},
      {"writes_36_bytes_of_configuration", writes_36_bytes_of_configuration},
      {"gives_the_calibration", gives_the_calibration},
      {"opens_files_without_calibration", opens_files_without_calibration},
      {"gives_tags", gives_tags},
      {"gives_tags_of_tracks_and_attachments", gives_tags_of_tracks_and_attachments},
      {"gives_attachments", gives_attachments},
      {"lists_tracks_by_name", lists_tracks_by_name},
      {"tells_codecs", tells_codecs},
      {"tells_video_settings", tells_video_settings},
      {"opens_a_file_twice", opens_a_file_twice},
  };
  return RUN_TESTS(tests);
}
