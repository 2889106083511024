/*
 * Records a master and a subordinate together and prints how far apart their exposures are. The master is a
 * unit with a cable in SYNC OUT alone, the subordinate one with a cable in SYNC IN.
 *
 *     record_pair MASTER.mkv SUBORDINATE.mkv [CAPTURES]
 */
#include <inttypes.h>
#include <k4a/k4a.h>
#include <k4arecord/record.h>
#include <stdio.h>
#include <stdlib.h>

enum { DELAY_USEC = 160, PERIOD_USEC = 33333, DEFAULT_CAPTURES = 30, TIMEOUT_MS = 10000 };

#define CHECK(call)                                                      \
  do {                                                                   \
    if (K4A_FAILED(call)) {                                              \
      fprintf(stderr, "%s failed (see the log's lines above)\n", #call); \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

typedef struct {
  k4a_device_t device;
  k4a_record_t recording;
  k4a_device_configuration_t config;
  uint64_t stamp; /* of the color image read last, us */
  int captures;
} unit_t;

static k4a_device_configuration_t configuration(k4a_wired_sync_mode_t mode) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_MJPG;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  config.camera_fps = K4A_FRAMES_PER_SECOND_30;
  config.synchronized_images_only = true;
  config.wired_sync_mode = mode;
  if (mode == K4A_WIRED_SYNC_MODE_SUBORDINATE) config.subordinate_delay_off_master_usec = DELAY_USEC;
  return config;
}

static void print_unit(uint32_t index, k4a_device_t device, bool in, bool out) {
  char serial[64];
  size_t size = sizeof serial;
  k4a_hardware_version_t version;
  if (k4a_device_get_serialnum(device, serial, &size) != K4A_BUFFER_RESULT_SUCCEEDED) exit(1);
  CHECK(k4a_device_get_version(device, &version));
  printf("unit %" PRIu32 ": %s, firmware %" PRIu32 ".%" PRIu32 ".%" PRIu32 ", sync in %s, sync out %s\n",
         index, serial, version.rgb.major, version.rgb.minor, version.rgb.iteration, in ? "plugged" : "free",
         out ? "plugged" : "free");
}

/* Opens every unit; keeps the first of either role, closes the others. */
static void find_units(unit_t* master, unit_t* subordinate) {
  const uint32_t count = k4a_device_get_installed_count();
  for (uint32_t i = 0; i < count; i++) {
    k4a_device_t device = NULL;
    bool in = false, out = false;
    CHECK(k4a_device_open(i, &device));
    CHECK(k4a_device_get_sync_jack(device, &in, &out));
    print_unit(i, device, in, out);
    if (!in && out && master->device == NULL) {
      master->device = device;
    } else if (in && subordinate->device == NULL) {
      subordinate->device = device;
    } else {
      k4a_device_close(device);
    }
  }
  if (master->device != NULL && subordinate->device != NULL) return;
  fprintf(stderr, "%" PRIu32 " units, of which no two are connected by a sync cable\n", count);
  exit(1);
}

static void start(unit_t* unit, k4a_wired_sync_mode_t mode, const char* file) {
  unit->config = configuration(mode);
  CHECK(k4a_record_create(file, unit->device, unit->config, &unit->recording));
  CHECK(k4a_record_add_imu_track(unit->recording));
  CHECK(k4a_record_write_header(unit->recording));
  CHECK(k4a_device_start_cameras(unit->device, &unit->config));
  CHECK(k4a_device_start_imu(unit->device));
}

static void record_samples(unit_t* unit) {
  k4a_imu_sample_t sample;
  while (k4a_device_get_imu_sample(unit->device, &sample, 0) == K4A_WAIT_RESULT_SUCCEEDED)
    CHECK(k4a_record_write_imu_sample(unit->recording, sample));
}

/* Takes one capture, records it with the samples until then, and keeps its stamp. */
static void record_capture(unit_t* unit) {
  k4a_capture_t capture = NULL;
  if (k4a_device_get_capture(unit->device, &capture, TIMEOUT_MS) != K4A_WAIT_RESULT_SUCCEEDED) {
    fprintf(stderr, "no capture within %d ms\n", TIMEOUT_MS);
    exit(1);
  }
  k4a_image_t color = k4a_capture_get_color_image(capture);
  unit->stamp = k4a_image_get_device_timestamp_usec(color);
  unit->captures++;
  k4a_image_release(color);
  CHECK(k4a_record_write_capture(unit->recording, capture));
  k4a_capture_release(capture);
  record_samples(unit);
}

/* Units number their frames by time: whoever is half a period behind the other reads on. Returns the
 * subordinate's stamp minus the master's, us. */
static int64_t record_set(unit_t* master, unit_t* subordinate) {
  record_capture(master);
  record_capture(subordinate);
  for (;;) {
    const int64_t offset = (int64_t)subordinate->stamp - (int64_t)master->stamp;
    if (offset > PERIOD_USEC / 2 + DELAY_USEC) {
      record_capture(master);
    } else if (offset < -PERIOD_USEC / 2 + DELAY_USEC) {
      record_capture(subordinate);
    } else {
      return offset;
    }
  }
}

static void finish(unit_t* unit) {
  k4a_device_stop_imu(unit->device);
  k4a_device_stop_cameras(unit->device);
  CHECK(k4a_record_flush(unit->recording));
  k4a_record_close(unit->recording);
  k4a_device_close(unit->device);
}

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: record_pair MASTER.mkv SUBORDINATE.mkv [CAPTURES]\n");
    return 2;
  }
  const int captures = argc == 4 ? atoi(argv[3]) : DEFAULT_CAPTURES;
  unit_t master = {0}, subordinate = {0};
  find_units(&master, &subordinate);
  /* A subordinate waits for the pulses of its master, so it starts first. */
  start(&subordinate, K4A_WIRED_SYNC_MODE_SUBORDINATE, argv[2]);
  start(&master, K4A_WIRED_SYNC_MODE_MASTER, argv[1]);
  for (int i = 0; i < captures; i++) {
    const int64_t offset = record_set(&master, &subordinate);
    printf("set %d: master %" PRIu64 " us, subordinate %" PRIu64 " us, offset %" PRId64 " us\n", i,
           master.stamp, subordinate.stamp, offset);
  }
  finish(&master);
  finish(&subordinate);
  printf("recorded %d and %d captures\n", master.captures, subordinate.captures);
  return 0;
}
