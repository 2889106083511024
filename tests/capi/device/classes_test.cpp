// The C++ classes of k4a.hpp over a unit of the bench: they give what the C functions give, and failures as
// exceptions.

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "capi/device/program_bench.h"
#include "k4a/k4a.hpp"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;

bool same_pixels(const k4a::image& a, const k4a::image& b) {
  return a.get_size() == b.get_size() && std::memcmp(a.get_buffer(), b.get_buffer(), a.get_size()) == 0;
}

k4a::image blank_like(const k4a::image& image) {
  return k4a::image::create(image.get_format(), image.get_width_pixels(), image.get_height_pixels(),
                            image.get_stride_bytes());
}

/// Pixels whose first value (of 16 bits) is not 0.
int pixels_with_a_value(const k4a::image& image, int values_of_a_pixel) {
  const auto* const values = reinterpret_cast<const std::uint16_t*>(image.get_buffer());
  int found = 0;
  for (int i = 0; i < image.get_width_pixels() * image.get_height_pixels(); ++i)
    found += values[i * values_of_a_pixel] != 0;
  return found;
}

class CppClasses : public testing::Test {
 protected:
  CppClasses() {
    config_.color_format = K4A_IMAGE_FORMAT_COLOR_BGRA32;
    config_.synchronized_images_only = true;
  }

  k4a::capture next() {
    k4a::capture capture;
    for (int i = 0; i < 1000 && !device_.get_capture(&capture, milliseconds(0)); ++i)
      bench_.step(milliseconds(10));
    return capture;
  }

  /// An open unit's capture, with the calibration of its modes.
  void stream() {
    device_.start_cameras(&config_);
    capture_ = next();
    calibration_ = device_.get_calibration(config_.depth_mode, config_.color_resolution);
  }

  ProgramBench bench_{{.pictures = Pictures::scene}};
  k4a_device_configuration_t config_ = small_cameras();
  k4a::device device_ = k4a::device::open(1);
  k4a::capture capture_;
  k4a::calibration calibration_;
};

TEST_F(CppClasses, ADeviceTellsWhatItIs) {
  EXPECT_EQ(k4a::device::get_installed_count(), 3U);
  EXPECT_EQ(device_.get_serialnum(), ProgramBench::kSerials[1]);
  EXPECT_EQ(device_.get_version().rgb.iteration, 110U);
  EXPECT_TRUE(device_.is_sync_in_connected());
  EXPECT_TRUE(device_.is_sync_out_connected());
  std::vector<std::uint8_t> raw = device_.get_raw_calibration();
  EXPECT_EQ(raw.back(), 0);
  const auto from_raw =
      k4a::calibration::get_from_raw(raw, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_1080P);
  const auto own = device_.get_calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_1080P);
  EXPECT_EQ(std::memcmp(&own, &from_raw, sizeof(k4a_calibration_t)), 0);
}

TEST_F(CppClasses, ADeviceTakesSettings) {
  device_.set_color_control(K4A_COLOR_CONTROL_GAIN, K4A_COLOR_CONTROL_MODE_MANUAL, 77);
  k4a_color_control_mode_t mode{};
  std::int32_t value = 0;
  device_.get_color_control(K4A_COLOR_CONTROL_GAIN, &mode, &value);
  EXPECT_EQ(value, 77);
  bool automatic = true;
  std::int32_t least = -1, most = -1, step = -1;
  device_.get_color_control_capabilities(K4A_COLOR_CONTROL_GAIN, &automatic, &least, &most, &step, &value,
                                         &mode);
  EXPECT_EQ(most, 255);
  EXPECT_FALSE(automatic);
}

TEST_F(CppClasses, ADeviceStreamsAndClosesItself) {
  stream();
  EXPECT_TRUE(capture_.get_color_image() && capture_.get_depth_image() && capture_.get_ir_image());
  device_.start_imu();
  k4a_imu_sample_t sample;
  int waits = 0;
  for (; waits < 1000 && !device_.get_imu_sample(&sample, milliseconds(0)); ++waits)
    bench_.step(milliseconds(1));
  EXPECT_LT(waits, 1000);
  k4a::device moved = std::move(device_);
  EXPECT_FALSE(device_);
  moved = nullptr;
  EXPECT_TRUE(k4a::device::open(1)) << "it was let go";
}

TEST_F(CppClasses, FailuresAreExceptions) {
  EXPECT_THROW(k4a::device::open(1), k4a::error);
  EXPECT_THROW(k4a::device::open(99), k4a::error);
  EXPECT_THROW(device_.get_capture(&capture_), k4a::error);
  EXPECT_THROW(device_.get_imu_sample(nullptr), k4a::error);
  EXPECT_THROW(device_.start_imu(), k4a::error);
  EXPECT_THROW(k4a::device().get_serialnum(), k4a::error);
}

TEST_F(CppClasses, AreTrueWhereTheyAreValidWithoutASpelledConversion) {
  static_assert(std::is_convertible_v<k4a::device, bool> && std::is_convertible_v<k4a::capture, bool> &&
                std::is_convertible_v<k4a::image, bool> && std::is_convertible_v<k4a::transformation, bool>);
  const bool open = device_, none = k4a::image();
  EXPECT_TRUE(open);
  EXPECT_FALSE(none);
}

TEST_F(CppClasses, ATransformationOfAnUnusableCalibrationIsInvalid) {
  static_assert(std::is_nothrow_constructible_v<k4a::transformation, const k4a_calibration_t&>);
  const k4a::transformation none(k4a_calibration_t{});
  EXPECT_FALSE(none);
  EXPECT_THROW(none.depth_image_to_color_camera(k4a::image()), k4a::error);
}

