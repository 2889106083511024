/*
 * What make_playback_files writes and the C tests of this folder expect to read. Times are device time in us. Payloads are
 * not pictures, unless said so: payload_byte() tells the frame from every other.
 */
#ifndef PLAYBACK_FILES_H
#define PLAYBACK_FILES_H

#include <stdint.h>

enum {
  FRAMES = 20,
  PERIOD_US = 33333,
  FIRST_US = 1000000,
  PAYLOAD_BYTES = 24,

  /* walk.mkv: colour (MJPG), depth and IR; depth and IR this much later, without a recorded delay */
  DEPTH_LATER_US = 200,

  /* parts.mkv, parts-part2.mkv, ...: the same, split about this often */
  PART_US = 300000,

  /* delay_plus.mkv, delay_minus.mkv: depth and IR earlier or later by a recorded delay longer than half a period */
  DELAY_US = 20000,

  /* gaps.mkv: FRAMES captures of which these have no colour ... */
  NO_COLOR_1 = 0,
  NO_COLOR_2 = 3,
  /* ... no depth and IR ... */
  ONLY_COLOR_1 = 5,
  ONLY_COLOR_2 = 19,
  /* ... or nothing. */
  NOTHING = 8,

  /* halves.mkv: FRAMES captures of which the even ones have depth and IR HALF_US + 1 behind colour, the odd ones HALF_US */
  HALVES_STEP_US = 66666,
  HALF_US = 16666,

  /* imu.mkv: depth at 0, PERIOD_US, ..., IMU at 0, IMU_STEP_US, ... to behind the last frame */
  IMU_FRAMES = 100,
  IMU_STEP_US = 1646,
  IMU_SAMPLES = 2026,
  IMU_LAST_US = 3333150,
  GYRO_LATER_US = 3,

  /* custom.mkv: depth as in walk.mkv, and three custom tracks */
  EVENTS = 10,          /* subtitles EVENTS: event i has i + 1 bytes, every EVENT_STEP_US from FIRST_US on */
  EVENT_STEP_US = 50000,
  FAST = 300,           /* subtitles FAST, high-frequency: 4 bytes each, every FAST_STEP_US from FIRST_US on */
  FAST_STEP_US = 1000,
  PICTURES = 8,         /* video PICTURES: 33 bytes each, every PICTURE_STEP_US from FIRST_US on */
  PICTURE_STEP_US = 66666,
  PICTURE_BYTES = 33,

  /* color_*.mkv: two frames of real pictures of 1280x720; color_mjpg.mkv has a cut one between them */
  COLOR_FRAMES = 2
};

/* late.mkv: starts later than 32 bits of us can tell */
#define LATE_FIRST_US UINT64_C(5000000000)

/* large.mkv: LARGE_FRAMES of real size, 1.5 GB of nothing before every other of its clusters, and no index */
#define LARGE_HOLE UINT64_C(1500000000)
enum { LARGE_FRAMES = 6 };

enum payload_track { PAYLOAD_COLOR = 0, PAYLOAD_DEPTH = 1, PAYLOAD_IR = 2, PAYLOAD_CUSTOM = 3 };

static inline uint8_t payload_byte(int track, int frame, int at) {
  return (uint8_t)(frame * 31 + track * 101 + at * 7 + 1);
}

#endif
