#include <cmath>

#include "odd_library.h"

// What Orbbec's library does otherwise: facts device.md 8, k4a-abi.md F2.

namespace genlock::device::k4a {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OrbbecUnit : public OddUnits {
 protected:
  OrbbecUnit() : OddUnits("orbbec") {}
};

TEST_F(OrbbecUnit, CalibrationHasItsRealSizeWithoutANul) {
  const auto unit = open();
  EXPECT_EQ(unit->identity().serial, "CL8F25300C6");
  EXPECT_EQ(unit->identity().raw_calibration.size(), 39u);
}

// Catches "absent" where nobody knows, which would keep masters and subordinates from starting.
TEST_F(OrbbecUnit, JacksAreUnknownAndDoNotKeepAMasterFromStarting) {
  const auto unit = open();
  EXPECT_EQ(unit->sync_jacks().value(), SyncJacks{});
  CameraConfig subordinate = config();
  subordinate.sync_mode = WiredSyncMode::subordinate;
  EXPECT_TRUE(unit->start_cameras(subordinate));
}

TEST_F(OrbbecUnit, HasAClockOfItsOwnAfterTheStart) {
  int& mode = *odd_.symbol<int*>("odd_clock_mode");
  mode = 1;
  const auto unit = open_started();
  EXPECT_EQ(mode, 0);
  EXPECT_THAT(unit->take_notices(), IsEmpty());
}

TEST_F(OrbbecUnit, StepsOfAClockThatCannotBeChosenAreSaid) {
  odd_.behave("clock_switch=failed clock_step_us=1200 at_frame=40");
  const auto unit = open_started();
  EXPECT_THAT(unit->take_notices(), ElementsAre(HasSubstr("set to it every 60 s")));
  for (int i = 0; i < 100; ++i) static_cast<void>(unit->next_capture(kNow).value());
  EXPECT_THAT(unit->take_notices(), ElementsAre(HasSubstr("stepped by 1200 us at 2101420 us")));
}

TEST_F(OrbbecUnit, HostTimesAreOfTheMonotonicClockAndTemperatureIsUnknown) {
  const auto unit = open_started();
  const HostTime before = system_clock().now();
  const auto capture = unit->next_capture(kNow).value();
  ASSERT_TRUE(capture && capture->ir);
  EXPECT_GE(*capture->ir->host_time, before - std::chrono::milliseconds(2)) << "its stamps are in whole ms";
  EXPECT_LE(*capture->ir->host_time, system_clock().now());
  EXPECT_TRUE(std::isnan(capture->temperature_c));
}

TEST_F(OrbbecUnit, RowsOfUnknownLengthAreThoseOfTheFormat) {
  const auto unit = open();
  CameraConfig camera = config();
  camera.color_format = PixelFormat::nv12;
  ASSERT_TRUE(unit->start_cameras(camera));
  const auto capture = unit->next_capture(kNow).value();
  ASSERT_TRUE(capture && capture->color);
  EXPECT_EQ(capture->color->stride, 1280);
}

TEST_F(OrbbecUnit, UnitOfAnotherProcessIsBusyThoughTheLibraryWouldOpenIt) {
  odd_.behave("access=refused");
  EXPECT_EQ(open_error().code(), Errc::busy);
  EXPECT_EQ(odd_.open_units(), 0);
}

TEST_F(OrbbecUnit, ControlsWithoutAnAutomaticModeAreManual) {
  const auto unit = open();
  EXPECT_EQ(unit->color_control(ColorControl::gain).value().mode, ControlMode::manual);
}

TEST_F(OrbbecUnit, ControlsHaveTheRangesOfTheUnit) {
  const auto unit = open();
  EXPECT_EQ(unit->control_capabilities(ColorControl::brightness, 2).value().max, 100);
  EXPECT_TRUE(unit->set_color_control(ColorControl::brightness, {.value = 100}));
  EXPECT_EQ(unit->set_color_control(ColorControl::brightness, {.value = 101}).error().code(), Errc::invalid);
}

class BareOrbbecUnit : public OddUnits {
 protected:
  BareOrbbecUnit() : OddUnits("orbbec_bare") {}
};

// Catches a call of a function that the library does not have.
TEST_F(BareOrbbecUnit, ControlsHaveTheVendorsRangesWhereTheLibraryCannotBeAsked) {
  const auto unit = open();
  EXPECT_EQ(unit->control_capabilities(ColorControl::brightness, 2).value().max, 255);
  EXPECT_TRUE(unit->set_color_control(ColorControl::brightness, {.value = 255}));
}

TEST_F(OrbbecUnit, UnitThatLeftTheBusIsTrouble) {
  const auto unit = open_started();
  EXPECT_EQ(unit->trouble(), "");
  odd_.behave("units=0");
  EXPECT_THAT(unit->trouble(), HasSubstr("fewer units are on the USB bus"));
}

}  // namespace
}  // namespace genlock::device::k4a
