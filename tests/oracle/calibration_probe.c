/*
 * Prints what libk4a's calibration functions say about a raw calibration in every pair of modes, for
 * comparing two libraries: run with the one or the other in LD_LIBRARY_PATH.
 *
 *   calibration_probe BLOB
 *
 * Each line is a kind of number, whether it is valid, and the numbers.
 */
#include <k4a/k4a.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENSORS = 4, LARGEST_BLOB = 1 << 20 };

static const float depths[] = {0, 300, 1000, 5000, -500};
#define DEPTHS (sizeof depths / sizeof depths[0])

static void print(const char* kind, k4a_result_t result, int valid, const float* numbers, int count) {
  printf("%s %d", kind, result == K4A_RESULT_SUCCEEDED ? valid : -1);
  for (int i = 0; i < count; ++i)
    printf(" %.9g", result == K4A_RESULT_SUCCEEDED && valid ? numbers[i] : 0.0F);
  putchar('\n');
}

static void print_camera(const k4a_calibration_camera_t* camera) {
  const float size[3] = {(float)camera->resolution_width, (float)camera->resolution_height,
                         camera->metric_radius};
  print("intrinsics", K4A_RESULT_SUCCEEDED, 1, camera->intrinsics.parameters.v, 4);
  print("distortion", K4A_RESULT_SUCCEEDED, 1, camera->intrinsics.parameters.v + 4, 10);
  print("size", K4A_RESULT_SUCCEEDED, 1, size, 3);
  print("rotation", K4A_RESULT_SUCCEEDED, 1, camera->extrinsics.rotation, 9);
  print("translation", K4A_RESULT_SUCCEEDED, 1, camera->extrinsics.translation, 3);
}

static void print_extrinsics(const k4a_calibration_t* calibration) {
  for (int from = 0; from < SENSORS; ++from)
    for (int to = 0; to < SENSORS; ++to) {
      print("rotation", K4A_RESULT_SUCCEEDED, 1, calibration->extrinsics[from][to].rotation, 9);
      print("translation", K4A_RESULT_SUCCEEDED, 1, calibration->extrinsics[from][to].translation, 3);
    }
}

static void print_pixel(const k4a_calibration_t* calibration, k4a_calibration_type_t from, k4a_float2_t pixel,
                        float z) {
  for (int to = 0; to < SENSORS; ++to) {
    k4a_float3_t point = {{0, 0, 0}};
    k4a_float2_t seen = {{0, 0}};
    int valid = 0;
    const k4a_result_t in_space =
        k4a_calibration_2d_to_3d(calibration, &pixel, z, from, (k4a_calibration_type_t)to, &point, &valid);
    print(z > 1000 ? "point_far" : "point", in_space, valid, point.v, 3);
    if (to > K4A_CALIBRATION_TYPE_COLOR) continue;
    const k4a_result_t again =
        k4a_calibration_2d_to_2d(calibration, &pixel, z, from, (k4a_calibration_type_t)to, &seen, &valid);
    print("pixel", again, valid, seen.v, 2);
  }
}

static void print_points(const k4a_calibration_t* calibration, k4a_calibration_type_t from, int width,
                         int height) {
  for (int y = 1; y < 10; y += 2)
    for (int x = 1; x < 10; x += 2)
      for (size_t i = 0; i < DEPTHS; ++i) {
        const k4a_float2_t pixel = {{(float)(width * x) / 10, (float)(height * y) / 10}};
        print_pixel(calibration, from, pixel, depths[i]);
      }
}

/* Colour pixels in a depth image of a wall at 1.2 m. */
static void print_search(const k4a_calibration_t* calibration) {
  const int width = calibration->depth_camera_calibration.resolution_width;
  const int height = calibration->depth_camera_calibration.resolution_height;
  k4a_image_t wall = NULL;
  if (k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, width, height, 2 * width, &wall) != K4A_RESULT_SUCCEEDED)
    exit(4);
  uint16_t* pixels = (uint16_t*)(void*)k4a_image_get_buffer(wall);
  for (int i = 0; i < width * height; ++i) pixels[i] = 1200;
  for (int i = 2; i < 9; ++i) {
    const k4a_float2_t pixel = {
        {(float)calibration->color_camera_calibration.resolution_width * (float)i / 10,
         (float)calibration->color_camera_calibration.resolution_height * (float)(10 - i) / 10}};
    k4a_float2_t seen = {{0, 0}};
    int valid = 0;
    const k4a_result_t result =
        k4a_calibration_color_2d_to_depth_2d(calibration, &pixel, wall, &seen, &valid);
    print("search", result, valid, seen.v, 2);
  }
  k4a_image_release(wall);
}

static void print_modes(char* blob, size_t size, int depth, int color) {
  k4a_calibration_t calibration;
  memset(&calibration, 0, sizeof calibration);
  const k4a_result_t result = k4a_calibration_get_from_raw(blob, size, (k4a_depth_mode_t)depth,
                                                           (k4a_color_resolution_t)color, &calibration);
  print("modes", result, 1, (const float[]){(float)depth, (float)color}, 2);
  if (result != K4A_RESULT_SUCCEEDED) return;
  print_camera(&calibration.depth_camera_calibration);
  print_camera(&calibration.color_camera_calibration);
  if (depth == 0 || color == 0) return;
  print_extrinsics(&calibration);
  print_points(&calibration, K4A_CALIBRATION_TYPE_DEPTH,
               calibration.depth_camera_calibration.resolution_width,
               calibration.depth_camera_calibration.resolution_height);
  print_points(&calibration, K4A_CALIBRATION_TYPE_COLOR,
               calibration.color_camera_calibration.resolution_width,
               calibration.color_camera_calibration.resolution_height);
  print_search(&calibration);
}

int main(int argc, char** argv) {
  static char blob[LARGEST_BLOB];
  FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return 2;
  const size_t size = fread(blob, 1, sizeof blob - 1, file);
  fclose(file);
  for (int depth = 0; depth <= K4A_DEPTH_MODE_PASSIVE_IR; ++depth)
    for (int color = 0; color <= K4A_COLOR_RESOLUTION_3072P; ++color)
      print_modes(blob, size + 1, depth, color);
  return 0;
}
