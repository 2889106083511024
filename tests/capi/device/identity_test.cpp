// Finding, opening and telling units apart: facts k4a-abi.md B1, B2, G1 and G5.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DeviceIdentity : public testing::Test {
 protected:
  ProgramBench bench_;
};

TEST_F(DeviceIdentity, UnitsAreCountedWhetherOpenOrNot) {
  EXPECT_EQ(k4a_device_get_installed_count(), 3U);
  const OpenDevice device(1);
  EXPECT_EQ(k4a_device_get_installed_count(), 3U);
}

TEST_F(DeviceIdentity, AnUnpluggedUnitIsNotCounted) {
  bench_.set({"sub1", "usb", "unplug"});
  EXPECT_EQ(k4a_device_get_installed_count(), 2U);
}

TEST_F(DeviceIdentity, ABenchThatCannotBeReadHasNoUnitsAndSaysWhy) {
  setenv("GENLOCK_BENCH", "/nowhere/bench.toml", 1);
  const Heard heard;
  EXPECT_EQ(k4a_device_get_installed_count(), 0U);
  EXPECT_THAT(heard.lines(), ElementsAre(HasSubstr("/nowhere/bench.toml")));
}

TEST_F(DeviceIdentity, AUnitIsOpenOnceAtATimeAndOpensAgain) {
  for (int i = 0; i < 3; ++i) {
    const OpenDevice device(0);
    k4a_device_t second = nullptr;
    EXPECT_EQ(k4a_device_open(0, &second), K4A_RESULT_FAILED);
    EXPECT_EQ(second, nullptr);
  }
}

TEST_F(DeviceIdentity, UnitsThatAreNotThereDoNotOpen) {
  k4a_device_t device = nullptr;
  for (const std::uint32_t index : {3U, 1000000U})
    EXPECT_EQ(k4a_device_open(index, &device), K4A_RESULT_FAILED);
  EXPECT_EQ(device, nullptr) << "nothing is written on failure";
  EXPECT_EQ(k4a_device_open(0, nullptr), K4A_RESULT_FAILED);
}

TEST_F(DeviceIdentity, AClosedHandleFailsEverywhereAndIsNoOneElses) {
  OpenDevice device(0);
  const k4a_device_t closed = device;
  device.close();
  const OpenDevice another(0);
  EXPECT_NE(static_cast<k4a_device_t>(another), closed);
  for (const k4a_device_t bad : {closed, k4a_device_t(nullptr)}) {
    const Heard heard;
    k4a_hardware_version_t version;
    k4a_capture_t capture = nullptr;
    k4a_imu_sample_t sample;
    std::size_t size = 0;
    bool jack = false;
    const auto config = small_cameras();
    k4a_calibration_t calibration;
    EXPECT_EQ(k4a_device_get_serialnum(bad, nullptr, &size), K4A_BUFFER_RESULT_FAILED);
    EXPECT_EQ(k4a_device_get_raw_calibration(bad, nullptr, &size), K4A_BUFFER_RESULT_FAILED);
    EXPECT_EQ(k4a_device_get_version(bad, &version), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_get_sync_jack(bad, &jack, &jack), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_start_cameras(bad, &config), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_start_imu(bad), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_get_capture(bad, &capture, -1), K4A_WAIT_RESULT_FAILED);
    EXPECT_EQ(k4a_device_get_imu_sample(bad, &sample, -1), K4A_WAIT_RESULT_FAILED);
    EXPECT_EQ(
        k4a_device_get_calibration(bad, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF, &calibration),
        K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_set_color_control(bad, K4A_COLOR_CONTROL_GAIN, K4A_COLOR_CONTROL_MODE_MANUAL, 1),
              K4A_RESULT_FAILED);
    EXPECT_EQ(heard.lines().size(), 10U) << "a line for each failure";
    k4a_device_stop_cameras(bad);
    k4a_device_stop_imu(bad);
    k4a_device_close(bad);
  }
}

