/* Captures: next, previous, ends, turns and seeks (facts k4a-abi.md B12, G8 74 to 80). */
#include <string.h>

#include "playback_support.h"

static void gives_captures_in_order(void) {
  k4a_playback_t file = open_file("walk.mkv");
  for (int i = 0; i < FRAMES; ++i) {
    struct stamps found;
    CHECK_EQ(step(file, 1, &found), K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQ(found.color, time_of(i));
    CHECK_EQ(found.depth, time_of(i) + DEPTH_LATER_US);
    CHECK_EQ(found.ir, time_of(i) + DEPTH_LATER_US);
  }
  CHECK_EQ(step_time(file, 1), -1);
  for (int i = FRAMES - 1; i >= 0; --i) CHECK_EQ(step_time(file, -1), time_of(i));
  CHECK_EQ(step_time(file, -1), -1);
  k4a_playback_close(file);
}

static void stays_at_its_ends(void) {
  k4a_playback_t file = open_file("walk.mkv");
  for (int i = 0; i < 3; ++i) CHECK_EQ(step_time(file, -1), -1);
  CHECK_EQ(step_time(file, 1), time_of(0));
  CHECK_EQ(k4a_playback_seek_timestamp(file, 0, K4A_PLAYBACK_SEEK_END), K4A_RESULT_SUCCEEDED);
  for (int i = 0; i < 3; ++i) CHECK_EQ(step_time(file, 1), -1);
  CHECK_EQ(step_time(file, -1), time_of(FRAMES - 1));
  CHECK_EQ(step_time(file, -1), time_of(FRAMES - 2));
  k4a_playback_close(file);
}

static void turns_round_at_the_capture_given_last(void) {
  k4a_playback_t file = open_file("walk.mkv");
  CHECK_EQ(step_time(file, 1), time_of(0));
  CHECK_EQ(step_time(file, 1), time_of(1));
  for (int i = 0; i < 3; ++i) {
    CHECK_EQ(step_time(file, -1), time_of(0));
    CHECK_EQ(step_time(file, 1), time_of(1));
  }
  k4a_playback_close(file);
}

/* Where a seek with this offset goes: the captures behind and before it; -1 for an end. Looked at separately. */
static void check_seek(k4a_playback_t file, int64_t offset, k4a_playback_seek_origin_t origin, int64_t next,
                       int64_t previous) {
  CHECK_EQ(k4a_playback_seek_timestamp(file, offset, origin), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(step_time(file, 1), next);
  CHECK_EQ(k4a_playback_seek_timestamp(file, offset, origin), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(step_time(file, -1), previous);
}

static void seeks_to_the_microsecond(void) {
  k4a_playback_t file = open_file("walk.mkv");
  for (int i = 1; i + 1 < FRAMES; ++i) {
    const int64_t at = time_of(i) - FIRST_US;
    check_seek(file, at - 1, K4A_PLAYBACK_SEEK_BEGIN, time_of(i), time_of(i - 1));
    check_seek(file, at, K4A_PLAYBACK_SEEK_BEGIN, time_of(i), time_of(i - 1));
    /* Inside the capture: it counts as a whole, and as the next one. */
    check_seek(file, at + 1, K4A_PLAYBACK_SEEK_BEGIN, time_of(i), time_of(i - 1));
    check_seek(file, at + DEPTH_LATER_US, K4A_PLAYBACK_SEEK_BEGIN, time_of(i), time_of(i - 1));
    check_seek(file, at + DEPTH_LATER_US + 1, K4A_PLAYBACK_SEEK_BEGIN, time_of(i + 1), time_of(i));
    check_seek(file, time_of(i), K4A_PLAYBACK_SEEK_DEVICE_TIME, time_of(i), time_of(i - 1));
    check_seek(file, time_of(i) + 1, K4A_PLAYBACK_SEEK_DEVICE_TIME, time_of(i), time_of(i - 1));
  }
  k4a_playback_close(file);
}

static void completes_the_capture_it_seeks_into(void) {
  k4a_playback_t file = open_file("walk.mkv");
  struct stamps found;
  CHECK_EQ(k4a_playback_seek_timestamp(file, time_of(7) + 1, K4A_PLAYBACK_SEEK_DEVICE_TIME), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(step(file, 1, &found), K4A_STREAM_RESULT_SUCCEEDED);
  CHECK_EQ(found.color, time_of(7));
  CHECK_EQ(found.depth, time_of(7) + DEPTH_LATER_US);
  CHECK_EQ(found.ir, time_of(7) + DEPTH_LATER_US);
  CHECK_EQ(step_time(file, 1), time_of(8));
  k4a_playback_close(file);
}

static void seeks_from_the_end(void) {
  k4a_playback_t file = open_file("walk.mkv");
  const int64_t length = (int64_t)k4a_playback_get_recording_length_usec(file);
  const int64_t last = time_of(FRAMES - 1);
  CHECK_EQ(length, last + DEPTH_LATER_US - FIRST_US);
  check_seek(file, 0, K4A_PLAYBACK_SEEK_END, -1, last);
  check_seek(file, 1000, K4A_PLAYBACK_SEEK_END, -1, last);
  check_seek(file, length + 1, K4A_PLAYBACK_SEEK_BEGIN, -1, last);
  check_seek(file, -(length + 1), K4A_PLAYBACK_SEEK_END, FIRST_US, -1);
  for (int i = 1; i + 1 < FRAMES; ++i) {
    const int64_t at = time_of(i) - FIRST_US;
    check_seek(file, at - (length + 1), K4A_PLAYBACK_SEEK_END, time_of(i), time_of(i - 1));
    check_seek(file, at + DEPTH_LATER_US + 1 - (length + 1), K4A_PLAYBACK_SEEK_END, time_of(i + 1), time_of(i));
  }
  k4a_playback_close(file);
}

static void seeks_beyond_the_ends_go_to_them(void) {
  k4a_playback_t file = open_file("walk.mkv");
  const int64_t last = time_of(FRAMES - 1);
  static const int64_t far[] = {1000000000, INT64_C(4000000000000000), INT64_MAX - 1, INT64_MAX};
  for (size_t i = 0; i < sizeof far / sizeof far[0]; ++i) {
    check_seek(file, far[i], K4A_PLAYBACK_SEEK_BEGIN, -1, last);
    check_seek(file, -far[i], K4A_PLAYBACK_SEEK_BEGIN, FIRST_US, -1);
    check_seek(file, far[i], K4A_PLAYBACK_SEEK_END, -1, last);
    check_seek(file, -far[i], K4A_PLAYBACK_SEEK_END, FIRST_US, -1);
    check_seek(file, far[i], K4A_PLAYBACK_SEEK_DEVICE_TIME, -1, last);
    check_seek(file, -far[i], K4A_PLAYBACK_SEEK_DEVICE_TIME, FIRST_US, -1);
  }
  check_seek(file, INT64_MIN, K4A_PLAYBACK_SEEK_END, FIRST_US, -1);
  check_seek(file, INT64_MIN, K4A_PLAYBACK_SEEK_BEGIN, FIRST_US, -1);
  check_seek(file, FIRST_US - 1, K4A_PLAYBACK_SEEK_DEVICE_TIME, FIRST_US, -1);
  CHECK_EQ(k4a_playback_seek_timestamp(file, 0, (k4a_playback_seek_origin_t)3), K4A_RESULT_FAILED);
  CHECK_EQ(k4a_playback_seek_timestamp(file, 0, (k4a_playback_seek_origin_t)-1), K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

static void walks_on_both_ways_after_a_seek(void) {
  k4a_playback_t file = open_file("walk.mkv");
  k4a_playback_seek_timestamp(file, time_of(10), K4A_PLAYBACK_SEEK_DEVICE_TIME);
  CHECK_EQ(step_time(file, -1), time_of(9));
  CHECK_EQ(step_time(file, 1), time_of(10));
  CHECK_EQ(step_time(file, 1), time_of(11));
  k4a_playback_seek_timestamp(file, time_of(10), K4A_PLAYBACK_SEEK_DEVICE_TIME);
  CHECK_EQ(step_time(file, 1), time_of(10));
  CHECK_EQ(step_time(file, -1), time_of(9));
  CHECK_EQ(step_time(file, -1), time_of(8));
  k4a_playback_close(file);
}

/* Delays are taken out before images are grouped; stamps keep them. */
static void check_delay(const char *name, int64_t delay) {
  k4a_playback_t file = open_file(name);
  for (int direction = 1; direction >= -1; direction -= 2) {
    for (int i = 0; i < FRAMES; ++i) {
      const int frame = direction > 0 ? i : FRAMES - 1 - i;
      struct stamps found;
      CHECK_EQ(step(file, direction, &found), K4A_STREAM_RESULT_SUCCEEDED);
      CHECK_EQ(found.color, time_of(frame));
      CHECK_EQ(found.depth, time_of(frame) + delay);
      CHECK_EQ(found.ir, time_of(frame) + delay);
    }
    CHECK_EQ(step_time(file, direction), -1);
  }
  k4a_playback_close(file);
}

static void groups_with_a_positive_delay(void) { check_delay("delay_plus.mkv", DELAY_US); }
static void groups_with_a_negative_delay(void) { check_delay("delay_minus.mkv", -DELAY_US); }

static int has_color(int frame) { return frame != NO_COLOR_1 && frame != NO_COLOR_2 && frame != NOTHING; }
static int has_depth(int frame) { return frame != ONLY_COLOR_1 && frame != ONLY_COLOR_2 && frame != NOTHING; }

static void gives_partial_captures_in_their_places(void) {
  k4a_playback_t file = open_file("gaps.mkv");
  for (int direction = 1; direction >= -1; direction -= 2) {
    for (int i = 0; i < FRAMES; ++i) {
      const int frame = direction > 0 ? i : FRAMES - 1 - i;
      if (frame == NOTHING) continue;
      struct stamps found;
      CHECK_EQ(step(file, direction, &found), K4A_STREAM_RESULT_SUCCEEDED);
      CHECK_EQ(found.color, has_color(frame) ? time_of(frame) : -1);
      CHECK_EQ(found.depth, has_depth(frame) ? time_of(frame) : -1);
      CHECK_EQ(found.ir, has_depth(frame) ? time_of(frame) : -1);
    }
    CHECK_EQ(step_time(file, direction), -1);
  }
  k4a_playback_close(file);
}

/* A cursor over whole captures, also where neighbours are partial. */
static void turns_round_between_partial_captures(void) {
  k4a_playback_t file = open_file("gaps.mkv");
  for (int frame = 1; frame < FRAMES; ++frame) {
    const int before = frame - 1 == NOTHING ? frame - 2 : frame - 1;
    if (frame == NOTHING) continue;
    k4a_playback_seek_timestamp(file, time_of(frame), K4A_PLAYBACK_SEEK_DEVICE_TIME);
    for (int turn = 0; turn < 2; ++turn) {
      CHECK_EQ(step_time(file, 1), time_of(frame));
      CHECK_EQ(step_time(file, -1), time_of(before));
    }
  }
  k4a_playback_close(file);
}

/* Half a period is 16666.7 us: every other pair is that far apart, the others 1 us less. */
static void keeps_images_half_a_period_apart_separate(void) {
  k4a_playback_t file = open_file("halves.mkv");
  for (int i = 0; i < FRAMES; ++i) {
    const int64_t color = FIRST_US + (int64_t)i * HALVES_STEP_US;
    const int64_t depth = color + HALF_US + (i % 2 == 0 ? 1 : 0);
    struct stamps found;
    CHECK_EQ(step(file, 1, &found), K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQ(found.color, color);
    CHECK_EQ(found.depth, i % 2 == 0 ? -1 : depth);
    if (i % 2 != 0) continue;
    CHECK_EQ(step(file, 1, &found), K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQ(found.color, -1);
    CHECK_EQ(found.depth, depth);
  }
  CHECK_EQ(step_time(file, 1), -1);
  k4a_playback_close(file);
}

static void keeps_64_bits_of_device_time(void) {
  k4a_playback_t file = open_file("late.mkv");
  k4a_record_configuration_t config;
  CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
  CHECK_EQ(config.start_timestamp_offset_usec, (uint32_t)LATE_FIRST_US);
  CHECK_EQ(step_time(file, 1), LATE_FIRST_US);
  CHECK_EQ(step_time(file, 1), LATE_FIRST_US + PERIOD_US);
  CHECK_EQ(k4a_playback_seek_timestamp(file, LATE_FIRST_US + 5 * PERIOD_US, K4A_PLAYBACK_SEEK_DEVICE_TIME),
           K4A_RESULT_SUCCEEDED);
  CHECK_EQ(step_time(file, 1), LATE_FIRST_US + 5 * PERIOD_US);
  CHECK_EQ(k4a_playback_get_recording_length_usec(file), (FRAMES - 1) * PERIOD_US);
  k4a_playback_close(file);
}

/* The depth image's time of the next or previous capture; -1 at EOF. */
static int64_t depth_time(k4a_playback_t file, int direction) {
  k4a_capture_t capture = NULL;
  const k4a_stream_result_t result = direction > 0 ? k4a_playback_get_next_capture(file, &capture)
                                                   : k4a_playback_get_previous_capture(file, &capture);
  if (result != K4A_STREAM_RESULT_SUCCEEDED) return -1;
  k4a_image_t depth = k4a_capture_get_depth_image(capture);
  const int64_t time = (int64_t)k4a_image_get_device_timestamp_usec(depth);
  CHECK_EQ(k4a_image_get_size(depth), 320 * 288 * 2);
  k4a_image_release(depth);
  k4a_capture_release(capture);
  return time;
}

/* Without an index, and far beyond 4 GB. That it is read in no time shows that it is not read whole. */
static void plays_large_files(void) {
  k4a_playback_t file = open_file("large.mkv");
  int64_t times[LARGE_FRAMES];
  for (int i = 0; i < LARGE_FRAMES; ++i) {
    times[i] = depth_time(file, 1);
    CHECK_EQ(times[i], FIRST_US + (int64_t)i * 100000 / 3);
  }
  CHECK_EQ(depth_time(file, 1), -1);
  for (int i = LARGE_FRAMES - 1; i >= 0; --i) CHECK_EQ(depth_time(file, -1), times[i]);
  for (int i = LARGE_FRAMES - 1; i > 0; i -= 2) {
    CHECK_EQ(k4a_playback_seek_timestamp(file, times[i], K4A_PLAYBACK_SEEK_DEVICE_TIME), K4A_RESULT_SUCCEEDED);
    CHECK_EQ(depth_time(file, i % 4 == 1 ? 1 : -1), times[i % 4 == 1 ? i : i - 1]);
  }
  CHECK_EQ(k4a_playback_get_recording_length_usec(file), times[LARGE_FRAMES - 1] - FIRST_US);
  k4a_playback_close(file);
}

/* A part of a split recording is a file of its own here. */
static void plays_one_part_of_a_split_recording(void) {
  static const char *const names[] = {"parts.mkv", "parts-part2.mkv"};
  int frame = 0;
  for (int part = 0; part < 2; ++part) {
    k4a_playback_t file = open_file(names[part]);
    const int first = frame;
    k4a_record_configuration_t config;
    CHECK_EQ(k4a_playback_get_record_configuration(file, &config), K4A_RESULT_SUCCEEDED);
    CHECK_EQ(config.start_timestamp_offset_usec, time_of(first));
    for (int64_t time = step_time(file, 1); time >= 0; time = step_time(file, 1)) CHECK_EQ(time, time_of(frame++));
    CHECK(frame > first);
    CHECK_EQ(k4a_playback_get_recording_length_usec(file), time_of(frame - 1) + DEPTH_LATER_US - time_of(first));
    CHECK_EQ(k4a_playback_seek_timestamp(file, 0, K4A_PLAYBACK_SEEK_BEGIN), K4A_RESULT_SUCCEEDED);
    CHECK_EQ(step_time(file, 1), time_of(first));
    k4a_playback_close(file);
  }
  CHECK_EQ(frame, FRAMES);
}

static void images_outlive_the_playback(void) {
  k4a_playback_t file = open_file("walk.mkv");
  k4a_capture_t capture = NULL;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_SUCCEEDED);
  k4a_image_t depth = k4a_capture_get_depth_image(capture);
  k4a_capture_release(capture);
  /* Reading on must not reuse its memory either. */
  for (int i = 0; i < 5; ++i) step_time(file, 1);
  k4a_playback_close(file);
  uint8_t *bytes = k4a_image_get_buffer(depth);
  for (int at = 0; at < PAYLOAD_BYTES; ++at) CHECK_EQ(bytes[at], payload_byte(PAYLOAD_DEPTH, 0, at));
  memset(bytes, 0, PAYLOAD_BYTES);
  k4a_image_release(depth);
}

/* Programs may draw into an image; the file and what is read again do not change. */
static void gives_images_that_may_be_written_to(void) {
  k4a_playback_t file = open_file("walk.mkv");
  k4a_capture_t capture = NULL;
  CHECK_EQ(k4a_playback_get_next_capture(file, &capture), K4A_STREAM_RESULT_SUCCEEDED);
  k4a_image_t depth = k4a_capture_get_depth_image(capture);
  memset(k4a_image_get_buffer(depth), 0xEE, k4a_image_get_size(depth));
  CHECK_EQ(step_time(file, 1), time_of(1));
  CHECK_EQ(step_time(file, -1), time_of(0));
  k4a_image_release(depth);
  k4a_capture_release(capture);
  k4a_playback_close(file);
}

static void refuses_what_is_no_argument(void) {
  k4a_playback_t file = open_file("walk.mkv");
  k4a_capture_t capture = (k4a_capture_t)&file;
  CHECK_EQ(k4a_playback_get_next_capture(NULL, &capture), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_capture(NULL, &capture), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_next_capture(file, NULL), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_capture(file, NULL), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_seek_timestamp(NULL, 0, K4A_PLAYBACK_SEEK_BEGIN), K4A_RESULT_FAILED);
  CHECK_EQ(step_time(file, 1), time_of(0));
  k4a_playback_close(file);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"gives_captures_in_order", gives_captures_in_order},
      {"stays_at_its_ends", stays_at_its_ends},
      {"turns_round_at_the_capture_given_last", turns_round_at_the_capture_given_last},
      {"seeks_to_the_microsecond", seeks_to_the_microsecond},
      {"completes_the_capture_it_seeks_into", completes_the_capture_it_seeks_into},
      {"seeks_from_the_end", seeks_from_the_end},
      {"seeks_beyond_the_ends_go_to_them", seeks_beyond_the_ends_go_to_them},
      {"walks_on_both_ways_after_a_seek", walks_on_both_ways_after_a_seek},
      {"groups_with_a_positive_delay", groups_with_a_positive_delay},
      {"groups_with_a_negative_delay", groups_with_a_negative_delay},
      {"gives_partial_captures_in_their_places", gives_partial_captures_in_their_places},
      {"turns_round_between_partial_captures", turns_round_between_partial_captures},
      {"keeps_images_half_a_period_apart_separate", keeps_images_half_a_period_apart_separate},
      {"keeps_64_bits_of_device_time", keeps_64_bits_of_device_time},
      {"plays_large_files", plays_large_files},
      {"plays_one_part_of_a_split_recording", plays_one_part_of_a_split_recording},
      {"images_outlive_the_playback", images_outlive_the_playback},
      {"gives_images_that_may_be_written_to", gives_images_that_may_be_written_to},
      {"refuses_what_is_no_argument", refuses_what_is_no_argument},
  };
  return RUN_TESTS(tests);
}
