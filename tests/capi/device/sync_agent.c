/*
 * One unit of a synchronised pair, in a process of its own: says when its cameras run, then the stamps of its
 * images
 * ("color 366822", "depth 366833"). Usage: sync_agent INDEX ROLE FPS DELAY_OFF_MASTER DEPTH_DELAY CAPTURES,
 * with ROLE and FPS as numbers of the interface, delays in us.
 */
#include <inttypes.h>
#include <k4a/k4a.h>
#include <stdio.h>
#include <stdlib.h>

static void print_stamp(const char* camera, k4a_image_t image) {
  if (image == NULL) return;
  printf("%s %" PRIu64 "\n", camera, k4a_image_get_device_timestamp_usec(image));
  k4a_image_release(image);
}

static int stream(k4a_device_t device, int captures) {
  for (int i = 0; i < captures; i++) {
    k4a_capture_t capture = NULL;
    if (k4a_device_get_capture(device, &capture, K4A_WAIT_INFINITE) != K4A_WAIT_RESULT_SUCCEEDED) return 1;
    print_stamp("color", k4a_capture_get_color_image(capture));
    print_stamp("depth", k4a_capture_get_depth_image(capture));
    k4a_capture_release(capture);
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  config.wired_sync_mode = (k4a_wired_sync_mode_t)atoi(argv[2]);
  config.camera_fps = (k4a_fps_t)atoi(argv[3]);
  config.subordinate_delay_off_master_usec = (uint32_t)atoi(argv[4]);
  config.depth_delay_off_color_usec = atoi(argv[5]);
  k4a_device_t device = NULL;
  if (k4a_device_get_installed_count() == 0) return 1;
  if (k4a_device_open((uint32_t)atoi(argv[1]), &device) != K4A_RESULT_SUCCEEDED) return 1;
  if (k4a_device_start_cameras(device, &config) != K4A_RESULT_SUCCEEDED) return 1;
  printf("started\n");
  fflush(stdout);
  const int result = stream(device, atoi(argv[6]));
  k4a_device_close(device);
  return result;
}
