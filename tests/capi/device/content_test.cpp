// What captures and samples are made of: facts k4a-abi.md B3, B6, C2 to C4, G2 and G4.

#include <cmath>
#include <cstring>
#include <map>

#include "base/clock.h"
#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct DepthMode {
  k4a_depth_mode_t mode;
  int side_x, side_y;
};

struct ColorFormat {
  k4a_image_format_t format;
  int stride;
  std::size_t bytes;  ///< 0: it differs
};

class DeviceContent : public testing::Test {
 protected:
  void start(k4a_device_t device) {
    ASSERT_EQ(k4a_device_start_cameras(device, &config_), K4A_RESULT_SUCCEEDED);
  }

  ProgramBench bench_;
  k4a_device_configuration_t config_ = small_cameras();
};

void expect_plane(k4a_image_t image, k4a_image_format_t format, const DepthMode& mode) {
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(k4a_image_get_format(image), format);
  EXPECT_EQ(k4a_image_get_width_pixels(image), mode.side_x);
  EXPECT_EQ(k4a_image_get_height_pixels(image), mode.side_y);
  EXPECT_EQ(k4a_image_get_stride_bytes(image), 2 * mode.side_x);
  EXPECT_EQ(k4a_image_get_size(image), static_cast<std::size_t>(2 * mode.side_x * mode.side_y));
  EXPECT_EQ(k4a_image_get_exposure_usec(image), 0U);
}

TEST_F(DeviceContent, DepthModesHaveTheirImagesAndARestartGivesTheNewOnesAtOnce) {
  const DepthMode modes[] = {{K4A_DEPTH_MODE_NFOV_2X2BINNED, 320, 288},
                             {K4A_DEPTH_MODE_NFOV_UNBINNED, 640, 576},
                             {K4A_DEPTH_MODE_WFOV_2X2BINNED, 512, 512},
                             {K4A_DEPTH_MODE_WFOV_UNBINNED, 1024, 1024},
                             {K4A_DEPTH_MODE_PASSIVE_IR, 1024, 1024}};
  const OpenDevice device;
  config_.color_resolution = K4A_COLOR_RESOLUTION_OFF;
  config_.camera_fps = K4A_FRAMES_PER_SECOND_15;
  for (const DepthMode& mode : modes) {
    config_.depth_mode = mode.mode;
    start(device);
    const OwnedCapture capture = next_capture(bench_, device);
    ASSERT_NE(capture, nullptr);
    EXPECT_EQ(color_of(capture), nullptr);
    expect_plane(ir_of(capture).get(), K4A_IMAGE_FORMAT_IR16, mode);
    if (mode.mode == K4A_DEPTH_MODE_PASSIVE_IR) {
      EXPECT_EQ(depth_of(capture), nullptr);
    } else {
      const OwnedImage depth = depth_of(capture);
      expect_plane(depth.get(), K4A_IMAGE_FORMAT_DEPTH16, mode);
      EXPECT_EQ(k4a_image_get_device_timestamp_usec(depth.get()),
                k4a_image_get_device_timestamp_usec(ir_of(capture).get()));
    }
    EXPECT_GT(k4a_capture_get_temperature_c(capture.get()), 0);
    bench_.step(milliseconds(300));
    k4a_device_stop_cameras(device);
  }
}

TEST_F(DeviceContent, ColorFormatsHaveTheirImages) {
  const ColorFormat formats[] = {{K4A_IMAGE_FORMAT_COLOR_MJPG, 0, 0},
                                 {K4A_IMAGE_FORMAT_COLOR_NV12, 1280, 1382400},
                                 {K4A_IMAGE_FORMAT_COLOR_YUY2, 2560, 1843200},
                                 {K4A_IMAGE_FORMAT_COLOR_BGRA32, 5120, 3686400}};
  const OpenDevice device;
  config_.depth_mode = K4A_DEPTH_MODE_OFF;
  for (const ColorFormat& format : formats) {
    config_.color_format = format.format;
    start(device);
    const OwnedCapture capture = next_capture(bench_, device);
    ASSERT_NE(capture, nullptr);
    EXPECT_EQ(depth_of(capture), nullptr);
    EXPECT_EQ(ir_of(capture), nullptr);
    EXPECT_TRUE(std::isnan(k4a_capture_get_temperature_c(capture.get())));
    const OwnedImage image = color_of(capture);
    EXPECT_EQ(k4a_image_get_format(image.get()), format.format);
    EXPECT_EQ(k4a_image_get_width_pixels(image.get()), 1280);
    EXPECT_EQ(k4a_image_get_height_pixels(image.get()), 720);
    EXPECT_EQ(k4a_image_get_stride_bytes(image.get()), format.stride);
    if (format.bytes > 0) {
      EXPECT_EQ(k4a_image_get_size(image.get()), format.bytes);
    } else {
      EXPECT_EQ(std::memcmp(k4a_image_get_buffer(image.get()), "\xFF\xD8", 2), 0);
    }
    EXPECT_EQ(k4a_image_get_exposure_usec(image.get()), 16670U);
    EXPECT_EQ(k4a_image_get_white_balance(image.get()), 4500U);
    EXPECT_GT(k4a_image_get_iso_speed(image.get()), 0U);
    k4a_device_stop_cameras(device);
  }
}

