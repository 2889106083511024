/* Custom tracks and their data (facts k4a-abi.md B11, B12, G8 68, 72, 73, 82). */
#include <string.h>

#include "playback_support.h"

/* The time of the next or previous block of a track; -1 at the end. Checks its bytes, which tell its number. */
static int64_t block_time(k4a_playback_t playback, const char *track, int direction, size_t bytes_of_first,
                          size_t more_for_each, int *number) {
  k4a_playback_data_block_t untouched = (k4a_playback_data_block_t)number;
  k4a_playback_data_block_t block = untouched;
  const k4a_stream_result_t result = direction > 0 ? k4a_playback_get_next_data_block(playback, track, &block)
                                                   : k4a_playback_get_previous_data_block(playback, track, &block);
  if (result == K4A_STREAM_RESULT_EOF) {
    CHECK(block == untouched);
    return -1;
  }
  CHECK_EQ(result, K4A_STREAM_RESULT_SUCCEEDED);
  *number += direction;
  CHECK_EQ(k4a_playback_data_block_get_buffer_size(block), bytes_of_first + more_for_each * (size_t)*number);
  const uint8_t *bytes = k4a_playback_data_block_get_buffer(block);
  for (size_t at = 0; at < k4a_playback_data_block_get_buffer_size(block); ++at)
    CHECK_EQ(bytes[at], payload_byte(PAYLOAD_CUSTOM, *number, (int)at));
  const int64_t time = (int64_t)k4a_playback_data_block_get_device_timestamp_usec(block);
  k4a_playback_data_block_release(block);
  return time;
}

static void check_both_ways(const char *track, int count, int64_t step_us, size_t bytes, size_t more) {
  k4a_playback_t file = open_file("custom.mkv");
  int number = -1;
  for (int i = 0; i < count; ++i) CHECK_EQ(block_time(file, track, 1, bytes, more, &number), FIRST_US + i * step_us);
  ++number;
  CHECK_EQ(block_time(file, track, 1, bytes, more, &number), -1);
  CHECK_EQ(block_time(file, track, 1, bytes, more, &number), -1);
  for (int i = count - 1; i >= 0; --i)
    CHECK_EQ(block_time(file, track, -1, bytes, more, &number), FIRST_US + i * step_us);
  CHECK_EQ(block_time(file, track, -1, bytes, more, &number), -1);
  k4a_playback_close(file);
}

static void gives_events_of_any_size(void) { check_both_ways("EVENTS", EVENTS, EVENT_STEP_US, 1, 1); }
static void gives_video_frames_of_any_codec(void) {
  check_both_ways("PICTURES", PICTURES, PICTURE_STEP_US, PICTURE_BYTES, 0);
}

/* Several data share a stored time and duration: the first and the last are exact, those between within 1 us where they
   are evenly spread. */
static void gives_fast_data_their_times(void) {
  k4a_playback_t file = open_file("custom.mkv");
  int number = -1;
  for (int i = 0; i < FAST; ++i) {
    const int64_t off = block_time(file, "FAST", 1, 4, 0, &number) - (FIRST_US + (int64_t)i * FAST_STEP_US);
    CHECK(off >= -1 && off <= 1);
    if (i == 0 || i == FAST - 1) CHECK_EQ(off, 0);
  }
  ++number;
  CHECK_EQ(block_time(file, "FAST", 1, 4, 0, &number), -1);
  k4a_playback_close(file);
}

static void seeks_to_data(void) {
  k4a_playback_t file = open_file("custom.mkv");
  for (int i = 1; i + 1 < EVENTS; ++i) {
    const int64_t at = FIRST_US + (int64_t)i * EVENT_STEP_US;
    int number = i - 1;
    k4a_playback_seek_timestamp(file, at, K4A_PLAYBACK_SEEK_DEVICE_TIME);
    CHECK_EQ(block_time(file, "EVENTS", 1, 1, 1, &number), at);
    number = i + 1;
    k4a_playback_seek_timestamp(file, at + 1 - FIRST_US, K4A_PLAYBACK_SEEK_BEGIN);
    CHECK_EQ(block_time(file, "EVENTS", -1, 1, 1, &number), at);
  }
  for (int i = 1; i + 1 < FAST; ++i) {
    const int64_t near = FIRST_US + (int64_t)i * FAST_STEP_US + FAST_STEP_US / 2;
    int number = i;
    k4a_playback_seek_timestamp(file, near, K4A_PLAYBACK_SEEK_DEVICE_TIME);
    CHECK(block_time(file, "FAST", 1, 4, 0, &number) > near);
  }
  k4a_playback_close(file);
}

