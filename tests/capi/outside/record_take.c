/*
 * A program of somebody else: records a take with everything that a recording may have, using nothing but the
 * installed headers and libraries. Usage: record_take FILE
 */
#include <k4a/k4a.h>
#include <k4arecord/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(call)                                                     \
  do {                                                                  \
    if (K4A_FAILED(call)) {                                             \
      fprintf(stderr, "%s:%d: %s failed\n", __FILE__, __LINE__, #call); \
      exit(1);                                                          \
    }                                                                   \
  } while (0)

enum { CAPTURES = 12, SAMPLES_PER_CAPTURE = 55, WIDTH = 320, HEIGHT = 288 };

static const uint64_t kStartUsec = 5000000;

static void free_pixels(void* buffer, void* context) {
  int* count = context;
  free(buffer);
  --*count;
}

/* Color images in memory of the program's own. */
static int buffers_alive = 0;

static k4a_image_t color_image(uint64_t time, int number) {
  const size_t size = 1280 * 720 * 3 / 2;
  uint8_t* bytes = malloc(size);
  memset(bytes, 16 + number, size);
  buffers_alive++;
  k4a_image_t image = NULL;
  CHECK(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_COLOR_NV12, 1280, 720, 1280, bytes, size, free_pixels,
                                     &buffers_alive, &image));
  k4a_image_set_device_timestamp_usec(image, time);
  return image;
}

static k4a_image_t depth_sized_image(k4a_image_format_t format, uint64_t time, int number) {
  k4a_image_t image = NULL;
  CHECK(k4a_image_create(format, WIDTH, HEIGHT, 0, &image));
  uint16_t* pixels = (uint16_t*)(void*)k4a_image_get_buffer(image);
  for (int i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = (uint16_t)(i + number);
  k4a_image_set_device_timestamp_usec(image, time);
  return image;
}

static void write_capture(k4a_record_t recording, uint64_t time, int number) {
  k4a_capture_t capture = NULL;
  CHECK(k4a_capture_create(&capture));
  k4a_image_t color = color_image(time, number);
  k4a_image_t depth = depth_sized_image(K4A_IMAGE_FORMAT_DEPTH16, time, number);
  k4a_image_t ir = depth_sized_image(K4A_IMAGE_FORMAT_IR16, time, number + 1);
  k4a_capture_set_color_image(capture, color);
  k4a_capture_set_depth_image(capture, depth);
  k4a_capture_set_ir_image(capture, ir);
  k4a_image_release(color);
  k4a_image_release(depth);
  k4a_image_release(ir);
  CHECK(k4a_record_write_capture(recording, capture));
  k4a_capture_release(capture);
}

static void write_samples(k4a_record_t recording, uint64_t time) {
  for (int i = 0; i < SAMPLES_PER_CAPTURE; i++) {
    k4a_imu_sample_t sample;
    memset(&sample, 0, sizeof sample);
    sample.acc_sample.xyz.z = 9.81f;
    sample.acc_timestamp_usec = time + (uint64_t)i * 600;
    sample.gyro_sample.xyz.x = 0.01f;
    sample.gyro_timestamp_usec = sample.acc_timestamp_usec + 3;
    CHECK(k4a_record_write_imu_sample(recording, sample));
  }
}

static void describe(k4a_record_t recording) {
  static const uint8_t context[] = {1, 2, 3};
  k4a_record_video_settings_t video = {64, 48, 30};
  k4a_record_subtitle_settings_t often = {true};
  CHECK(k4a_record_add_tag(recording, "OPERATOR", "somebody else"));
  CHECK(k4a_record_add_imu_track(recording));
  CHECK(k4a_record_add_attachment(recording, "notes.txt", (const uint8_t*)"a note", 6));
  CHECK(
      k4a_record_add_custom_video_track(recording, "THERMAL", "V_THERMAL", context, sizeof context, &video));
  CHECK(k4a_record_add_custom_subtitle_track(recording, "FORCE", "S_FORCE", NULL, 0, &often));
  CHECK(k4a_record_write_header(recording));
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  config.camera_fps = K4A_FRAMES_PER_SECOND_30;
  k4a_record_t recording = NULL;
  CHECK(k4a_record_create(argv[1], NULL, config, &recording));
  describe(recording);
  for (int i = 0; i < CAPTURES; i++) {
    const uint64_t time = kStartUsec + (uint64_t)i * 33333;
    uint8_t datum[8] = {(uint8_t)i};
    write_capture(recording, time, i);
    write_samples(recording, time);
    CHECK(k4a_record_write_custom_track_data(recording, "THERMAL", time, datum, sizeof datum));
    CHECK(k4a_record_write_custom_track_data(recording, "FORCE", time, datum, sizeof datum));
    if (i == CAPTURES / 2) CHECK(k4a_record_flush(recording));
  }
  CHECK(k4a_record_flush(recording));
  k4a_record_close(recording);
  printf("%d captures\n", CAPTURES);
  return buffers_alive == 0 ? 0 : 1;
}
