#include "playback_support.h"

#include <stdio.h>
#include <stdlib.h>

k4a_playback_t open_file(const char *name) {
  k4a_playback_t playback = NULL;
  if (k4a_playback_open(path_of(name), &playback) != K4A_RESULT_SUCCEEDED || playback == NULL) {
    printf("cannot open %s: nothing more can be tested\n", path_of(name));
    exit(1);
  }
  return playback;
}

int64_t time_of(int frame) { return FIRST_US + (int64_t)frame * PERIOD_US; }

/* Which frame's payload this is; -1 for none's. */
static int frame_of_payload(k4a_image_t image, int track) {
  const uint8_t *bytes = k4a_image_get_buffer(image);
  if (bytes == NULL || k4a_image_get_size(image) != PAYLOAD_BYTES) return -1;
  for (int frame = 0; frame < IMU_FRAMES; ++frame) {
    int at = 0;
    while (at < PAYLOAD_BYTES && bytes[at] == payload_byte(track, frame, at)) ++at;
    if (at == PAYLOAD_BYTES) return frame;
  }
  return -1;
}

/* The image's time, after a look at everything else it says. Takes the reference. */
static int64_t take_image(k4a_image_t image, int track, k4a_image_format_t format) {
  if (image == NULL) return -1;
  CHECK_EQ(k4a_image_get_format(image), format);
  CHECK(frame_of_payload(image, track) >= 0);
  CHECK_EQ(k4a_image_get_system_timestamp_nsec(image), 0);
  CHECK_EQ(k4a_image_get_exposure_usec(image), 0);
  CHECK_EQ(k4a_image_get_white_balance(image), 0);
  CHECK_EQ(k4a_image_get_iso_speed(image), 0);
  const int64_t time = (int64_t)k4a_image_get_device_timestamp_usec(image);
  k4a_image_release(image);
  return time;
}

k4a_stream_result_t step(k4a_playback_t playback, int direction, struct stamps *out) {
  k4a_capture_t capture = (k4a_capture_t)out; /* must be replaced */
  const k4a_stream_result_t result = direction > 0 ? k4a_playback_get_next_capture(playback, &capture)
                                                   : k4a_playback_get_previous_capture(playback, &capture);
  const struct stamps none = {-1, -1, -1};
  *out = none;
  if (result != K4A_STREAM_RESULT_SUCCEEDED) {
    CHECK(capture == NULL);
    return result;
  }
  const float temperature = k4a_capture_get_temperature_c(capture);
  CHECK(temperature != temperature);
  out->color = take_image(k4a_capture_get_color_image(capture), PAYLOAD_COLOR, K4A_IMAGE_FORMAT_COLOR_MJPG);
  out->depth = take_image(k4a_capture_get_depth_image(capture), PAYLOAD_DEPTH, K4A_IMAGE_FORMAT_DEPTH16);
  out->ir = take_image(k4a_capture_get_ir_image(capture), PAYLOAD_IR, K4A_IMAGE_FORMAT_IR16);
  k4a_capture_release(capture);
  return result;
}

int64_t step_time(k4a_playback_t playback, int direction) {
  struct stamps found;
  if (step(playback, direction, &found) != K4A_STREAM_RESULT_SUCCEEDED) return -1;
  int64_t earliest = INT64_MAX;
  if (found.color >= 0 && found.color < earliest) earliest = found.color;
  if (found.depth >= 0 && found.depth < earliest) earliest = found.depth;
  if (found.ir >= 0 && found.ir < earliest) earliest = found.ir;
  return earliest;
}
