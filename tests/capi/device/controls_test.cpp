// The colour camera's settings: facts k4a-abi.md D and G6.

#include <utility>

#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

constexpr auto kAuto = K4A_COLOR_CONTROL_MODE_AUTO;
constexpr auto kManual = K4A_COLOR_CONTROL_MODE_MANUAL;

struct Range {
  k4a_color_control_command_t command;
  bool supports_auto;
  std::int32_t min, max, step, default_value;
  k4a_color_control_mode_t default_mode;
};

constexpr Range kRanges[] = {
    {K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, true, 500, 133330, 100, 16670, kAuto},
    {K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY, false, 0, 0, 0, 0, kManual},
    {K4A_COLOR_CONTROL_BRIGHTNESS, false, 0, 255, 1, 128, kManual},
    {K4A_COLOR_CONTROL_CONTRAST, false, 0, 10, 1, 5, kManual},
    {K4A_COLOR_CONTROL_SATURATION, false, 0, 63, 1, 32, kManual},
    {K4A_COLOR_CONTROL_SHARPNESS, false, 0, 4, 1, 2, kManual},
    {K4A_COLOR_CONTROL_WHITEBALANCE, true, 2500, 12500, 10, 4500, kAuto},
    {K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION, false, 0, 1, 1, 0, kManual},
    {K4A_COLOR_CONTROL_GAIN, false, 0, 255, 1, 128, kManual},
    {K4A_COLOR_CONTROL_POWERLINE_FREQUENCY, false, 1, 2, 1, 2, kManual},
};

using Setting = std::pair<k4a_color_control_mode_t, std::int32_t>;

Setting get(k4a_device_t device, k4a_color_control_command_t command) {
  Setting now{};
  EXPECT_EQ(k4a_device_get_color_control(device, command, &now.first, &now.second), K4A_RESULT_SUCCEEDED);
  return now;
}

Setting set_and_get(k4a_device_t device, k4a_color_control_command_t command, const Setting& wanted) {
  EXPECT_EQ(k4a_device_set_color_control(device, command, wanted.first, wanted.second), K4A_RESULT_SUCCEEDED);
  return get(device, command);
}

class DeviceControls : public testing::Test {
 protected:
  ProgramBench bench_;
};

