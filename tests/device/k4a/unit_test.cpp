#include <cmath>

#include "odd_library.h"

// A unit of a library that does odd things, seen through the device shell.

namespace genlock::device::k4a {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OddUnit : public OddUnits {
 protected:
  /// What opening, or starting, says when the library has this to say.
  Error open_error_with(const std::string& words) {
    odd_.behave(words);
    return open_error();
  }
  Error start_error_with(const std::string& words, const CameraConfig& camera = config()) {
    odd_.behave(words);
    const auto unit = open();
    const Status started = unit->start_cameras(camera);
    return started ? Error(Errc::internal, "it started") : started.error();
  }
};

TEST_F(OddUnit, IdentityIsReadWithItsTextsWhole) {
  const auto unit = open();
  const DeviceIdentity& identity = unit->identity();
  EXPECT_EQ(identity.serial, "000011590212");
  EXPECT_EQ(identity.version.color, (Version{1, 6, 110}));
  EXPECT_EQ(identity.raw_calibration.size(), 40u);
  EXPECT_EQ(identity.backend, "k4a");
  EXPECT_FALSE(identity.simulated);
  EXPECT_EQ(identity.host.boot_id, this_host().boot_id);
  EXPECT_EQ(&unit->clock(), &system_clock());
}

TEST_F(OddUnit, OpeningNamesTheCauseAndWhatToDo) {
  const Error access = open_error_with("open=access");
  EXPECT_EQ(access.code(), Errc::io);
  EXPECT_THAT(access.message(), HasSubstr("udev"));
  EXPECT_THAT(access.message(), HasSubstr("LIBUSB_ERROR_ACCESS")) << "the library's words";
  EXPECT_EQ(open_error_with("open=busy").code(), Errc::busy);
  const Error firmware = open_error_with("open=firmware");
  EXPECT_EQ(firmware.code(), Errc::unsupported);
  EXPECT_THAT(firmware.message(), HasSubstr("firmware"));
  const Error silent = open_error_with("open=silent");
  EXPECT_EQ(silent.code(), Errc::busy);
  EXPECT_THAT(silent.message(), testing::Not(HasSubstr("depth engine")))
      << "which the library looks for whatever failed";
  EXPECT_EQ(odd_.open_units(), 0);
}

TEST_F(OddUnit, NoUnitsAreNoLibrarysFault) {
  const Error error = open_error_with("units=0");
  EXPECT_EQ(error.code(), Errc::not_found);
  EXPECT_THAT(error.message(), HasSubstr("no unit is attached"));
}

TEST_F(OddUnit, OpenedTwiceIsBusyAlthoughTheLibraryAllowsIt) {
  const auto unit = open();
  EXPECT_EQ(open_error().code(), Errc::busy);
  EXPECT_EQ(odd_.open_units(), 1);
}

TEST_F(OddUnit, StartWithoutDepthEngineNamesItHoweverLongAgoTheLibrarySaidSo) {
  const Error error = start_error_with("engine=missing start=no_engine");
  EXPECT_EQ(error.code(), Errc::unsupported);
  EXPECT_THAT(error.message(), HasSubstr("libdepthengine.so.2.0"));
  EXPECT_THAT(error.message(), HasSubstr("switch depth off"));
}

TEST_F(OddUnit, StartWithoutDisplayAndWithoutBandwidthSaySo) {
  EXPECT_THAT(start_error_with("start=no_display").message(), HasSubstr("DISPLAY"));
  EXPECT_THAT(start_error_with("start=bandwidth").message(), HasSubstr("USB bandwidth"));
}

TEST_F(OddUnit, CapturesHaveTheirImagesInTheLibrarysMemory) {
  std::optional<Capture> capture;
  {
    const auto unit = open_started();
    capture = unit->next_capture(kNow).value();
    ASSERT_TRUE(capture && capture->color && capture->depth && capture->ir);
    EXPECT_EQ(odd_.live_images(), 3) << "not copied";
  }
  EXPECT_EQ(odd_.live_images(), 3) << "they outlive the unit";
  EXPECT_EQ(capture->depth->size, (Size{320, 288}));
  EXPECT_EQ(capture->depth->data.bytes()[0], std::byte{7});
  EXPECT_EQ(capture->color->device_time, device_time_us(766'900));
  EXPECT_EQ(capture->color->exposure, device_us(8330));
  EXPECT_EQ(capture->color->white_balance, 4500u);
  EXPECT_EQ(capture->color->iso, 200u);
  EXPECT_FALSE(capture->ir->exposure);
  EXPECT_LE(*capture->ir->host_time, system_clock().now());
  EXPECT_FLOAT_EQ(capture->temperature_c, 37.5F);
  capture.reset();
  EXPECT_EQ(odd_.live_images(), 0);
}

// Catches images that are written into a file as if they had the size of their mode.
TEST_F(OddUnit, ImagesThatAreNotWhatWasAskedForAreLeftOutAndSaidOnce) {
  for (const auto& [words, complaint] : {std::pair("image=rows", "320x287 pixels instead of 320x288"),
                                         std::pair("image=bytes", "92160 bytes instead of 184320"),
                                         std::pair("image=padded", "rows of 704 bytes instead of 640"),
                                         std::pair("image=format", "format number 7 instead of")}) {
    SCOPED_TRACE(words);
    odd_.behave(words);
    const auto unit = open_started();
    for (int i = 0; i < 3; ++i) {
      const auto capture = unit->next_capture(kNow).value();
      ASSERT_TRUE(capture);
      EXPECT_TRUE(capture->color);
      EXPECT_FALSE(capture->depth || capture->ir);
    }
    EXPECT_EQ(odd_.live_images(), 0);
    EXPECT_THAT(unit->take_notices(), ElementsAre(HasSubstr(complaint), HasSubstr(complaint)))
        << "for depth and IR";
    EXPECT_THAT(unit->take_notices(), IsEmpty());
  }
}

TEST_F(OddUnit, SuccessWithoutACaptureIsATimeOut) {
  odd_.behave("captures=null");
  const auto unit = open_started();
  EXPECT_FALSE(unit->next_capture(kNow).value());
}

TEST_F(OddUnit, SilenceIsTimeOutsAndStopWakesAReaderThatWaitsForEver) {
  odd_.behave("captures=none");
  const auto unit = open_started();
  EXPECT_FALSE(unit->next_capture(kNow).value());
  std::optional<Errc> end;
  Thread reader("reader", [&] { end = unit->next_capture(HostDuration(-1)).error().code(); });
  unit->stop_cameras();
  reader.join();
  EXPECT_EQ(end, Errc::state);
}

TEST_F(OddUnit, FailedReadsSayWhatTheLibrarySaid) {
  odd_.behave("captures=failed imu=failed");
  const auto unit = open_started();
  EXPECT_THAT(unit->next_capture(kNow).error().message(), HasSubstr("depth engine gave up"));
  ASSERT_TRUE(unit->start_imu());
  EXPECT_EQ(unit->next_imu_sample(kNow).error().code(), Errc::io);
}

TEST_F(OddUnit, TroubleIsEmptyWhileAllIsWell) {
  const auto unit = open();
  EXPECT_EQ(unit->trouble(), "");
  ASSERT_TRUE(unit->start_cameras(config()));
  EXPECT_EQ(unit->trouble(), "");
}

// The start succeeds and the streams are dead: only a line of another thread tells (device.md 3).
TEST_F(OddUnit, RefusedFirstTransferIsKnownThoughTheStartSucceeded) {
  odd_.behave("transfers=refused");
  const auto unit = open_started();
  EXPECT_FALSE(unit->next_capture(kNow).value());
  EXPECT_THAT(unit->trouble(), HasSubstr("usbfs_memory_mb"));
  unit->stop_cameras();
  odd_.behave("");
  ASSERT_TRUE(unit->start_cameras(config()));
  EXPECT_EQ(unit->trouble(), "") << "it was of the start before";
}

TEST_F(OddUnit, PulledOutUnitIsTroubleAndItsCommandsAreDisconnected) {
  const auto unit = open_started();
  ASSERT_TRUE(unit->start_imu());
  odd_.behave("gone imu=failed");
  EXPECT_FALSE(unit->next_capture(kNow).value()) << "reads only time out";
  EXPECT_THAT(unit->trouble(), HasSubstr("no longer on the USB bus"));
  EXPECT_EQ(unit->sync_jacks().error().code(), Errc::disconnected);
  EXPECT_EQ(unit->set_color_control(ColorControl::gain, {.value = 1}).error().code(), Errc::disconnected);
  EXPECT_EQ(unit->next_imu_sample(kNow).error().code(), Errc::disconnected);
}

TEST_F(OddUnit, RefusedControlOfAUnitThatAnswersIsUnsupported) {
  const auto unit = open();
  odd_.behave("controls=refused");
  EXPECT_EQ(unit->set_color_control(ColorControl::gain, {.value = 1}).error().code(), Errc::unsupported);
}

TEST_F(OddUnit, JacksAndControlsAreTheUnits) {
  const auto unit = open();
  EXPECT_EQ(unit->sync_jacks().value(), (SyncJacks{.in = false, .out = true}));
  ASSERT_TRUE(unit->set_color_control(ColorControl::gain, {.value = 77}));
  EXPECT_EQ(unit->color_control(ColorControl::gain).value(), (ControlValue{.value = 77}));
}

TEST_F(OddUnit, DroppedCapturesAreCountedFromTheLogSinceTheStart) {
  odd_.behave("dropped=4");
  const auto unit = open_started();
  static_cast<void>(unit->next_capture(kNow).value());
  EXPECT_EQ(unit->counters().backend.captures_dropped, 4u);
  unit->stop_cameras();
  odd_.behave("");
  ASSERT_TRUE(unit->start_cameras(config()));
  EXPECT_EQ(unit->counters().backend.captures_dropped, 0u);
}

TEST_F(OddUnit, ImuIsReadInBatches) {
  const auto unit = open_started();
  ASSERT_TRUE(unit->start_imu());
  std::array<ImuSample, 10> samples;
  EXPECT_EQ(unit->read_imu(samples, kNow).value(), samples.size());
  EXPECT_EQ(samples[1].accel_time, device_time_us(700'600));
  EXPECT_FLOAT_EQ(samples[1].accel[2], -9.81F);
  EXPECT_FLOAT_EQ(samples[1].temperature_c, 30.0F);
}

}  // namespace
}  // namespace genlock::device::k4a
