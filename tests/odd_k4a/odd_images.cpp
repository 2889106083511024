#include <atomic>
#include <chrono>
#include <cmath>
#include <vector>

#include "odd_world.h"

namespace odd {

/// Counts its holders.
struct Image {
  std::atomic<int> references = 1;
  k4a_image_format_t format;
  int width, height, stride;
  std::vector<std::uint8_t> bytes;
  std::uint64_t device_us = 0;
  std::uint64_t system_ns = 0;
};

struct Capture {
  Image* color = nullptr;
  Image* depth = nullptr;
  Image* ir = nullptr;
};

namespace {

std::atomic<int> live_images = 0;

Image* of(k4a_image_t handle) {
  return reinterpret_cast<Image*>(handle);
}
Capture* of(k4a_capture_t handle) {
  return reinterpret_cast<Capture*>(handle);
}

k4a_image_t reference(Image* image) {
  if (image != nullptr) ++image->references;
  return reinterpret_cast<k4a_image_t>(image);
}

void release(Image* image) {
  if (image == nullptr || --image->references > 0) return;
  delete image;
  --live_images;
}

struct Pixels {
  int width, height;
};

Pixels depth_pixels(k4a_depth_mode_t mode) {
  constexpr Pixels kAll[] = {{0, 0}, {320, 288}, {640, 576}, {512, 512}, {1024, 1024}, {1024, 1024}};
  return kAll[mode];
}

Pixels color_pixels(k4a_color_resolution_t resolution) {
  constexpr Pixels kAll[] = {{0, 0},       {1280, 720},  {1920, 1080}, {2560, 1440},
                             {2048, 1536}, {3840, 2160}, {4096, 3072}};
  return kAll[resolution];
}

/// Word clock_step_us with at_frame: the unit's clock is set forward once.
std::uint64_t stamp_us(const k4a_device_configuration_t& config, int frame) {
  constexpr std::uint64_t kFirst = 766'900;
  constexpr int kFps[] = {5, 15, 30};
  const int step = frame >= number("at_frame", 0) ? number("clock_step_us", 0) : 0;
  return kFirst + static_cast<std::uint64_t>(frame) * (1'000'000 / kFps[config.camera_fps]) + step;
}

/// Orbbec's are of the wall clock, in whole ms.
std::uint64_t system_now_ns() {
  using namespace std::chrono;
  if (!kOrbbec) return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count() * 1'000'000;
}

Image* make_image(k4a_image_format_t format, Pixels size, int stride, std::size_t bytes,
                  std::uint64_t device_us) {
  ++live_images;
  auto* image = new Image;
  image->format = format;
  image->width = size.width;
  image->height = size.height;
  image->stride = stride;
  image->bytes.assign(bytes, 7);
  image->device_us = device_us;
  image->system_ns = system_now_ns();
  return image;
}

/// Word image: "rows" one row too few, "bytes" half the bytes, "padded" longer rows, "format" another format.
Image* make_plane(k4a_image_format_t format, Pixels size, std::uint64_t device_us) {
  int stride = 2 * size.width;
  if (said("image", "rows")) --size.height;
  if (said("image", "padded")) stride += 64;
  if (said("image", "format")) format = K4A_IMAGE_FORMAT_CUSTOM16;
  std::size_t bytes = static_cast<std::size_t>(stride) * size.height;
  if (said("image", "bytes")) bytes /= 2;
  return make_image(format, size, stride, bytes, device_us);
}

Image* make_color(const k4a_device_configuration_t& config, std::uint64_t device_us) {
  const Pixels size = color_pixels(config.color_resolution);
  Image* image = nullptr;
  if (config.color_format == K4A_IMAGE_FORMAT_COLOR_MJPG) {
    image = make_image(config.color_format, size, 0, 1000, device_us);
    image->bytes[0] = 0xFF;
    image->bytes[1] = 0xD8;
    return image;
  }
  const int stride = size.width;  // NV12; Orbbec's library tells none
  return make_image(config.color_format, size, kOrbbec ? 0 : stride,
                    static_cast<std::size_t>(stride) * size.height * 3 / 2, device_us);
}

}  // namespace

/// Word without: "color" or "depth", the stream that is silent.
k4a_capture_t make_capture(const k4a_device_configuration_t& config, int frame) {
  const std::uint64_t device_us = stamp_us(config, frame);
  auto* capture = new Capture;
  if (config.color_resolution != K4A_COLOR_RESOLUTION_OFF && !said("without", "color"))
    capture->color = make_color(config, device_us);
  if (config.depth_mode != K4A_DEPTH_MODE_OFF && !said("without", "depth")) {
    const Pixels size = depth_pixels(config.depth_mode);
    capture->ir = make_plane(K4A_IMAGE_FORMAT_IR16, size, device_us);
    if (config.depth_mode != K4A_DEPTH_MODE_PASSIVE_IR)
      capture->depth = make_plane(K4A_IMAGE_FORMAT_DEPTH16, size, device_us);
  }
  return reinterpret_cast<k4a_capture_t>(capture);
}

}  // namespace odd

using namespace odd;

extern "C" {

int odd_live_images() {
  return live_images;
}

void k4a_capture_release(k4a_capture_t handle) {
  Capture* capture = of(handle);
  for (Image* image : {capture->color, capture->depth, capture->ir}) release(image);
  delete capture;
}
k4a_image_t k4a_capture_get_color_image(k4a_capture_t capture) {
  return reference(of(capture)->color);
}
k4a_image_t k4a_capture_get_depth_image(k4a_capture_t capture) {
  return reference(of(capture)->depth);
}
k4a_image_t k4a_capture_get_ir_image(k4a_capture_t capture) {
  return reference(of(capture)->ir);
}
float k4a_capture_get_temperature_c(k4a_capture_t) {
  return kOrbbec ? 0.0F : 37.5F;
}

uint8_t* k4a_image_get_buffer(k4a_image_t image) {
  return of(image)->bytes.data();
}
size_t k4a_image_get_size(k4a_image_t image) {
  return of(image)->bytes.size();
}
k4a_image_format_t k4a_image_get_format(k4a_image_t image) {
  return of(image)->format;
}
int k4a_image_get_width_pixels(k4a_image_t image) {
  return of(image)->width;
}
int k4a_image_get_height_pixels(k4a_image_t image) {
  return of(image)->height;
}
int k4a_image_get_stride_bytes(k4a_image_t image) {
  return of(image)->stride;
}
uint64_t k4a_image_get_device_timestamp_usec(k4a_image_t image) {
  return of(image)->device_us;
}
uint64_t k4a_image_get_system_timestamp_nsec(k4a_image_t image) {
  return of(image)->system_ns;
}
uint64_t k4a_image_get_exposure_usec(k4a_image_t) {
  return 8330;
}
uint32_t k4a_image_get_white_balance(k4a_image_t) {
  return 4500;
}
uint32_t k4a_image_get_iso_speed(k4a_image_t) {
  return 200;
}
void k4a_image_release(k4a_image_t image) {
  release(of(image));
}

}  // extern "C"
