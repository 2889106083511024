#include "record_support.h"

#include <gtest/gtest.h>

#include <utility>

namespace genlock::test {
namespace {

void delete_pixels(void*, void* context) {
  delete static_cast<std::vector<std::uint8_t>*>(context);
}

k4a_image_t make_image(const Pixels& pixels) {
  auto* const bytes = new std::vector<std::uint8_t>(pixel_bytes(pixels));
  k4a_image_t image = nullptr;
  EXPECT_EQ(k4a_image_create_from_buffer(pixels.format, pixels.width, pixels.height, 0, bytes->data(),
                                         bytes->size(), delete_pixels, bytes, &image),
            K4A_RESULT_SUCCEEDED);
  k4a_image_set_device_timestamp_usec(image, pixels.time_us);
  return image;
}

void fill(k4a_capture_t capture, void (*set)(k4a_capture_t, k4a_image_t),
          const std::optional<Pixels>& pixels) {
  if (!pixels) return;
  const k4a_image_t image = make_image(*pixels);
  set(capture, image);
  k4a_image_release(image);
}

}  // namespace

std::vector<std::uint8_t> pixel_bytes(const Pixels& pixels) {
  std::vector<std::uint8_t> bytes(pixels.bytes);
  std::uint32_t state = pixels.seed * 2654435761U + 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

k4a_device_configuration_t small_device_config() {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  return config;
}

CaptureContent small_capture(std::uint64_t time_us, unsigned seed) {
  constexpr std::size_t kDepthBytes = 320 * 288 * 2;
  return {Pixels{K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, 1000 + seed % 7, time_us, seed},
          Pixels{K4A_IMAGE_FORMAT_DEPTH16, 320, 288, kDepthBytes, time_us, seed + 1},
          Pixels{K4A_IMAGE_FORMAT_IR16, 320, 288, kDepthBytes, time_us, seed + 2}};
}

k4a_capture_t make_capture(const CaptureContent& content) {
  k4a_capture_t capture = nullptr;
  EXPECT_EQ(k4a_capture_create(&capture), K4A_RESULT_SUCCEEDED);
  fill(capture, k4a_capture_set_color_image, content.color);
  fill(capture, k4a_capture_set_depth_image, content.depth);
  fill(capture, k4a_capture_set_ir_image, content.ir);
  return capture;
}

k4a_result_t write_capture(k4a_record_t recording, const CaptureContent& content) {
  const k4a_capture_t capture = make_capture(content);
  const k4a_result_t result = k4a_record_write_capture(recording, capture);
  k4a_capture_release(capture);
  return result;
}

k4a_imu_sample_t make_sample(std::uint64_t time_us) {
  const auto x = static_cast<float>(time_us % 1000);
  k4a_imu_sample_t sample{};
  sample.temperature = 30;
  sample.acc_sample = {{x, -1.5F, 9.81F}};
  sample.acc_timestamp_usec = time_us;
  sample.gyro_sample = {{0.25F, x, -0.5F}};
  sample.gyro_timestamp_usec = time_us + 7;
  return sample;
}

OpenRecording::OpenRecording(const std::filesystem::path& path, const k4a_device_configuration_t& config) {
  EXPECT_EQ(k4a_record_create(path.c_str(), nullptr, config, &handle_), K4A_RESULT_SUCCEEDED);
}

void OpenRecording::close() {
  if (handle_ != nullptr) k4a_record_close(std::exchange(handle_, nullptr));
}

}  // namespace genlock::test