TEST_F(DeviceContent, StampsAdvanceByAPeriodFromNearZeroAndDepthKeepsItsDelay) {
  const OpenDevice device;
  config_.depth_delay_off_color_usec = 5000;
  config_.synchronized_images_only = true;
  for (int run = 0; run < 2; ++run) {
    start(device);
    std::uint64_t device_time = 0, system_time = 0;
    for (int i = 0; i < 10; ++i) {
      const OwnedCapture capture = next_capture(bench_, device);
      ASSERT_NE(capture, nullptr);
      const OwnedImage color = color_of(capture), depth = depth_of(capture);
      ASSERT_TRUE(color && depth && ir_of(capture));
      const std::uint64_t stamp = k4a_image_get_device_timestamp_usec(color.get());
      EXPECT_NEAR(static_cast<double>(k4a_image_get_device_timestamp_usec(depth.get()) - stamp), 5000, 50);
      EXPECT_NEAR(static_cast<double>(stamp - device_time), 33333, i == 0 ? 2e6 : 50);
      EXPECT_GT(k4a_image_get_system_timestamp_nsec(color.get()), system_time);
      device_time = stamp;
      system_time = k4a_image_get_system_timestamp_nsec(color.get());
    }
    k4a_device_stop_cameras(device);
  }
}

TEST_F(DeviceContent, ASlowReaderLosesTheOldestAndKeepsSeven) {
  const OpenDevice device;
  start(device);
  const OwnedCapture first = next_capture(bench_, device);
  ASSERT_NE(first, nullptr);
  take_all(device);
  const std::uint64_t before = k4a_image_get_device_timestamp_usec(color_of(first).get());
  bench_.step(seconds(2));
  const OwnedCapture next = next_capture(bench_, device);
  EXPECT_GT(k4a_image_get_device_timestamp_usec(color_of(next).get()), before + 1'600'000);
  EXPECT_EQ(take_all(device), 6);
}

TEST_F(DeviceContent, SamplesLieAtRestAndTheOldestAreLost) {
  const OpenDevice device;
  start(device);
  ASSERT_EQ(k4a_device_start_imu(device), K4A_RESULT_SUCCEEDED);
  ASSERT_TRUE(next_sample(bench_, device));
  bench_.step(seconds(2));
  k4a_imu_sample_t sample{}, before{};
  int samples = 0;
  for (; k4a_device_get_imu_sample(device, &sample, 0) == K4A_WAIT_RESULT_SUCCEEDED;
       ++samples, before = sample) {
    const float* const g = sample.acc_sample.v;
    EXPECT_NEAR(std::hypot(g[0], g[1], g[2]), 9.81, 0.5);
    for (const float rate : sample.gyro_sample.v) EXPECT_LE(std::abs(rate), 0.1F);
    EXPECT_GT(sample.temperature, 0);
    EXPECT_GT(sample.acc_timestamp_usec, before.acc_timestamp_usec);
    EXPECT_GT(sample.gyro_timestamp_usec, before.gyro_timestamp_usec);
  }
  EXPECT_EQ(samples, 833);
}

TEST_F(DeviceContent, ImagesOutliveStopAndClose) {
  OwnedCapture capture;
  {
    const OpenDevice device;
    start(device);
    capture = next_capture(bench_, device);
  }
  ASSERT_NE(capture, nullptr);
  const OwnedImage depth = depth_of(capture);
  capture.reset();
  std::vector<std::uint8_t> pixels(k4a_image_get_size(depth.get()));
  std::memcpy(pixels.data(), k4a_image_get_buffer(depth.get()), pixels.size());
  EXPECT_THAT(pixels, testing::Contains(testing::Ne(0)));
}

TEST(DeviceStamps, OfArrivalAreOfThisHostsMonotonicClock) {
  const auto now_ns = [] { return static_cast<std::uint64_t>(count_ns(system_clock().now())); };
  ProgramBench bench({.clock = ""});
  const OpenDevice device;
  const auto config = small_cameras();
  const std::uint64_t before = now_ns();
  ASSERT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
  k4a_capture_t handle = nullptr;
  ASSERT_EQ(k4a_device_get_capture(device, &handle, K4A_WAIT_INFINITE), K4A_WAIT_RESULT_SUCCEEDED);
  const OwnedCapture capture(handle);
  for (const auto& image_of : {color_of, depth_of, ir_of}) {
    const std::uint64_t stamp = k4a_image_get_system_timestamp_nsec(image_of(capture).get());
    EXPECT_GT(stamp, before);
    EXPECT_LE(stamp, now_ns()) << "not in the future";
  }
}

