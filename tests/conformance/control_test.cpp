#include "suite.h"

// Colour controls: facts k4a-abi.md D, G6.

namespace genlock::conformance {
namespace {

using device::ColorControl;
using device::ControlMode;
using device::ControlValue;

constexpr ControlValue manual(std::int32_t value) {
  return {.mode = ControlMode::manual, .value = value};
}
constexpr ControlValue kAutomatic{.mode = ControlMode::automatic, .value = 0};

ControlValue set_and_get(device::Device& device, ColorControl control, ControlValue value) {
  const Status set = device.set_color_control(control, value);
  EXPECT_TRUE(set) << (set ? "" : set.error().message());
  return device.color_control(control).value();
}

// Catches a control that is not wired to its number (G6 46).
TEST_P(Conformance, EveryControlKeepsTheEndsOfItsRange) {
  const auto device = open();
  for (int i = 0; i < device::kColorControlCount; ++i) {
    const auto control = static_cast<ColorControl>(i);
    const auto can = device::capabilities(control, 2, device->identity().version.color);
    for (const std::int32_t value : {can.min, can.max})
      EXPECT_EQ(set_and_get(*device, control, manual(value)), manual(value)) << to_string(control);
  }
}

// Catches values that a backend passes on unchecked (G6 46, 48).
TEST_P(Conformance, ValuesThatNoUnitTakesAreRefusedAndChangeNothing) {
  const auto device = open();
  const ControlValue before = set_and_get(*device, ColorControl::white_balance_k, manual(4500));
  EXPECT_EQ(device->set_color_control(ColorControl::white_balance_k, manual(4505)).error().code(),
            Errc::invalid);
  EXPECT_EQ(device->set_color_control(ColorControl::powerline_frequency, manual(0)).error().code(),
            Errc::invalid);
  EXPECT_EQ(device->set_color_control(ColorControl::powerline_frequency, manual(3)).error().code(),
            Errc::invalid);
  EXPECT_EQ(device->set_color_control(ColorControl::gain, kAutomatic).error().code(), Errc::invalid);
  EXPECT_EQ(device->color_control(ColorControl::white_balance_k).value(), before);
}

// Catches exposures that are kept as asked for, or rounded the wrong way or by the wrong table (G6 47).
TEST_P(Conformance, ExposureIsRoundedUpByTheTableOfThePowerLine) {
  const auto device = open();
  const std::pair<int, int> at_60hz[] = {
      {500, 500}, {501, 1250}, {8331, 16670}, {133331, 133330}, {1000000, 133330}};
  const std::pair<int, int> at_50hz[] = {{501, 1250}, {2501, 10000}, {8331, 10000}, {1000000, 130000}};
  set_and_get(*device, ColorControl::powerline_frequency, manual(2));
  for (const auto& [asked, got] : at_60hz)
    EXPECT_EQ(set_and_get(*device, ColorControl::exposure_us, manual(asked)), manual(got));
  set_and_get(*device, ColorControl::powerline_frequency, manual(1));
  for (const auto& [asked, got] : at_50hz)
    EXPECT_EQ(set_and_get(*device, ColorControl::exposure_us, manual(asked)), manual(got));
}

// Catches a mode that is forgotten (G6 48).
TEST_P(Conformance, AutomaticReadsBackAsAutomaticAndManualAsItsValue) {
  const auto device = open();
  for (const ColorControl control : {ColorControl::exposure_us, ColorControl::white_balance_k}) {
    const ControlValue automatic = set_and_get(*device, control, kAutomatic);
    EXPECT_EQ(automatic.mode, ControlMode::automatic);
    EXPECT_GT(automatic.value, 0) << "what the camera has chosen";
  }
  EXPECT_EQ(set_and_get(*device, ColorControl::exposure_us, manual(8330)), manual(8330));
  EXPECT_EQ(set_and_get(*device, ColorControl::white_balance_k, manual(5000)), manual(5000));
}

// Catches controls that a start resets, or that cannot be set while streaming (G6 49).
TEST_P(Conformance, ControlsSurviveStartAndStopAndCanBeSetInBetween) {
  const auto device = open();
  set_and_get(*device, ColorControl::brightness, manual(99));
  start(*device, config());
  EXPECT_EQ(device->color_control(ColorControl::brightness).value(), manual(99));
  EXPECT_EQ(set_and_get(*device, ColorControl::contrast, manual(7)), manual(7));
  device->stop_cameras();
  EXPECT_EQ(device->color_control(ColorControl::contrast).value(), manual(7));
}

// Catches controls that live in the process and not in the camera (G6 49).
TEST_P(Conformance, ControlsSurviveCloseAndOpen) {
  CONFORMANCE_NEEDS(lasting_controls);
  set_and_get(*open(), ColorControl::saturation, manual(11));
  EXPECT_EQ(open()->color_control(ColorControl::saturation).value(), manual(11));
  EXPECT_NE(open(1)->color_control(ColorControl::saturation).value(), manual(11)) << "each unit has its own";
}

// Catches an exposure that pictures do not follow, or that exceeds the frame (G6 50).
TEST_P(Conformance, PicturesFollowTheExposureUpToTheFramePeriod) {
  CONFORMANCE_NEEDS(real_exposure);
  struct Row {
    FrameRate rate;
    int powerline, asked_us, seen_us;
  };
  const Row rows[] = {{FrameRate::fps30, 2, 8330, 8330},    {FrameRate::fps30, 2, 133330, 33330},
                      {FrameRate::fps30, 1, 130000, 30000}, {FrameRate::fps15, 2, 133330, 50000},
                      {FrameRate::fps15, 1, 130000, 60000}, {FrameRate::fps5, 2, 133330, 133330}};
  const auto device = open();
  for (const Row& row : rows) {
    set_and_get(*device, ColorControl::powerline_frequency, manual(row.powerline));
    set_and_get(*device, ColorControl::exposure_us, manual(row.asked_us));
    CameraConfig camera = config();
    camera.rate = row.rate;
    start(*device, camera);
    const auto captures = take(*device, 2);
    ASSERT_EQ(captures.size(), 2u);
    EXPECT_EQ(captures.back().color->exposure, device_us(row.seen_us)) << row.asked_us;
    device->stop_cameras();
  }
}

}  // namespace
}  // namespace genlock::conformance