TEST_F(DeviceIdentity, SerialNumberIsGivenByTheTwoCallProtocol) {
  const OpenDevice device(1);
  std::size_t size = 0;
  EXPECT_EQ(k4a_device_get_serialnum(device, nullptr, nullptr), K4A_BUFFER_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_serialnum(device, nullptr, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  EXPECT_EQ(size, 13U) << "twelve digits and the NUL";
  std::array<char, 20> text;
  text.fill('x');
  size = 12;
  EXPECT_EQ(k4a_device_get_serialnum(device, text.data(), &size), K4A_BUFFER_RESULT_TOO_SMALL);
  EXPECT_EQ(size, 13U);
  EXPECT_EQ(text[0], '\0');
  EXPECT_EQ(text[1], 'x');
  for (const std::size_t room : {std::size_t{13}, text.size()}) {
    size = room;
    EXPECT_EQ(k4a_device_get_serialnum(device, text.data(), &size), K4A_BUFFER_RESULT_SUCCEEDED);
    EXPECT_EQ(size, 13U);
    EXPECT_STREQ(text.data(), ProgramBench::kSerials[1]);
  }
}

TEST_F(DeviceIdentity, VersionsAreThoseOfARetailUnit) {
  const OpenDevice device;
  k4a_hardware_version_t version{};
  ASSERT_EQ(k4a_device_get_version(device, &version), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_device_get_version(device, nullptr), K4A_RESULT_FAILED);
  EXPECT_THAT((std::array{version.rgb.major, version.rgb.minor, version.rgb.iteration}),
              ElementsAre(1, 6, 110));
  EXPECT_THAT((std::array{version.depth.major, version.depth.minor, version.depth.iteration}),
              ElementsAre(1, 6, 79));
  EXPECT_THAT((std::array{version.audio.major, version.audio.minor, version.audio.iteration}),
              ElementsAre(1, 6, 14));
  EXPECT_EQ(version.depth_sensor.major, 6109U);
  EXPECT_EQ(version.firmware_build, K4A_FIRMWARE_BUILD_RELEASE);
  EXPECT_EQ(version.firmware_signature, K4A_FIRMWARE_SIGNATURE_MSFT);
}

TEST_F(DeviceIdentity, JacksTellWhatIsPluggedNow) {
  const OpenDevice device(0);
  bool in = true, out = false;
  ASSERT_EQ(k4a_device_get_sync_jack(device, &in, &out), K4A_RESULT_SUCCEEDED);
  EXPECT_FALSE(in);
  EXPECT_TRUE(out);
  bench_.set({"master", "cable-out", "pull"});
  EXPECT_EQ(k4a_device_get_sync_jack(device, nullptr, &out), K4A_RESULT_SUCCEEDED);
  EXPECT_FALSE(out);
  EXPECT_EQ(k4a_device_get_sync_jack(device, &in, nullptr), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_device_get_sync_jack(device, nullptr, nullptr), K4A_RESULT_FAILED);
}

TEST_F(DeviceIdentity, RawCalibrationIsTextWithItsNul) {
  const OpenDevice device;
  std::size_t size = 0;
  ASSERT_EQ(k4a_device_get_raw_calibration(device, nullptr, &size), K4A_BUFFER_RESULT_TOO_SMALL);
  ASSERT_LT(size, 1'000'000U);
  std::vector<std::uint8_t> text(size + 10, 1);
  std::size_t given = size - 1;
  EXPECT_EQ(k4a_device_get_raw_calibration(device, text.data(), &given), K4A_BUFFER_RESULT_TOO_SMALL);
  EXPECT_EQ(given, size);
  given = text.size();
  ASSERT_EQ(k4a_device_get_raw_calibration(device, text.data(), &given), K4A_BUFFER_RESULT_SUCCEEDED);
  EXPECT_EQ(given, size);
  EXPECT_EQ(text[size - 1], 0);
  EXPECT_EQ(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), 0), 1);
  EXPECT_EQ(text[size], 1) << "nothing is written behind it";
}

TEST_F(DeviceIdentity, CalibrationIsThatOfTheRawOneForEveryPairOfModes) {
  const OpenDevice device;
  std::size_t size = 0;
  k4a_device_get_raw_calibration(device, nullptr, &size);
  std::vector<char> raw(size);
  ASSERT_EQ(k4a_device_get_raw_calibration(device, reinterpret_cast<std::uint8_t*>(raw.data()), &size),
            K4A_BUFFER_RESULT_SUCCEEDED);
  for (int depth = K4A_DEPTH_MODE_OFF; depth <= K4A_DEPTH_MODE_PASSIVE_IR; ++depth)
    for (int color = K4A_COLOR_RESOLUTION_OFF; color <= K4A_COLOR_RESOLUTION_3072P; ++color) {
      k4a_calibration_t own{}, from_raw{};
      const auto depth_mode = static_cast<k4a_depth_mode_t>(depth);
      const auto resolution = static_cast<k4a_color_resolution_t>(color);
      const bool on = depth != K4A_DEPTH_MODE_OFF || color != K4A_COLOR_RESOLUTION_OFF;
      ASSERT_EQ(k4a_device_get_calibration(device, depth_mode, resolution, &own) == K4A_RESULT_SUCCEEDED, on);
      if (!on) continue;
      ASSERT_EQ(k4a_calibration_get_from_raw(raw.data(), raw.size(), depth_mode, resolution, &from_raw),
                K4A_RESULT_SUCCEEDED);
      EXPECT_EQ(std::memcmp(&own, &from_raw, sizeof own), 0) << depth << " " << color;
      EXPECT_EQ(own.depth_camera_calibration.resolution_width > 0, depth != K4A_DEPTH_MODE_OFF);
      EXPECT_EQ(own.color_camera_calibration.resolution_width > 0, color != K4A_COLOR_RESOLUTION_OFF);
    }
}

TEST_F(DeviceIdentity, ModesThatDoNotExistHaveNoCalibration) {
  const OpenDevice device;
  k4a_calibration_t calibration;
  const auto get = [&](int depth, int color, k4a_calibration_t* out) {
    return k4a_device_get_calibration(device, static_cast<k4a_depth_mode_t>(depth),
                                      static_cast<k4a_color_resolution_t>(color), out);
  };
  EXPECT_EQ(get(6, 1, &calibration), K4A_RESULT_FAILED);
  EXPECT_EQ(get(1, 7, &calibration), K4A_RESULT_FAILED);
  EXPECT_EQ(get(1, 1, nullptr), K4A_RESULT_FAILED);
}

}  // namespace
}  // namespace genlock::test
