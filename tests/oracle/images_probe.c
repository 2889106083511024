/*
 * Writes what libk4a's image functions make of one depth image and one colour image, and prints how long each
 * call takes, for comparing two libraries: run with the one or the other in LD_LIBRARY_PATH.
 *
 *   images_probe BLOB DEPTH_MODE COLOR_RESOLUTION CALLS FOLDER
 *
 * DEPTH_MODE and COLOR_RESOLUTION are the numbers of the interface. Each result is a file of FOLDER; each
 * line of standard output is its name and the shortest time of CALLS calls in ms. The images are drawn here:
 * walls, steps, a ball, speckle and holes.
 */
#include <k4a/k4a.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST_BLOB = 1 << 20, MOST_EMPTY = 20 };

static const char* folder;
static int calls;
static k4a_transformation_t transformation;
static k4a_image_t depth, labels, color;

static void must(int good, const char* what) {
  if (good) return;
  fprintf(stderr, "images_probe: %s failed\n", what);
  exit(1);
}

static k4a_image_t image(k4a_image_format_t format, int width, int height, int pixel_bytes) {
  k4a_image_t made = NULL;
  must(k4a_image_create(format, width, height, width * pixel_bytes, &made) == K4A_RESULT_SUCCEEDED, "image");
  memset(k4a_image_get_buffer(made), 0, k4a_image_get_size(made));
  return made;
}

static unsigned next_random(void) {
  static unsigned state = 1;
  state = state * 1664525U + 1013904223U;
  return state >> 16;
}

static int ball(int x, int y, int width, int height) {
  const int dx = x - width / 3, dy = y - height / 2, r = height / 5;
  return dx * dx + dy * dy < r * r ? 900 + (dx * dx + dy * dy) / 200 : 0;
}

static unsigned depth_at(int x, int y, int width, int height) {
  if (next_random() % 97 == 0) return 0;
  if (x > width / 2 && x < width / 2 + 40 && y % 50 > 10) return 1200 + next_random() % 4;
  const int near = ball(x, y, width, height);
  return (unsigned)(near != 0 ? near : 1800 + x * 900 / width + y * 400 / height) + next_random() % 6;
}

static void draw(int depth_width, int depth_height, int color_width, int color_height) {
  depth = image(K4A_IMAGE_FORMAT_DEPTH16, depth_width, depth_height, 2);
  labels = image(K4A_IMAGE_FORMAT_CUSTOM8, depth_width, depth_height, 1);
  color = image(K4A_IMAGE_FORMAT_COLOR_BGRA32, color_width, color_height, 4);
  uint16_t* z = (uint16_t*)(void*)k4a_image_get_buffer(depth);
  for (int y = 0; y < depth_height; ++y)
    for (int x = 0; x < depth_width; ++x) {
      z[y * depth_width + x] = (uint16_t)depth_at(x, y, depth_width, depth_height);
      k4a_image_get_buffer(labels)[y * depth_width + x] = (uint8_t)(1 + (x / 32 + y / 32) % 7 * 30);
    }
  uint8_t* bgra = k4a_image_get_buffer(color);
  for (int i = 0; i < color_width * color_height; ++i) {
    const int x = i % color_width, y = i / color_width;
    const uint8_t pixel[4] = {(uint8_t)(x / 8), (uint8_t)(y / 5), (uint8_t)((x + y) / 12), 255};
    memcpy(bgra + 4 * i, pixel, 4);
  }
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void save(const char* name, k4a_image_t made, double ms) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* file = fopen(path, "wb");
  must(file != NULL && fwrite(k4a_image_get_buffer(made), k4a_image_get_size(made), 1, file) == 1, path);
  fclose(file);
  printf("%s %.3f\n", name, ms);
  k4a_image_release(made);
}

static k4a_image_t second_target;