TEST_F(DeviceControls, RangesAndDefaultsAreThoseOfTheVendor) {
  const OpenDevice device;
  for (const Range& range : kRanges) {
    bool supports_auto = false;
    std::int32_t min = -1, max = -1, step = -1, value = -1;
    k4a_color_control_mode_t mode{};
    ASSERT_EQ(k4a_device_get_color_control_capabilities(device, range.command, &supports_auto, &min, &max,
                                                        &step, &value, &mode),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(supports_auto, range.supports_auto) << range.command;
    EXPECT_EQ(min, range.min) << range.command;
    EXPECT_EQ(max, range.max) << range.command;
    EXPECT_EQ(step, range.step) << range.command;
    EXPECT_EQ(value, range.default_value) << range.command;
    EXPECT_EQ(mode, range.default_mode) << range.command;
    EXPECT_EQ(get(device, range.command).first, range.default_mode) << range.command;
    EXPECT_EQ(get(device, range.command).second, range.default_value) << range.command;
  }
}

TEST_F(DeviceControls, TheLongestExposureGoesByThePowerLine) {
  const OpenDevice device;
  bool supports_auto = false;
  std::int32_t min = 0, max = 0, step = 0, value = 0;
  k4a_color_control_mode_t mode{};
  set_and_get(device, K4A_COLOR_CONTROL_POWERLINE_FREQUENCY, {kManual, 1});
  ASSERT_EQ(k4a_device_get_color_control_capabilities(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE,
                                                      &supports_auto, &min, &max, &step, &value, &mode),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(max, 130000);
  EXPECT_EQ(value, 20000);
}

TEST_F(DeviceControls, BadArgumentsAreRefused) {
  const OpenDevice device;
  bool supports_auto = false;
  std::int32_t number = 0;
  k4a_color_control_mode_t mode{};
  const auto none = static_cast<k4a_color_control_command_t>(10);
  EXPECT_EQ(k4a_device_get_color_control_capabilities(device, none, &supports_auto, &number, &number, &number,
                                                      &number, &mode),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_color_control_capabilities(device, K4A_COLOR_CONTROL_GAIN, nullptr, &number,
                                                      &number, &number, &number, &mode),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_color_control(device, none, &mode, &number), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_color_control(device, K4A_COLOR_CONTROL_GAIN, nullptr, &number),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_device_get_color_control(device, K4A_COLOR_CONTROL_GAIN, &mode, nullptr), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_device_set_color_control(device, none, kManual, 1), K4A_RESULT_FAILED);
  const auto no_mode = static_cast<k4a_color_control_mode_t>(2);
  EXPECT_EQ(k4a_device_set_color_control(device, K4A_COLOR_CONTROL_GAIN, no_mode, 1), K4A_RESULT_FAILED);
}

TEST_F(DeviceControls, ValuesOutsideTheirRangeAreRefusedAndChangeNothing) {
  const OpenDevice device;
  for (const Range& range : kRanges) {
    if (range.command == K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE ||
        range.command == K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY)
      continue;
    for (const std::int32_t value : {range.min - 1, range.max + 1})
      EXPECT_EQ(k4a_device_set_color_control(device, range.command, kManual, value), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_device_set_color_control(device, range.command, kAuto, 0) == K4A_RESULT_SUCCEEDED,
              range.supports_auto);
    EXPECT_EQ(get(device, range.command).second, range.default_value);
  }
  EXPECT_EQ(k4a_device_set_color_control(device, K4A_COLOR_CONTROL_WHITEBALANCE, kManual, 4505),
            K4A_RESULT_FAILED);
}

TEST_F(DeviceControls, ExposureIsRoundedUpByTheTableOfThePowerLine) {
  const OpenDevice device;
  const auto exposure = [&](std::int32_t asked) {
    return set_and_get(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, {kManual, asked}).second;
  };
  EXPECT_EQ(exposure(-5), 500);
  EXPECT_EQ(exposure(501), 1250);
  EXPECT_EQ(exposure(8331), 16670);
  EXPECT_EQ(exposure(1000000), 133330);
  EXPECT_EQ(exposure(2501), 8330);
  set_and_get(device, K4A_COLOR_CONTROL_POWERLINE_FREQUENCY, {kManual, 1});
  EXPECT_EQ(exposure(2501), 10000);
  EXPECT_EQ(exposure(133331), 130000);
}

TEST_F(DeviceControls, SettingsLastUntilTheUnitLosesPower) {
  {
    const OpenDevice device;
    set_and_get(device, K4A_COLOR_CONTROL_BRIGHTNESS, {kManual, 99});
    set_and_get(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, {kManual, 8330});
    auto config = small_cameras();
    ASSERT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
    k4a_device_stop_cameras(device);
  }
  {
    const OpenDevice device;
    EXPECT_EQ(get(device, K4A_COLOR_CONTROL_BRIGHTNESS), Setting(kManual, 99));
    EXPECT_EQ(get(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE), Setting(kManual, 8330));
  }
  bench_.set({"master", "usb", "unplug"});
  bench_.set({"master", "usb", "replug"});
  const OpenDevice device;
  EXPECT_EQ(get(device, K4A_COLOR_CONTROL_BRIGHTNESS), Setting(kManual, 128));
}

TEST_F(DeviceControls, ImagesShowTheExposureThatFitsTheFrame) {
  const OpenDevice device;
  set_and_get(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, {kManual, 1250});
  auto config = small_cameras();
  ASSERT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_image_get_exposure_usec(color_of(next_capture(bench_, device)).get()), 1250U);
  set_and_get(device, K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, {kManual, 133330});
  for (int i = 0; i < 10; ++i) next_capture(bench_, device);
  EXPECT_EQ(k4a_image_get_exposure_usec(color_of(next_capture(bench_, device)).get()), 33330U);
}

TEST_F(DeviceControls, AnUnpluggedUnitTakesNoSettings) {
  const OpenDevice device;
  bench_.set({"master", "usb", "unplug"});
  EXPECT_EQ(k4a_device_set_color_control(device, K4A_COLOR_CONTROL_GAIN, kManual, 1), K4A_RESULT_FAILED);
}

}  // namespace
}  // namespace genlock::test