TEST_F(CppClasses, ATransformationTakesAHandleOver) {
  stream();
  const k4a_transformation_t handle = k4a_transformation_create(&calibration_);
  const k4a::image depth = capture_.get_depth_image();
  k4a::image in_color = k4a::image::create(K4A_IMAGE_FORMAT_DEPTH16, 1280, 720, 2 * 1280);
  {
    const k4a::transformation between = handle;
    EXPECT_EQ(between.handle(), handle);
    between.depth_image_to_color_camera(depth, &in_color);
    EXPECT_GT(pixels_with_a_value(in_color, 1), 1280 * 720 / 4);
    EXPECT_THROW(between.depth_image_to_color_camera(depth), k4a::error) << "nothing tells the size";
  }
  EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(handle, depth.handle(), in_color.handle()),
            K4A_RESULT_FAILED)
      << "it went with its owner";
}

TEST_F(CppClasses, ATimeoutLeavesTheCaptureAlone) {
  stream();
  const k4a_capture_t before = capture_.handle();
  while (device_.get_capture(&capture_, milliseconds(0))) {
  }
  k4a::capture kept = next();
  const k4a_capture_t held = kept.handle();
  ASSERT_NE(held, before);
  EXPECT_FALSE(device_.get_capture(&kept, milliseconds(0)));
  EXPECT_EQ(kept.handle(), held);
}

/// A bench whose time passes by itself, so that a wait comes to its end.
class CppTimeouts : public testing::Test {
 protected:
  ProgramBench bench_{{.clock = ProgramBench::patient(1)}};
};

TEST_F(CppTimeouts, OfMoreMillisecondsThanTheCFunctionsCountAreNotCut) {
  const k4a_device_configuration_t config = small_cameras();
  const k4a::device device = k4a::device::open(0);
  device.start_cameras(&config);
  device.start_imu();
  constexpr std::int64_t kCutToNothing = std::int64_t{1} << 32;
  k4a::capture capture;
  k4a_imu_sample_t sample;
  for (const std::int64_t timeout : {kCutToNothing, -kCutToNothing}) {
    EXPECT_TRUE(device.get_capture(&capture, milliseconds(timeout))) << timeout;
    EXPECT_TRUE(device.get_imu_sample(&sample, milliseconds(timeout))) << timeout;
  }
}

TEST_F(CppClasses, ATransformationMakesImagesOfTheRightSize) {
  stream();
  const k4a::transformation between(calibration_);
  const k4a::image depth = capture_.get_depth_image();
  const k4a::image in_color = between.depth_image_to_color_camera(depth);
  EXPECT_EQ(in_color.get_width_pixels(), 1280);
  EXPECT_EQ(in_color.get_height_pixels(), 720);
  EXPECT_GT(pixels_with_a_value(in_color, 1), 1280 * 720 / 4);
  k4a::image filled = blank_like(in_color);
  between.depth_image_to_color_camera(depth, &filled);
  EXPECT_TRUE(same_pixels(in_color, filled));

  const k4a::image color = between.color_image_to_depth_camera(depth, capture_.get_color_image());
  EXPECT_EQ(color.get_format(), K4A_IMAGE_FORMAT_COLOR_BGRA32);
  EXPECT_EQ(color.get_width_pixels(), 320);
  EXPECT_GT(pixels_with_a_value(color, 2), 320 * 288 / 4);

  const k4a::image cloud = between.depth_image_to_point_cloud(depth, K4A_CALIBRATION_TYPE_DEPTH);
  EXPECT_EQ(cloud.get_stride_bytes(), 6 * 320);
  EXPECT_GT(pixels_with_a_value(cloud, 3), 320 * 288 / 4);
}

TEST_F(CppClasses, ATransformationTakesLabelsAlong) {
  stream();
  k4a::transformation made(calibration_);
  const k4a::transformation between = std::move(made);
  EXPECT_FALSE(made);
  k4a::image labels = k4a::image::create(K4A_IMAGE_FORMAT_CUSTOM8, 320, 288, 320);
  std::memset(labels.get_buffer(), 7, labels.get_size());
  const auto [depth, custom] = between.depth_image_to_color_camera_custom(
      capture_.get_depth_image(), labels, K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST, 9);
  EXPECT_TRUE(same_pixels(depth, between.depth_image_to_color_camera(capture_.get_depth_image())));
  const std::uint8_t* const values = custom.get_buffer();
  EXPECT_EQ(std::count(values, values + custom.get_size(), 7), pixels_with_a_value(depth, 1));
  EXPECT_EQ(
      std::count(values, values + custom.get_size(), 7) + std::count(values, values + custom.get_size(), 9),
      static_cast<std::ptrdiff_t>(custom.get_size()));
}

TEST_F(CppClasses, ACalibrationFindsTheDepthPixelOfAColorPixel) {
  stream();
  const k4a::image depth = capture_.get_depth_image();
  k4a_float2_t found{}, back{};
  ASSERT_TRUE(calibration_.convert_color_2d_to_depth_2d({{640, 360}}, depth, &found));
  const auto* const values = reinterpret_cast<const std::uint16_t*>(depth.get_buffer());
  const std::uint16_t distance =
      values[static_cast<int>(found.xy.y + 0.5F) * 320 + static_cast<int>(found.xy.x + 0.5F)];
  ASSERT_TRUE(calibration_.convert_2d_to_2d(found, distance, K4A_CALIBRATION_TYPE_DEPTH,
                                            K4A_CALIBRATION_TYPE_COLOR, &back));
  EXPECT_NEAR(back.xy.x, 640, 10);
  EXPECT_NEAR(back.xy.y, 360, 10);
}

}  // namespace
}  // namespace genlock::test
