/*
 * Records with libk4arecord, for reading what one library wrote with another: run with the one or the other in
 * LD_LIBRARY_PATH.
 *
 *   record_files FOLDER
 */
#include <k4a/k4a.h>
#include <k4arecord/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 75, FIRST_US = 2000000, PERIOD_US = 33333, DELAY_US = -4000 };

static void must(k4a_result_t result, const char *what) {
  if (result == K4A_RESULT_SUCCEEDED) return;
  printf("%s failed\n", what);
  exit(1);
}

/* What belongs to a frame comes before the next frame's depth, because after a flush nothing older than it is taken. */

/* Frames are noise of a few hundred bytes: sizes are not what this is about. */
static void fill(uint8_t *bytes, size_t size, unsigned seed) {
  for (size_t i = 0; i < size; ++i) {
    seed = seed * 1664525U + 1013904223U;
    bytes[i] = (uint8_t)(seed >> 24);
  }
}

static k4a_image_t image(k4a_image_format_t format, int width, int height, int stride, size_t size, uint64_t time,
                         unsigned seed) {
  static uint8_t pixels[1024]; /* copied by the write that follows at once */
  k4a_image_t made = NULL;
  fill(pixels, size, seed);
  must(k4a_image_create_from_buffer(format, width, height, stride, pixels, size, NULL, NULL, &made), "image");
  k4a_image_set_device_timestamp_usec(made, time);
  return made;
}

static void write_image(k4a_record_t file, k4a_image_t made, void (*set)(k4a_capture_t, k4a_image_t)) {
  k4a_capture_t capture = NULL;
  must(k4a_capture_create(&capture), "capture");
  set(capture, made);
  k4a_image_release(made);
  must(k4a_record_write_capture(file, capture), "write_capture");
  k4a_capture_release(capture);
}

static void write_frame(k4a_record_t file, int frame, int depth, int color) {
  const uint64_t time = FIRST_US + (uint64_t)frame * PERIOD_US;
  const unsigned seed = (unsigned)frame * 7;
  if (depth) {
    write_image(file, image(K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 640, 512, time + DELAY_US, seed + 1),
                k4a_capture_set_depth_image);
    write_image(file, image(K4A_IMAGE_FORMAT_IR16, 320, 288, 640, 514, time + DELAY_US, seed + 2),
                k4a_capture_set_ir_image);
  }
  if (color)
    write_image(file, image(K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, 0, 401 + (size_t)frame % 3, time, seed),
                k4a_capture_set_color_image);
}

static void write_samples(k4a_record_t file, int frame) {
  for (int i = 0; i < 45; ++i) {
    k4a_imu_sample_t sample;
    memset(&sample, 0, sizeof sample);
    const int number = frame * 45 + i;
    sample.acc_timestamp_usec = FIRST_US + (uint64_t)frame * PERIOD_US + (uint64_t)i * 606;
    sample.gyro_timestamp_usec = sample.acc_timestamp_usec + 2;
    sample.acc_sample.xyz.x = (float)number * 0.25F;
    sample.gyro_sample.xyz.z = -(float)number;
    must(k4a_record_write_imu_sample(file, sample), "write_imu_sample");
  }
}

static void write_data(k4a_record_t file, int frame) {
  uint8_t bytes[64];
  const uint64_t time = FIRST_US + (uint64_t)frame * PERIOD_US;
  fill(bytes, sizeof bytes, (unsigned)frame);
  must(k4a_record_write_custom_track_data(file, "EVENTS", time, bytes, (size_t)(frame % 63 + 1)), "EVENTS");
  must(k4a_record_write_custom_track_data(file, "PICTURES", time, bytes, 33), "PICTURES");
  for (unsigned i = 0; i < 24; ++i)
    must(k4a_record_write_custom_track_data(file, "FAST", time + i * 1111, bytes + i, 4), "FAST");
}

static k4a_record_t create(const char *folder, const char *name, int depth, int color) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_MJPG;
  config.color_resolution = color ? K4A_COLOR_RESOLUTION_720P : K4A_COLOR_RESOLUTION_OFF;
  config.depth_mode = depth ? K4A_DEPTH_MODE_NFOV_2X2BINNED : K4A_DEPTH_MODE_OFF;
  config.camera_fps = K4A_FRAMES_PER_SECOND_30;
  config.depth_delay_off_color_usec = depth && color ? DELAY_US : 0;
  k4a_record_t file = NULL;
  must(k4a_record_create(path, NULL, config, &file), "create");
  return file;
}

static void add_everything(k4a_record_t file) {
  const k4a_record_video_settings_t video = {48, 32, 30};
  const k4a_record_subtitle_settings_t fast = {true};
  must(k4a_record_add_imu_track(file), "add_imu_track");
  must(k4a_record_add_tag(file, "TAKE", "first light"), "add_tag");
  must(k4a_record_add_tag(file, "EMPTY", ""), "add_tag");
  must(k4a_record_add_tag(file, "TWICE", "one"), "add_tag");
  must(k4a_record_add_tag(file, "TWICE", "two"), "add_tag");
  must(k4a_record_add_attachment(file, "notes", (const uint8_t *)"a\0b", 3), "add_attachment");
  must(k4a_record_add_custom_video_track(file, "PICTURES", "V_TEST", (const uint8_t *)"\1\0\377", 3, &video), "video");
  must(k4a_record_add_custom_subtitle_track(file, "EVENTS", "S_TEST", NULL, 0, NULL), "subtitle");
  must(k4a_record_add_custom_subtitle_track(file, "FAST", "S_FAST", (const uint8_t *)"x", 1, &fast), "fast");
}

static void record(const char *folder, const char *name, int depth, int color, int rest) {
  k4a_record_t file = create(folder, name, depth, color);
  if (rest) add_everything(file);
  must(k4a_record_write_header(file), "write_header");
  for (int frame = 0; frame < FRAMES; ++frame) {
    write_frame(file, frame, depth, color);
    if (rest) write_samples(file, frame);
    if (rest) write_data(file, frame);
    if (frame == FRAMES / 2) must(k4a_record_flush(file), "flush");
  }
  must(k4a_record_flush(file), "flush");
  k4a_record_close(file);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  record(argv[1], "everything.mkv", 1, 1, 1);
  record(argv[1], "depth.mkv", 1, 0, 0);
  record(argv[1], "color.mkv", 0, 1, 0);
  return 0;
}