/// Who writes into an image must not change the next ones, whatever the pictures come from.
class DevicePixels : public testing::TestWithParam<Pictures> {
 protected:
  ProgramBench bench_{{.pictures = GetParam()}};
};

TEST_P(DevicePixels, AreTheProgramsOwnToWriteTo) {
  const OpenDevice device;
  auto config = small_cameras();
  ASSERT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
  const OwnedCapture reference = next_capture(bench_, device);
  const OwnedCapture kept = next_capture(bench_, device);
  const OwnedCapture written = next_capture(bench_, device);
  for (const auto& image_of : {color_of, depth_of, ir_of}) {
    const OwnedImage image = image_of(written);
    std::memset(k4a_image_get_buffer(image.get()), 0xA5, k4a_image_get_size(image.get()));
  }
  const OwnedCapture later = next_capture(bench_, device);
  for (const auto& image_of : {color_of, depth_of, ir_of})
    for (const OwnedCapture* capture : {&kept, &later}) {
      const OwnedImage image = image_of(*capture), as_before = image_of(reference);
      const std::uint8_t* const pixels = k4a_image_get_buffer(image.get());
      const std::size_t size = k4a_image_get_size(image.get());
      // Below the pulse's number, pictures of a loop of one frame are all the same.
      EXPECT_EQ(std::memcmp(pixels + size / 2, k4a_image_get_buffer(as_before.get()) + size / 2, size / 2),
                0);
    }
}

std::string name_of(const testing::TestParamInfo<Pictures>& instance) {
  return instance.param == Pictures::flat ? "Flat" : instance.param == Pictures::scene ? "Scene" : "Recorded";
}

INSTANTIATE_TEST_SUITE_P(Pictures, DevicePixels,
                         testing::Values(Pictures::flat, Pictures::scene, Pictures::recorded), name_of);

/// A program's allocator, which hands out and counts.
struct Arena {
  std::map<void*, int> given;
  static Arena& instance() {
    static Arena arena;
    return arena;
  }
};

std::uint8_t* arena_allocate(int size, void** context) {
  auto* const memory = static_cast<std::uint8_t*>(std::malloc(static_cast<std::size_t>(size)));
  Arena::instance().given[memory] = size;
  *context = memory;
  return memory;
}

void arena_free(void* memory, void* context) {
  EXPECT_EQ(memory, context);
  EXPECT_EQ(Arena::instance().given.erase(memory), 1U);
  std::free(memory);
}

std::uint8_t* allocate_nothing(int, void**) {
  return nullptr;
}

TEST_F(DeviceContent, FramesLieInTheProgramsMemoryDepthAndIrInOnePiece) {
  ASSERT_EQ(k4a_set_allocator(arena_allocate, arena_free), K4A_RESULT_SUCCEEDED);
  OwnedCapture capture;
  {
    const OpenDevice device;
    start(device);
    capture = next_capture(bench_, device);
  }
  EXPECT_EQ(k4a_set_allocator(nullptr, nullptr), K4A_RESULT_SUCCEEDED);
  auto& given = Arena::instance().given;
  ASSERT_EQ(given.size(), 2U);
  const std::uint8_t* const color = k4a_image_get_buffer(color_of(capture).get());
  const std::uint8_t* const depth = k4a_image_get_buffer(depth_of(capture).get());
  constexpr int kHead = 32, kColorBytes = 1382400, kDepthBytes = 184320;
  EXPECT_EQ(given.at(const_cast<std::uint8_t*>(color) - kHead), kColorBytes + kHead);
  EXPECT_EQ(given.at(const_cast<std::uint8_t*>(depth) - kHead), 2 * kDepthBytes + kHead);
  EXPECT_EQ(k4a_image_get_buffer(ir_of(capture).get()), depth + kDepthBytes);
  OwnedImage ir = ir_of(capture);
  capture.reset();
  EXPECT_EQ(given.size(), 1U) << "IR keeps the piece it shares with depth";
  ir.reset();
  EXPECT_TRUE(given.empty());
}

TEST_F(DeviceContent, AFrameWithoutMemoryIsAFailedRead) {
  const OpenDevice device;
  start(device);
  ASSERT_EQ(k4a_set_allocator(allocate_nothing, arena_free), K4A_RESULT_SUCCEEDED);
  bench_.step(seconds(2));
  k4a_capture_t capture = nullptr;
  EXPECT_EQ(k4a_device_get_capture(device, &capture, 0), K4A_WAIT_RESULT_FAILED);
  EXPECT_EQ(capture, nullptr);
  EXPECT_EQ(k4a_set_allocator(nullptr, nullptr), K4A_RESULT_SUCCEEDED);
  EXPECT_NE(next_capture(bench_, device), nullptr);
}

}  // namespace
}  // namespace genlock::test