static k4a_result_t depth_to_color(k4a_image_t target) {
  return k4a_transformation_depth_image_to_color_camera(transformation, depth, target);
}
static k4a_result_t labels_to_color(k4a_image_t target) {
  return k4a_transformation_depth_image_to_color_camera_custom(
      transformation, depth, labels, second_target, target, K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST, 0);
}
static k4a_result_t color_to_depth(k4a_image_t target) {
  return k4a_transformation_color_image_to_depth_camera(transformation, depth, color, target);
}
static k4a_result_t point_cloud(k4a_image_t target) {
  return k4a_transformation_depth_image_to_point_cloud(transformation, depth, K4A_CALIBRATION_TYPE_DEPTH,
                                                       target);
}

static int is_empty(k4a_image_t made) {
  const uint8_t* bytes = k4a_image_get_buffer(made);
  const size_t size = k4a_image_get_size(made);
  return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* Calls that did their work: the official library's first ones succeed without giving anything. */
static void measure(const char* name, k4a_result_t (*call)(k4a_image_t), k4a_image_t target) {
  double shortest = 1e9;
  int worked = 0;
  for (int empty = 0; empty < MOST_EMPTY && worked < calls;) {
    memset(k4a_image_get_buffer(target), 0, k4a_image_get_size(target));
    const double start = now_ms();
    must(call(target) == K4A_RESULT_SUCCEEDED, name);
    const double took = now_ms() - start;
    if (is_empty(target)) {
      ++empty;
      continue;
    }
    ++worked;
    if (took < shortest) shortest = took;
  }
  must(worked > 0, name);
  save(name, target, shortest);
}

static k4a_calibration_t read_calibration(const char* blob, int depth_mode, int color_resolution) {
  static char bytes[LARGEST_BLOB];
  k4a_calibration_t calibration;
  FILE* file = fopen(blob, "rb");
  must(file != NULL, blob);
  const size_t size = fread(bytes, 1, sizeof bytes - 1, file);
  fclose(file);
  const size_t length = strnlen(bytes, size);
  must(k4a_calibration_get_from_raw(bytes, length + 1, (k4a_depth_mode_t)depth_mode,
                                    (k4a_color_resolution_t)color_resolution,
                                    &calibration) == K4A_RESULT_SUCCEEDED,
       "calibration");
  return calibration;
}

int main(int argc, char** argv) {
  must(argc == 6, "images_probe BLOB DEPTH_MODE COLOR_RESOLUTION CALLS FOLDER");
  calls = atoi(argv[4]);
  folder = argv[5];
  const k4a_calibration_t c = read_calibration(argv[1], atoi(argv[2]), atoi(argv[3]));
  const int depth_width = c.depth_camera_calibration.resolution_width;
  const int depth_height = c.depth_camera_calibration.resolution_height;
  const int color_width = c.color_camera_calibration.resolution_width;
  const int color_height = c.color_camera_calibration.resolution_height;
  transformation = k4a_transformation_create(&c);
  must(transformation != NULL, "transformation");
  draw(depth_width, depth_height, color_width, color_height);
  second_target = image(K4A_IMAGE_FORMAT_DEPTH16, color_width, color_height, 2);
  measure("depth_to_color", depth_to_color, image(K4A_IMAGE_FORMAT_DEPTH16, color_width, color_height, 2));
  measure("labels_to_color", labels_to_color, image(K4A_IMAGE_FORMAT_CUSTOM8, color_width, color_height, 1));
  measure("color_to_depth", color_to_depth,
          image(K4A_IMAGE_FORMAT_COLOR_BGRA32, depth_width, depth_height, 4));
  measure("point_cloud", point_cloud, image(K4A_IMAGE_FORMAT_CUSTOM, depth_width, depth_height, 6));
  k4a_transformation_destroy(transformation);
  for (k4a_image_t* each = (k4a_image_t[]){depth, labels, color, second_target, NULL}; *each != NULL; ++each)
    k4a_image_release(*each);
  return 0;
}
