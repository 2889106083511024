/*
 * Prints everything that libk4arecord says about a file, for comparing two libraries: run with the one or the other in
 * LD_LIBRARY_PATH.
 *
 *   playback_probe FILE walk [SEED [inner]]   everything, and a random walk if there is a seed
 *   playback_probe FILE convert FORMAT OUT    the colour pixels of all captures in another format, into a file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a */
static uint64_t hash_of(const uint8_t *bytes, size_t size) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
  return hash;
}

static void print_bytes(const uint8_t *bytes, size_t size) {
  printf("%zu bytes, hash %016" PRIx64 "\n", size, hash_of(bytes, size));
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void print_configuration(k4a_playback_t file) {
  k4a_record_configuration_t c;
  unsigned char room[40] = {0};
  const k4a_result_t result = k4a_playback_get_record_configuration(file, (k4a_record_configuration_t *)(void *)room);
  memcpy(&c, room, sizeof c);
  printf("configuration %d: %d %d %d %d, tracks %d%d%d%d, delay %d, sync %d %u, start %u\n", result, c.color_format,
         c.color_resolution, c.depth_mode, c.camera_fps, c.color_track_enabled, c.depth_track_enabled,
         c.ir_track_enabled, c.imu_track_enabled, c.depth_delay_off_color_usec, c.wired_sync_mode,
         c.subordinate_delay_off_master_usec, c.start_timestamp_offset_usec);
  printf("length %" PRIu64 "\n", k4a_playback_get_recording_length_usec(file));
}

typedef k4a_buffer_result_t (*sized_call)(k4a_playback_t, const char *, uint8_t *, size_t *);

/* The two-call protocol with all sizes that matter. */
static void print_sized(const char *what, sized_call call, k4a_playback_t file, const char *name) {
  size_t size = 0;
  const k4a_buffer_result_t asked = call(file, name, NULL, &size);
  printf("%s %s: %d %zu", what, name, asked, asked == K4A_BUFFER_RESULT_TOO_SMALL ? size : 0);
  if (asked != K4A_BUFFER_RESULT_TOO_SMALL) {
    printf("\n");
    return;
  }
  uint8_t *bytes = malloc(size + 9);
  memset(bytes, '#', size + 9);
  size_t less = size == 0 ? 0 : size - 1;
  if (size > 0) printf(", less %d", call(file, name, bytes, &less));
  if (size > 0) printf(" %zu", less);
  size_t more = size + 9;
  printf(", more %d", call(file, name, bytes, &more));
  printf(" %zu, ", more);
  print_bytes(bytes, size + 9);
  free(bytes);
}

static k4a_buffer_result_t get_tag(k4a_playback_t file, const char *name, uint8_t *bytes, size_t *size) {
  return k4a_playback_get_tag(file, name, (char *)bytes, size);
}
static k4a_buffer_result_t get_codec_id(k4a_playback_t file, const char *name, uint8_t *bytes, size_t *size) {
  return k4a_playback_track_get_codec_id(file, name, (char *)bytes, size);
}
static k4a_buffer_result_t get_raw_calibration(k4a_playback_t file, const char *unused, uint8_t *bytes, size_t *size) {
  (void)unused;
  return k4a_playback_get_raw_calibration(file, bytes, size);
}

static void print_metadata(k4a_playback_t file) {
  static const char *const tags[] = {"K4A_DEPTH_MODE", "K4A_COLOR_MODE", "K4A_IR_MODE", "K4A_IMU_MODE",
                                     "K4A_COLOR_TRACK", "K4A_CALIBRATION_FILE", "K4A_START_OFFSET_NS",
                                     "K4A_DEVICE_SERIAL_NUMBER", "K4A_COLOR_FIRMWARE_VERSION",
                                     "K4A_WIRED_SYNC_MODE", "K4A_DEPTH_DELAY_NS", "TAKE", "EMPTY", "TWICE", "none", ""};
  static const char *const attachments[] = {"calibration.json", "notes", "data.bin", "none", ""};
  for (size_t i = 0; i < sizeof tags / sizeof tags[0]; ++i) print_sized("tag", get_tag, file, tags[i]);
  for (size_t i = 0; i < sizeof attachments / sizeof attachments[0]; ++i)
    print_sized("attachment", k4a_playback_get_attachment, file, attachments[i]);
  print_sized("raw", get_raw_calibration, file, "calibration");
  k4a_calibration_t calibration;
  printf("calibration: %d\n", k4a_playback_get_calibration(file, &calibration));
}

/* ---- tracks ------------------------------------------------------------------------------------------------------ */

static void print_track(k4a_playback_t file, const char *name) {
  k4a_record_video_settings_t video = {0, 0, 0};
  printf("track %s: exists %d, builtin %d", name, k4a_playback_check_track_exists(file, name),
         k4a_playback_track_is_builtin(file, name));
  const k4a_result_t result = k4a_playback_track_get_video_settings(file, name, &video);
  printf(", video %d %" PRIu64 "x%" PRIu64 " %" PRIu64 "/s\n", result, video.width, video.height, video.frame_rate);
  print_sized("codec", get_codec_id, file, name);
  print_sized("context", k4a_playback_track_get_codec_context, file, name);
}

/* Names of the custom tracks; their number. Genlock's own is left out: one library lists it, the other need not. */
static size_t print_tracks(k4a_playback_t file, char names[8][64]) {
  size_t custom = 0;
  const size_t count = k4a_playback_get_track_count(file);
  for (size_t i = 0; i < count; ++i) {
    char name[64];
    size_t size = sizeof name;
    if (k4a_playback_get_track_name(file, i, name, &size) != K4A_BUFFER_RESULT_SUCCEEDED) continue;
    if (strcmp(name, "GENLOCK") == 0) continue;
    print_track(file, name);
    if (!k4a_playback_track_is_builtin(file, name) && custom < 8) strcpy(names[custom++], name);
  }
  print_track(file, "NONE");
  return custom;
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static void print_image(const char *what, k4a_image_t image) {
  if (image == NULL) return;
  printf(" %s %" PRIu64 " %d %dx%d/%d %016" PRIx64, what, k4a_image_get_device_timestamp_usec(image),
         k4a_image_get_format(image), k4a_image_get_width_pixels(image), k4a_image_get_height_pixels(image),
         k4a_image_get_stride_bytes(image), hash_of(k4a_image_get_buffer(image), k4a_image_get_size(image)));
  k4a_image_release(image);
}

static k4a_stream_result_t print_capture(k4a_playback_t file, int forward) {
  k4a_capture_t capture = NULL;
  const k4a_stream_result_t result =
      forward ? k4a_playback_get_next_capture(file, &capture) : k4a_playback_get_previous_capture(file, &capture);
  printf("capture %s %d", forward ? "next" : "previous", result);
  if (capture != NULL) {
    print_image("color", k4a_capture_get_color_image(capture));
    print_image("depth", k4a_capture_get_depth_image(capture));
    print_image("ir", k4a_capture_get_ir_image(capture));
    k4a_capture_release(capture);
  }
  printf("\n");
  return result;
}

static k4a_stream_result_t print_sample(k4a_playback_t file, int forward) {
  k4a_imu_sample_t s;
  memset(&s, 0, sizeof s);
  const k4a_stream_result_t result =
      forward ? k4a_playback_get_next_imu_sample(file, &s) : k4a_playback_get_previous_imu_sample(file, &s);
  printf("imu %s %d: %d %" PRIu64 " %a %a %a, %" PRIu64 " %a %a %a\n", forward ? "next" : "previous", result,
         s.temperature != s.temperature, s.acc_timestamp_usec, (double)s.acc_sample.v[0], (double)s.acc_sample.v[1],
         (double)s.acc_sample.v[2], s.gyro_timestamp_usec, (double)s.gyro_sample.v[0], (double)s.gyro_sample.v[1],
         (double)s.gyro_sample.v[2]);
  return result;
}

static k4a_stream_result_t print_block(k4a_playback_t file, const char *track, int forward) {
  k4a_playback_data_block_t block = NULL;
  const k4a_stream_result_t result = forward ? k4a_playback_get_next_data_block(file, track, &block)
                                             : k4a_playback_get_previous_data_block(file, track, &block);
  printf("%s %s %d", track, forward ? "next" : "previous", result);
  if (result == K4A_STREAM_RESULT_SUCCEEDED) {
    printf(" %" PRIu64 " ", k4a_playback_data_block_get_device_timestamp_usec(block));
    print_bytes(k4a_playback_data_block_get_buffer(block), k4a_playback_data_block_get_buffer_size(block));
    k4a_playback_data_block_release(block);
  } else {
    printf("\n");
  }
  return result;
}

static void print_all_data(k4a_playback_t file, char names[8][64], size_t custom) {
  for (int forward = 1; forward >= 0; --forward) {
    while (print_capture(file, forward) == K4A_STREAM_RESULT_SUCCEEDED) continue;
    while (print_sample(file, forward) == K4A_STREAM_RESULT_SUCCEEDED) continue;
    for (size_t i = 0; i < custom; ++i)
      while (print_block(file, names[i], forward) == K4A_STREAM_RESULT_SUCCEEDED) continue;
  }
}

/* ---- a random walk ----------------------------------------------------------------------------------------------- */

static uint64_t state;
static int inner; /* no seek to the last datum or behind it */

static uint32_t random_below(uint32_t limit) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((state >> 33) % limit);
}

static void seek_anywhere(k4a_playback_t file) {
  const int64_t length = (int64_t)k4a_playback_get_recording_length_usec(file);
  k4a_record_configuration_t c[2];
  k4a_playback_get_record_configuration(file, c);
  int64_t offset = (int64_t)random_below((uint32_t)(length * 5 / 4 + 2)) - length / 8;
  const k4a_playback_seek_origin_t origin = (k4a_playback_seek_origin_t)random_below(3);
  if (inner && offset >= length) offset = length - 1;
  if (origin == K4A_PLAYBACK_SEEK_END) offset = -offset;
  if (inner && origin == K4A_PLAYBACK_SEEK_END && offset >= 0) offset = -1;
  if (origin == K4A_PLAYBACK_SEEK_DEVICE_TIME) offset += c[0].start_timestamp_offset_usec;
  printf("seek %" PRId64 " %d: %d\n", offset, origin, k4a_playback_seek_timestamp(file, offset, origin));
}

/* At an end the walk seeks: the vendor's library may skip items after several EOFs. */
static void walk_at_random(k4a_playback_t file, char names[8][64], size_t custom) {
  seek_anywhere(file);
  for (int i = 0; i < 800; ++i) {
    const int forward = (int)random_below(2);
    k4a_stream_result_t result = K4A_STREAM_RESULT_EOF;
    switch (random_below(8)) {
      case 0: break;
      case 1:
      case 2: result = print_sample(file, forward); break;
      case 3:
      case 4:
        if (custom > 0) result = print_block(file, names[random_below((uint32_t)custom)], forward);
        break;
      default: result = print_capture(file, forward);
    }
    if (result != K4A_STREAM_RESULT_SUCCEEDED) seek_anywhere(file);
  }
}

/* ---- colour ------------------------------------------------------------------------------------------------------ */

static int convert(k4a_playback_t file, k4a_image_format_t format, const char *path) {
  if (k4a_playback_set_color_conversion(file, format) != K4A_RESULT_SUCCEEDED) return 1;
  FILE *out = fopen(path, "wb");
  if (out == NULL) return 1;
  int failed = 0;
  k4a_capture_t capture = NULL;
  while (k4a_playback_get_next_capture(file, &capture) == K4A_STREAM_RESULT_SUCCEEDED) {
    k4a_image_t image = k4a_capture_get_color_image(capture);
    if (image != NULL) {
      failed |= fwrite(k4a_image_get_buffer(image), 1, k4a_image_get_size(image), out) != k4a_image_get_size(image);
      k4a_image_release(image);
    }
    k4a_capture_release(capture);
  }
  return fclose(out) != 0 || failed;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  Dl_info library;
  if (dladdr((void *)(uintptr_t)k4a_playback_open, &library) != 0) printf("library %s\n", library.dli_fname);
  k4a_playback_t file = NULL;
  const k4a_result_t opened = k4a_playback_open(argv[1], &file);
  printf("open %d\n", opened);
  if (opened != K4A_RESULT_SUCCEEDED) return 0;
  int failed = 0;
  if (strcmp(argv[2], "walk") == 0) {
    char names[8][64];
    print_configuration(file);
    print_metadata(file);
    const size_t custom = print_tracks(file, names);
    print_all_data(file, names, custom);
    if (argc > 3) {
      state = strtoull(argv[3], NULL, 10);
      inner = argc > 4;
      walk_at_random(file, names, custom);
    }
  } else if (argc > 4) {
    failed = convert(file, (k4a_image_format_t)atoi(argv[3]), argv[4]);
  }
  k4a_playback_close(file);
  return failed;
}
