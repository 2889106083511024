#include "device/color_control.h"

#include <gtest/gtest.h>

namespace genlock::device {
namespace {

constexpr int k50Hz = 1, k60Hz = 2;
constexpr Version kFirmware{1, 6, 110};

Status set_manual(ColorControl control, std::int32_t value) {
  return validate(control, {.value = value}, k60Hz, kFirmware);
}

TEST(ColorControls, HaveTheRangesAndDefaultsOfTheFacts) {
  struct Row {
    ColorControl control;
    std::int32_t min, max, step, default_value;
    bool has_auto;
  };
  const Row rows[] = {
      {ColorControl::exposure_us, 500, 133330, 100, 16670, true},
      {ColorControl::auto_exposure_priority, 0, 0, 0, 0, false},
      {ColorControl::brightness, 0, 255, 1, 128, false},
      {ColorControl::contrast, 0, 10, 1, 5, false},
      {ColorControl::saturation, 0, 63, 1, 32, false},
      {ColorControl::sharpness, 0, 4, 1, 2, false},
      {ColorControl::white_balance_k, 2500, 12500, 10, 4500, true},
      {ColorControl::backlight_compensation, 0, 1, 1, 0, false},
      {ColorControl::gain, 0, 255, 1, 128, false},
      {ColorControl::powerline_frequency, 1, 2, 1, 2, false},
  };
  for (const Row& row : rows) {
    const ControlCapabilities can = capabilities(row.control, k60Hz, kFirmware);
    EXPECT_EQ(can.min, row.min) << to_string(row.control);
    EXPECT_EQ(can.max, row.max) << to_string(row.control);
    EXPECT_EQ(can.step, row.step) << to_string(row.control);
    EXPECT_EQ(can.default_value, row.default_value) << to_string(row.control);
    EXPECT_EQ(can.supports_auto, row.has_auto) << to_string(row.control);
    EXPECT_EQ(can.default_mode == ControlMode::automatic, row.has_auto) << to_string(row.control);
  }
}

TEST(ColorControls, DefaultsFollowPowerLineAndFirmware) {
  EXPECT_EQ(capabilities(ColorControl::exposure_us, k50Hz, kFirmware).max, 130000);
  EXPECT_EQ(capabilities(ColorControl::exposure_us, k50Hz, kFirmware).default_value, 20000);
  EXPECT_EQ(capabilities(ColorControl::gain, k60Hz, {1, 6, 106}).default_value, 0);
  EXPECT_EQ(capabilities(ColorControl::gain, k60Hz, {1, 6, 107}).default_value, 128);
}

TEST(ColorControls, OnlyExposureAndWhiteBalanceHaveAnAutomaticMode) {
  for (int i = 0; i < kColorControlCount; ++i) {
    const auto control = static_cast<ColorControl>(i);
    const bool allowed = control == ColorControl::exposure_us || control == ColorControl::white_balance_k;
    const ControlValue automatic{.mode = ControlMode::automatic, .value = 999999};
    EXPECT_EQ(validate(control, automatic, k60Hz, kFirmware).has_value(), allowed) << to_string(control);
  }
}

TEST(ColorControls, ValuesOutOfRangeOrOffTheStepAreRefused) {
  EXPECT_FALSE(set_manual(ColorControl::brightness, 256));
  EXPECT_FALSE(set_manual(ColorControl::brightness, -1));
  EXPECT_FALSE(set_manual(ColorControl::powerline_frequency, 0));
  EXPECT_FALSE(set_manual(ColorControl::powerline_frequency, 3));
  EXPECT_TRUE(set_manual(ColorControl::white_balance_k, 4500));
  EXPECT_EQ(set_manual(ColorControl::white_balance_k, 4505).error().message(),
            "white_balance_k 4505 is not a multiple of 10; set 4500 or 4510");
  EXPECT_FALSE(set_manual(static_cast<ColorControl>(10), 1));
  EXPECT_FALSE(validate(ColorControl::gain, {.mode = static_cast<ControlMode>(2)}, k60Hz, kFirmware));
}

TEST(ColorControls, AnyExposureAndAnyPriorityIsTaken) {
  for (const std::int32_t value : {-5, 0, 501, 1'000'000}) {
    EXPECT_TRUE(set_manual(ColorControl::exposure_us, value));
    EXPECT_TRUE(set_manual(ColorControl::auto_exposure_priority, value));
  }
}

TEST(Exposure, IsRoundedUpToAStepOfTheUnit) {
  const std::pair<int, int> rows_60hz[] = {{-1, 500},        {500, 500},       {501, 1250},
                                           {8330, 8330},     {8331, 16670},    {133330, 133330},
                                           {133331, 133330}, {1000000, 133330}};
  for (const auto& [requested, given] : rows_60hz) EXPECT_EQ(round_exposure_us(requested, k60Hz), given);
  const std::pair<int, int> rows_50hz[] = {{2501, 10000}, {8331, 10000}, {60001, 80000}, {130001, 130000}};
  for (const auto& [requested, given] : rows_50hz) EXPECT_EQ(round_exposure_us(requested, k50Hz), given);
}

TEST(ColorControls, NamesGoBothWays) {
  for (int i = 0; i < kColorControlCount; ++i)
    EXPECT_EQ(color_control_from(to_string(static_cast<ColorControl>(i))), static_cast<ColorControl>(i));
  EXPECT_FALSE(color_control_from("hdr"));
}

}  // namespace
}  // namespace genlock::device
