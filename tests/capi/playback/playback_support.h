/* Shared by the C tests of playback. */
#ifndef PLAYBACK_SUPPORT_H
#define PLAYBACK_SUPPORT_H

#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <stdint.h>

#include "check.h"
#include "playback_files.h"

/* The device times of a capture's images; -1 where there is none. */
struct stamps {
  int64_t color, depth, ir;
};

/* Opens a file of the folder, which must work. */
k4a_playback_t open_file(const char *name);

/* One step: 1 for next, -1 for previous. At EOF all stamps are -1. Also checks the handle at EOF, sizes and payloads. */
k4a_stream_result_t step(k4a_playback_t playback, int direction, struct stamps *out);

/* The earliest image of the next or previous capture; -1 at EOF. */
int64_t step_time(k4a_playback_t playback, int direction);

/* Device time of capture `frame` of the files with FRAMES captures. */
int64_t time_of(int frame);

#endif