static void tracks_have_positions_of_their_own(void) {
  k4a_playback_t file = open_file("custom.mkv");
  int event = -1;
  int picture = -1;
  for (int i = 0; i < PICTURES; ++i) {
    CHECK_EQ(block_time(file, "EVENTS", 1, 1, 1, &event), FIRST_US + i * EVENT_STEP_US);
    CHECK_EQ(block_time(file, "PICTURES", 1, PICTURE_BYTES, 0, &picture), FIRST_US + i * PICTURE_STEP_US);
  }
  CHECK_EQ(step_time(file, 1), FIRST_US);
  k4a_playback_close(file);
}

static void blocks_outlive_the_playback(void) {
  k4a_playback_t file = open_file("custom.mkv");
  k4a_playback_data_block_t first = NULL;
  k4a_playback_data_block_t second = NULL;
  CHECK_EQ(k4a_playback_get_next_data_block(file, "PICTURES", &first), K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_playback_get_next_data_block(file, "PICTURES", &second), K4A_STREAM_RESULT_SUCCEEDED);
  k4a_playback_close(file);
  CHECK_EQ(k4a_playback_data_block_get_buffer(first)[5], payload_byte(PAYLOAD_CUSTOM, 0, 5));
  CHECK_EQ(k4a_playback_data_block_get_buffer(second)[32], payload_byte(PAYLOAD_CUSTOM, 1, 32));
  CHECK_EQ(k4a_playback_data_block_get_device_timestamp_usec(second), FIRST_US + PICTURE_STEP_US);
  k4a_playback_data_block_release(first);
  k4a_playback_data_block_release(second);
}

static void reads_only_custom_tracks(void) {
  k4a_playback_t file = open_file("custom.mkv");
  k4a_playback_data_block_t untouched = (k4a_playback_data_block_t)&file;
  k4a_playback_data_block_t block = untouched;
  CHECK_EQ(k4a_playback_get_next_data_block(file, "DEPTH", &block), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_data_block(file, "IR", &block), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_next_data_block(file, "NONE", &block), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_next_data_block(file, NULL, &block), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_next_data_block(NULL, "EVENTS", &block), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_next_data_block(file, "EVENTS", NULL), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_data_block(file, "EVENTS", NULL), K4A_STREAM_RESULT_FAILED);
  CHECK(block == untouched);
  k4a_playback_close(file);
}

static void handles_that_are_none_are_harmless(void) {
  CHECK_EQ(k4a_playback_data_block_get_buffer_size(NULL), 0);
  CHECK(k4a_playback_data_block_get_buffer(NULL) == NULL);
  CHECK_EQ(k4a_playback_data_block_get_device_timestamp_usec(NULL), 0);
  k4a_playback_data_block_release(NULL);
  k4a_playback_t file = open_file("custom.mkv");
  k4a_playback_data_block_t block = NULL;
  CHECK_EQ(k4a_playback_get_next_data_block(file, "EVENTS", &block), K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(k4a_playback_data_block_get_buffer_size((k4a_playback_data_block_t)file), 0);
  k4a_playback_data_block_release(block);
  CHECK_EQ(k4a_playback_data_block_get_buffer_size(block), 0);
  CHECK(k4a_playback_data_block_get_buffer(block) == NULL);
  k4a_playback_data_block_release(block);
  k4a_playback_close(file);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"gives_events_of_any_size", gives_events_of_any_size},
      {"gives_video_frames_of_any_codec", gives_video_frames_of_any_codec},
      {"gives_fast_data_their_times", gives_fast_data_their_times},
      {"seeks_to_data", seeks_to_data},
      {"tracks_have_positions_of_their_own", tracks_have_positions_of_their_own},
      {"blocks_outlive_the_playback", blocks_outlive_the_playback},
      {"reads_only_custom_tracks", reads_only_custom_tracks},
      {"handles_that_are_none_are_harmless", handles_that_are_none_are_harmless},
  };
  return RUN_TESTS(tests);
}
