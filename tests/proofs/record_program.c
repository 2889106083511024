/*
 * record_program FILE COUNT: writes COUNT captures of depth and IR at 30 fps by device time, with IMU samples, as fast
 * as they are taken, and says the number of each one that was. Then it waits, the recording open, to be killed.
 */
#include <k4a/k4a.h>
#include <k4arecord/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHECK(call)                                                     \
  do {                                                                  \
    if (K4A_FAILED(call)) {                                             \
      fprintf(stderr, "%s:%d: %s failed\n", __FILE__, __LINE__, #call); \
      exit(1);                                                          \
    }                                                                   \
  } while (0)

enum { WIDTH = 320, HEIGHT = 288, SAMPLES = 53 };

static k4a_image_t image(k4a_image_format_t format, uint64_t time, int number) {
  k4a_image_t made = NULL;
  CHECK(k4a_image_create(format, WIDTH, HEIGHT, 2 * WIDTH, &made));
  uint16_t* pixels = (uint16_t*)(void*)k4a_image_get_buffer(made);
  for (int i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = (uint16_t)(i + number);
  k4a_image_set_device_timestamp_usec(made, time);
  return made;
}

static void write_capture(k4a_record_t recording, uint64_t time, int number) {
  k4a_capture_t capture = NULL;
  CHECK(k4a_capture_create(&capture));
  k4a_image_t depth = image(K4A_IMAGE_FORMAT_DEPTH16, time, number);
  k4a_image_t ir = image(K4A_IMAGE_FORMAT_IR16, time, number + 1);
  k4a_capture_set_depth_image(capture, depth);
  k4a_capture_set_ir_image(capture, ir);
  CHECK(k4a_record_write_capture(recording, capture));
  k4a_image_release(depth);
  k4a_image_release(ir);
  k4a_capture_release(capture);
}

static void write_samples(k4a_record_t recording, uint64_t from) {
  for (int i = 0; i < SAMPLES; i++) {
    k4a_imu_sample_t sample = {0};
    sample.acc_timestamp_usec = sample.gyro_timestamp_usec = from + (uint64_t)i * 625;
    CHECK(k4a_record_write_imu_sample(recording, sample));
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  config.camera_fps = K4A_FRAMES_PER_SECOND_30;
  k4a_record_t recording = NULL;
  CHECK(k4a_record_create(argv[1], NULL, config, &recording));
  CHECK(k4a_record_add_imu_track(recording));
  CHECK(k4a_record_write_header(recording));
  const int count = atoi(argv[2]);
  for (int number = 0; number < count; number++) {
    const uint64_t time = 1000000 + (uint64_t)number * 100000 / 3;
    write_capture(recording, time, number);
    write_samples(recording, time);
    printf("%d written\n", number + 1);
    fflush(stdout);
  }
  for (;;) pause();
}
