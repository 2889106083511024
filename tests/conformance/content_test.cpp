#include <cctype>
#include <cmath>

#include "suite.h"

// What captures, samples and identities hold: facts k4a-abi.md G2, G5.

namespace genlock::conformance {
namespace {

constexpr double kStandardGravity = 9.80665;

void expect_plane(const std::optional<Image>& image, PixelFormat format, Size size) {
  ASSERT_TRUE(image);
  EXPECT_EQ(image->format, format);
  EXPECT_EQ(image->size, size);
  EXPECT_EQ(image->stride, stride_bytes(format, size.width));
  EXPECT_EQ(image->data.size(), image_bytes(format, size));
}

void expect_color(const std::optional<Image>& color, const CameraConfig& camera) {
  ASSERT_EQ(color.has_value(), camera.color_on());
  if (!color) return;
  if (camera.color_format != PixelFormat::mjpg)
    return expect_plane(color, camera.color_format, image_size(camera.color_resolution));
  EXPECT_EQ(color->format, PixelFormat::mjpg);
  EXPECT_EQ(color->size, image_size(camera.color_resolution));
  EXPECT_EQ(color->stride, 0);
  ASSERT_GE(color->data.size(), 2u);
  EXPECT_EQ(color->data.bytes()[0], std::byte{0xFF});
  EXPECT_EQ(color->data.bytes()[1], std::byte{0xD8});
}

void expect_depth_side(const Capture& capture, const CameraConfig& camera) {
  EXPECT_EQ(capture.depth.has_value(), has_depth_image(camera.depth_mode));
  EXPECT_EQ(capture.ir.has_value(), camera.depth_on());
  if (capture.depth) expect_plane(capture.depth, PixelFormat::depth16, image_size(camera.depth_mode));
  if (capture.ir) expect_plane(capture.ir, PixelFormat::ir16, image_size(camera.depth_mode));
  if (capture.depth && capture.ir) {
    EXPECT_EQ(capture.depth->device_time, capture.ir->device_time);
    EXPECT_NE(capture.depth->data.data(), capture.ir->data.data());
  }
  if (!camera.depth_on()) {
    EXPECT_TRUE(std::isnan(capture.temperature_c));
  }
}

// Catches wrong sizes, strides and formats, and one buffer for two images (G2 16, 18).
TEST_P(Conformance, CapturesHaveTheImagesOfTheirMode) {
  const auto device = open_started(config());
  for (const Capture& capture : take(*device, 3)) {
    if (!is_pair(capture)) continue;
    expect_color(capture.color, config());
    expect_depth_side(capture, config());
  }
}

// The same in every mode of each camera alone (G2 16 to 18).
TEST_P(Conformance, EveryModeOfEachCameraHasItsImages) {
  CONFORMANCE_NEEDS(any_mode);
  const auto device = open();
  std::vector<CameraConfig> cameras;
  for (int mode = 1; mode <= 5; ++mode)
    cameras.push_back({.depth_mode = static_cast<DepthMode>(mode), .rate = FrameRate::fps15});
  for (const PixelFormat format :
       {PixelFormat::mjpg, PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32})
    cameras.push_back(
        {.color_format = format, .color_resolution = ColorResolution::r720p, .rate = FrameRate::fps15});
  for (const CameraConfig& camera : cameras) {
    start(*device, camera);
    const auto capture = next(*device);
    ASSERT_TRUE(capture);
    expect_color(capture->color, camera);
    expect_depth_side(*capture, camera);
    device->stop_cameras();
  }
}

// Catches stamps that repeat or run backwards, and host times from the future or another clock (G2 19).
TEST_P(Conformance, StampsRiseInEveryStreamAndHostTimesAreOfTheUnitsClock) {
  const auto device = open_started(config());
  std::optional<Image> color, ir;
  for (const Capture& capture : take(*device, 20)) {
    for (const auto& [image, last] : {std::pair(&capture.color, &color), std::pair(&capture.ir, &ir)}) {
      if (!*image) continue;
      ASSERT_TRUE((*image)->host_time);
      EXPECT_LE((*image)->host_time, device->clock().now());
      EXPECT_GT((*image)->device_time, DeviceTime{});
      if (*last) {
        EXPECT_GT((*image)->device_time, (*last)->device_time);
        EXPECT_GT((*image)->host_time, (*last)->host_time);
      }
      *last = *image;
    }
  }
}

// Catches a shutter longer than the frame and metadata that nobody fills (G2 20).
TEST_P(Conformance, ColourCarriesItsExposureWhiteBalanceAndIso) {
  const auto device = open_started(config());
  const auto captures = take(*device, 3);
  for (const Capture& capture : captures) {
    if (!capture.color) continue;
    EXPECT_GT(capture.color->exposure, device_us(0));
    EXPECT_LE(capture.color->exposure, period_us(config().rate));
    EXPECT_GT(capture.color->white_balance, 0u);
    EXPECT_GT(capture.color->iso, 0u);
  }
}

// Catches a capture whose parts do not belong together (G2 21).
TEST_P(Conformance, PartsOfACaptureBelongTogether) {
  const auto device = open_started(config());
  int pairs = 0;
  for (const Capture& capture : take(*device, 20)) {
    if (!is_pair(capture)) continue;
    ++pairs;
    const DeviceDuration off =
        depth_time(capture) - capture.color->device_time - config().depth_delay_off_color;
    EXPECT_LE(std::abs(count_us(off)), 110);
    EXPECT_GT(capture.temperature_c, 0.0F);
  }
  EXPECT_GE(pairs, 15) << "singles may occur, mostly at the start";
}

// Catches singles that slip through (G2 22).
TEST_P(Conformance, SynchronizedImagesOnlyGivesPairsOnly) {
  CameraConfig camera = config();
  camera.synchronized_images_only = true;
  const auto device = open_started(camera);
  for (const Capture& capture : take(*device, 20)) EXPECT_TRUE(is_pair(capture));
}

// Catches a clock that is not reset when colour starts (G2 23).
TEST_P(Conformance, StampsStartNearZeroAtEveryStart) {
  const auto device = open();
  for (int i = 0; i < 3; ++i) {
    start(*device, config());
    const auto capture = next(*device);
    ASSERT_TRUE(capture);
    EXPECT_LT(earliest_time(*capture), device_time_us(2'000'000));
    pass(milliseconds(300));
    device->stop_cameras();
  }
}

// Catches IMU data in other units, out of order, with holes or on another clock (G2 24).
TEST_P(Conformance, ImuSamplesRiseWithoutHolesAndFeelGravity) {
  const auto device = open_started(config());
  ASSERT_TRUE(device->start_imu());
  const auto samples = take_samples(*device, 800);
  ASSERT_EQ(samples.size(), 800u);
  EXPECT_LT(samples.front().accel_time, device_time_us(2'000'000));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const ImuSample& sample = samples[i];
    EXPECT_NEAR(std::hypot(sample.accel[0], sample.accel[1], sample.accel[2]), kStandardGravity, 0.5);
    for (const float rate : sample.gyro) EXPECT_LE(std::abs(rate), 0.1F);
    if (backend().abilities().imu_temperature) {
      EXPECT_GT(sample.temperature_c, 0.0F);
    }
    if (i == 0) continue;
    EXPECT_GT(sample.accel_time, samples[i - 1].accel_time);
    EXPECT_GT(sample.gyro_time, samples[i - 1].gyro_time);
    EXPECT_LT(sample.accel_time - samples[i - 1].accel_time, device_us(6000));
  }
}

// Catches an IMU that gives what came while it was stopped (B3: the queue is cleared).
TEST_P(Conformance, RestartedImuGivesNoOldSamples) {
  const auto device = open_started(config());
  ASSERT_TRUE(device->start_imu());
  const DeviceTime last = take_samples(*device, 100).back().accel_time;
  device->stop_imu();
  pass(milliseconds(400));
  ASSERT_TRUE(device->start_imu());
  EXPECT_GT(take_samples(*device, 1).front().accel_time, last + device_us(300'000));
}

// Catches a reader that is given more than it has room for, or one sample a call.
TEST_P(Conformance, ImuIsReadInBatchesThatFitTheCallersRoom) {
  const auto device = open_started(config());
  ASSERT_TRUE(device->start_imu());
  ASSERT_TRUE(next(*device));
  take_samples(*device, 1);
  pass(milliseconds(100));
  std::array<ImuSample, 64> out;
  EXPECT_EQ(device->read_imu(std::span(out).first(5), kNow).value(), 5u);
  EXPECT_EQ(device->read_imu(out, kNow).value(), out.size());
  EXPECT_EQ(device->read_imu(std::span<ImuSample>(), kNow).value(), 0u);
}

// Catches serials that are cut, padded or not digits (G5 39).
TEST_P(Conformance, SerialNumberIsTwelveDigits) {
  const std::string serial = open()->identity().serial;
  EXPECT_EQ(serial.size(), 12u);
  EXPECT_TRUE(std::ranges::all_of(serial, [](unsigned char c) { return std::isdigit(c) != 0; })) << serial;
  EXPECT_TRUE(serial_check_digit_ok(serial)) << serial;
}

// Catches simulated data that pass for real, and the reverse.
TEST_P(Conformance, SimulatedUnitsSaySo) {
  const auto device = open();
  EXPECT_EQ(device->identity().simulated, is_simulated_serial(device->identity().serial));
}

// Catches versions that were never read (G5 40).
TEST_P(Conformance, VersionsAreThoseOfARetailUnit) {
  CONFORMANCE_NEEDS(all_versions);
  const HardwareVersion version = open()->identity().version;
  for (const Version& part : {version.color, version.depth, version.audio})
    EXPECT_GE(part, (Version{1, 6, 0}));
  EXPECT_GT(version.depth_sensor.major, 0u);
  EXPECT_EQ(version.build, FirmwareBuild::release);
  EXPECT_EQ(version.signature, FirmwareSignature::microsoft);
}

// Catches a blob that is cut, binary or another one at every open (G5 41).
TEST_P(Conformance, CalibrationIsPrintableTextAndStaysTheSame) {
  const Buffer first = open()->identity().raw_calibration;
  ASSERT_GT(first.size(), 1000u);
  EXPECT_LT(first.size(), 1'000'000u);
  const ByteSpan text =
      first.bytes().back() == std::byte{0} ? first.bytes().first(first.size() - 1) : first.bytes();
  EXPECT_TRUE(std::ranges::all_of(text, [](std::byte b) {
    const int c = std::to_integer<int>(b);
    return std::isprint(c) != 0 || std::isspace(c) != 0;
  }));
  EXPECT_TRUE(std::ranges::equal(first.bytes(), open()->identity().raw_calibration.bytes()));
}

}  // namespace
}  // namespace genlock::conformance
