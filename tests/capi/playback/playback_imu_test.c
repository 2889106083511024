/* IMU samples, the length of a recording, and times that count from its beginning (facts k4a-abi.md B12, G8 80, 81). */
#include <string.h>

#include "playback_support.h"

/* The time of the next or previous sample; -1 at the end. Checks the rest of it. */
static int64_t sample_time(k4a_playback_t playback, int direction) {
  k4a_imu_sample_t sample;
  memset(&sample, 0xAA, sizeof sample);
  const k4a_stream_result_t result = direction > 0 ? k4a_playback_get_next_imu_sample(playback, &sample)
                                                   : k4a_playback_get_previous_imu_sample(playback, &sample);
  if (result == K4A_STREAM_RESULT_EOF) {
    k4a_imu_sample_t zero;
    memset(&zero, 0, sizeof zero);
    CHECK_EQ(sample.acc_timestamp_usec, 0);
    CHECK_EQ(sample.gyro_timestamp_usec, 0);
    CHECK(sample.temperature == 0 && memcmp(&sample.acc_sample, &zero.acc_sample, sizeof zero.acc_sample) == 0);
    CHECK(memcmp(&sample.gyro_sample, &zero.gyro_sample, sizeof zero.gyro_sample) == 0);
    return -1;
  }
  CHECK_EQ(result, K4A_STREAM_RESULT_SUCCEEDED);
  CHECK(sample.temperature != sample.temperature);
  const int64_t number = (int64_t)sample.acc_timestamp_usec / IMU_STEP_US;
  CHECK_EQ(sample.acc_timestamp_usec, number * IMU_STEP_US);
  CHECK_EQ(sample.gyro_timestamp_usec, number * IMU_STEP_US + GYRO_LATER_US);
  CHECK(sample.acc_sample.v[0] == (float)number && sample.acc_sample.xyz.z == 9.81F);
  CHECK(sample.gyro_sample.v[1] == -(float)number);
  return (int64_t)sample.acc_timestamp_usec;
}

static void gives_samples_in_order_both_ways(void) {
  k4a_playback_t file = open_file("imu.mkv");
  CHECK_EQ(sample_time(file, -1), -1);
  for (int i = 0; i < IMU_SAMPLES; ++i) CHECK_EQ(sample_time(file, 1), (int64_t)i * IMU_STEP_US);
  for (int i = 0; i < 3; ++i) CHECK_EQ(sample_time(file, 1), -1);
  for (int i = IMU_SAMPLES - 1; i >= 0; --i) CHECK_EQ(sample_time(file, -1), (int64_t)i * IMU_STEP_US);
  CHECK_EQ(sample_time(file, -1), -1);
  CHECK_EQ(sample_time(file, 1), 0);
  k4a_playback_close(file);
}

/* Every sample, so borders of stored batches are among them. */
static void seeks_to_every_sample(void) {
  k4a_playback_t file = open_file("imu.mkv");
  static const int64_t around[] = {-100, -1, 0, 1, 100};
  for (int i = 1; i + 1 < IMU_SAMPLES; ++i) {
    for (int k = 0; k < 5; ++k) {
      const int64_t at = (int64_t)i * IMU_STEP_US;
      const int behind = around[k] > 0 ? 1 : 0;
      k4a_playback_seek_timestamp(file, at + around[k], K4A_PLAYBACK_SEEK_DEVICE_TIME);
      if (k % 2 == 0) CHECK_EQ(sample_time(file, 1), at + behind * IMU_STEP_US);
      if (k % 2 == 1) CHECK_EQ(sample_time(file, -1), at + (behind - 1) * IMU_STEP_US);
    }
  }
  k4a_playback_close(file);
}

static void positions_of_tracks_are_independent(void) {
  k4a_playback_t file = open_file("imu.mkv");
  k4a_playback_seek_timestamp(file, 50 * IMU_STEP_US, K4A_PLAYBACK_SEEK_BEGIN);
  CHECK_EQ(sample_time(file, 1), 50 * IMU_STEP_US);
  CHECK_EQ(step_time(file, -1), (50 * IMU_STEP_US / PERIOD_US) * PERIOD_US);
  CHECK_EQ(sample_time(file, 1), 51 * IMU_STEP_US);
  k4a_playback_close(file);
}

/* The last datum ends the recording, whatever its track. */
static void length_covers_the_samples_behind_the_last_image(void) {
  k4a_playback_t file = open_file("imu.mkv");
  CHECK_EQ(k4a_playback_get_recording_length_usec(file), IMU_LAST_US);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  CHECK_EQ(k4a_playback_get_last_timestamp_usec(file), IMU_LAST_US);
  CHECK_EQ(k4a_playback_get_last_timestamp_usec(NULL), 0);
#pragma GCC diagnostic pop
  CHECK_EQ(k4a_playback_get_recording_length_usec(NULL), 0);
  k4a_playback_seek_timestamp(file, IMU_LAST_US + 1, K4A_PLAYBACK_SEEK_BEGIN);
  CHECK_EQ(sample_time(file, 1), -1);
  CHECK_EQ(sample_time(file, -1), IMU_LAST_US);
  k4a_playback_seek_timestamp(file, IMU_LAST_US - (IMU_LAST_US + 1), K4A_PLAYBACK_SEEK_END);
  CHECK_EQ(sample_time(file, 1), IMU_LAST_US);
  k4a_playback_close(file);
}

static void has_nothing_without_a_track(void) {
  k4a_playback_t file = open_file("walk.mkv");
  for (int i = 0; i < 2; ++i) {
    CHECK_EQ(sample_time(file, 1), -1);
    CHECK_EQ(sample_time(file, -1), -1);
  }
  k4a_playback_close(file);
}

static void imu_alone_is_a_recording(void) {
  k4a_playback_t file = open_file("imu_only.mkv");
  struct stamps found;
  CHECK_EQ(step(file, 1, &found), K4A_STREAM_RESULT_EOF);
  CHECK_EQ(step(file, -1, &found), K4A_STREAM_RESULT_EOF);
  CHECK_EQ(sample_time(file, 1), 0);
  CHECK_EQ(k4a_playback_set_color_conversion(file, K4A_IMAGE_FORMAT_COLOR_BGRA32), K4A_RESULT_FAILED);
  k4a_playback_close(file);
}

static void refuses_what_is_no_argument(void) {
  k4a_playback_t file = open_file("imu.mkv");
  k4a_imu_sample_t sample;
  memset(&sample, 0xAA, sizeof sample);
  CHECK_EQ(k4a_playback_get_next_imu_sample(NULL, &sample), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_imu_sample(NULL, &sample), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(sample.acc_timestamp_usec, 0xAAAAAAAAAAAAAAAA);
  CHECK_EQ(k4a_playback_get_next_imu_sample(file, NULL), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(k4a_playback_get_previous_imu_sample(file, NULL), K4A_STREAM_RESULT_FAILED);
  CHECK_EQ(sample_time(file, 1), 0);
  k4a_playback_close(file);
}

int main(int argc, char **argv) {
  static const struct test tests[] = {
      {"gives_samples_in_order_both_ways", gives_samples_in_order_both_ways},
      {"seeks_to_every_sample", seeks_to_every_sample},
      {"positions_of_tracks_are_independent", positions_of_tracks_are_independent},
      {"length_covers_the_samples_behind_the_last_image", length_covers_the_samples_behind_the_last_image},
      {"has_nothing_without_a_track", has_nothing_without_a_track},
      {"imu_alone_is_a_recording", imu_alone_is_a_recording},
      {"refuses_what_is_no_argument", refuses_what_is_no_argument},
  };
  return RUN_TESTS(tests);
}
