/* Colour in other formats than recorded (facts k4a-abi.md B11, G8 83). The pixels themselves: color_test.cpp. */
#include <string.h>

#include "playback_support.h"

enum { WIDTH = 1280, HEIGHT = 720 };

/* The colour image of the next capture; null if the call does not succeed. */
static k4a_image_t next_color(k4a_playback_t file, k4a_stream_result_t expected) {
  k4a_capture_t capture = (k4a_capture_t)file;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), expected);
  if (expected != K4A_STREAM_RESULT_SUCCEEDED) {
    CHECK(capture == NULL);
    return NULL;
  }
  k4a_image_t image = k4a_capture_get_color_image(capture);
  k4a_capture_release(capture);
  CHECK(image != NULL);
  return image;
}

static size_t bytes_of(k4a_image_format_t format) {
  switch (format) {
    case K4A_IMAGE_FORMAT_COLOR_NV12: return (size_t)WIDTH * HEIGHT * 3 / 2;
    case K4A_IMAGE_FORMAT_COLOR_YUY2: return (size_t)WIDTH * HEIGHT * 2;
    default: return (size_t)WIDTH * HEIGHT * 4;
  }
}

static int stride_of(k4a_image_format_t format) {
  return format == K4A_IMAGE_FORMAT_COLOR_NV12 ? WIDTH : format == K4A_IMAGE_FORMAT_COLOR_YUY2 ? 2 * WIDTH : 4 * WIDTH;
}

static const k4a_image_format_t targets[] = {K4A_IMAGE_FORMAT_COLOR_NV12, K4A_IMAGE_FORMAT_COLOR_YUY2,
                                             K4A_IMAGE_FORMAT_COLOR_BGRA32};

/* The pictures are grey from left to right: Y 40 to 216 in video range. */
static void check_grey(const uint8_t *pixels, k4a_image_format_t format) {
  for (int x = 0; x < WIDTH; x += 64) {
    const int y = 40 + 176 * x / WIDTH;
    const int rgb = (y - 16) * 255 / 219;
    const uint8_t *row = pixels + (size_t)(HEIGHT / 2) * (size_t)stride_of(format);
    const int value = format == K4A_IMAGE_FORMAT_COLOR_NV12   ? row[x]
                      : format == K4A_IMAGE_FORMAT_COLOR_YUY2 ? row[2 * x]
                                                              : row[4 * x + 1];
    const int expected = format == K4A_IMAGE_FORMAT_COLOR_BGRA32 ? rgb : y;
    CHECK(value >= expected - 4 && value <= expected + 4);
    if (format == K4A_IMAGE_FORMAT_COLOR_BGRA32) CHECK_EQ(row[4 * x + 3], 255);
  }
}

static void check_conversions(const char *name, k4a_image_format_t recorded) {
  k4a_playback_t file = open_file(name);
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; ++i) {
    CHECK_EQ(k4a_playback_set_color_conversion(file, targets[i]), K4A_RESULT_SUCCEEDED);
    k4a_playback_seek_timestamp(file, 0, K4A_PLAYBACK_SEEK_BEGIN);
    k4a_image_t image = next_color(file, K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQ(k4a_image_get_format(image), targets[i]);
    CHECK_EQ(k4a_image_get_width_pixels(image), WIDTH);
    CHECK_EQ(k4a_image_get_height_pixels(image), HEIGHT);
    CHECK_EQ(k4a_image_get_stride_bytes(image), stride_of(targets[i]));
    CHECK_EQ(k4a_image_get_size(image), bytes_of(targets[i]));
    CHECK_EQ(k4a_image_get_device_timestamp_usec(image), FIRST_US);
    if (k4a_image_get_size(image) == bytes_of(targets[i])) check_grey(k4a_image_get_buffer(image), targets[i]);
    k4a_image_release(image);
    k4a_record_configuration_t config;
    CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
    CHECK_EQ(config.color_format, recorded);
  }
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_MJPG),
           recorded == K4A_IMAGE_FORMAT_COLOR_MJPG ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

static void converts_from_mjpg(void) { check_conversions("color_mjpg.mkv", K4A_IMAGE_FORMAT_COLOR_MJPG); }
static void converts_from_nv12(void) { check_conversions("color_nv12.mkv", K4A_IMAGE_FORMAT_COLOR_NV12); }
static void converts_from_yuy2(void) { check_conversions("color_yuy2.mkv", K4A_IMAGE_FORMAT_COLOR_YUY2); }
static void converts_from_bgra(void) { check_conversions("color_bgra.mkv", K4A_IMAGE_FORMAT_COLOR_BGRA32); }

static void changes_the_format_at_any_time(void) {
  k4a_playback_t file = open_file("color_nv12.mkv");
  k4a_image_t first = next_color(file, K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_YUY2), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_DEPTH16), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_IR16), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_CUSTOM), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, (k4a_image_format_t)9), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_set_color_conversion(file, (k4a_image_format_t)259), K4A_RESULT_FAILED);
  k4a_image_t second = next_color(file, K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_image_get_format(first), K4A_IMAGE_FORMAT_COLOR_NV12);
  CHECK_EQ(k4a_image_get_format(second), K4A_IMAGE_FORMAT_COLOR_YUY2);
  k4a_playback_close(file);
  check_grey(k4a_image_get_buffer(second), K4A_IMAGE_FORMAT_COLOR_YUY2);
  k4a_image_release(first);
  k4a_image_release(second);
}

/* The capture fails and is passed; as it was recorded it can be had. */
static void fails_for_a_damaged_frame_and_goes_on(void) {
  k4a_playback_t file = open_file("color_mjpg.mkv");
  k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_BGRA32);
  k4a_image_release(next_color(file, K4A_STREAM_RESULT_SUCCEEDED));
  next_color(file, K4A_STREAM_RESULT_FAILED);
  k4a_image_t third = next_color(file, K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_image_get_device_timestamp_usec(third), FIRST_US + 2 * PERIOD_US);
  k4a_image_release(third);
  next_color(file, K4A_STREAM_RESULT_EOF);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_MJPG), K4A_RESULT_SUCCEEDED);
  k4a_playback_seek_timestamp(file, PERIOD_US, K4A_PLAYBACK_SEEK_BEGIN);
  k4a_image_t damaged = next_color(file, K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_image_get_format(damaged), K4A_IMAGE_FORMAT_COLOR_MJPG);
  CHECK_EQ(k4a_image_get_stride_bytes(damaged), 0);
  CHECK_EQ(k4a_image_get_device_timestamp_usec(damaged), FIRST_US + PERIOD_US);
  k4a_image_release(damaged);
  k4a_playback_close(file);
}

static void needs_a_color_track(void) {
  k4a_playback_t file = open_file("ir_only.mkv");
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_BGRA32), K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"converts_from_mjpg", converts_from_mjpg},
      {"converts_from_nv12", converts_from_nv12},
      {"converts_from_yuy2", converts_from_yuy2},
      {"converts_from_bgra", converts_from_bgra},
      {"changes_the_format_at_any_time", changes_the_format_at_any_time},
      {"fails_for_a_damaged_frame_and_goes_on", fails_for_a_damaged_frame_and_goes_on},
      {"needs_a_color_track", needs_a_color_track},
  };
  return RUN_TESTS(tests);
}
