#include "fault_bench.h"

// Rows of facts device.md 3 about data lost on the way from the unit to the host: return codes, log,
// recovery.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum LogLevel;

class UsbFaults : public FaultBench {};

TEST_F(UsbFaults, DepthFramesOfWrongSizeAreMissingAndOnlyTheInfoLogSaysSo) {
  stream();
  fault({"wrong_size", "count=3", "on"});
  const Seen seen = read(seconds(2));
  EXPECT_EQ(seen.color_only, 3);
  EXPECT_EQ(seen.depth_only, 0);
  EXPECT_EQ(log_.count(info, "invalid size"), 3);
  EXPECT_TRUE(log_.says(info, "expected 5310760, received")) << log_.text();
  EXPECT_EQ(log_.count(warning, ""), 0) << log_.text();
}

TEST_F(UsbFaults, AStallOfDepthAndImuTimesOutAndIsWarnedOfEveryTwoSeconds) {
  stream();
  set({"sub1", "stall", "color,depth,imu", "on"});
  read(seconds(1));
  static_cast<void>(imu_samples(milliseconds(10)));
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(read(seconds(1)).captures(), 0);
    EXPECT_EQ(imu_samples(milliseconds(10)), 0);
  }
  EXPECT_NEAR(log_.count(warning, "timeout on the streaming endpoint depth"), 5, 1) << log_.text();
  EXPECT_NEAR(log_.count(warning, "timeout on the streaming endpoint imu"), 5, 1);
  set({"sub1", "stall", "color,depth,imu", "off"});
  EXPECT_TRUE(streams_whole());
  EXPECT_GT(imu_samples(seconds(1)), 1500);
}

TEST_F(UsbFaults, ASubordinateThatWaitsForItsMasterWarnsOfItsEndpointsToo) {
  unit_ = open();
  CameraConfig camera = both();
  camera.sync_mode = WiredSyncMode::subordinate;
  ASSERT_TRUE(unit_->start_cameras(camera));
  ASSERT_TRUE(unit_->start_imu());
  EXPECT_EQ(read(seconds(7)).captures(), 0);
  EXPECT_EQ(imu_samples(milliseconds(10)), 0);
  EXPECT_EQ(log_.count(warning, "timeout on the streaming endpoint depth"), 3) << log_.text();
  EXPECT_EQ(log_.count(warning, "timeout on the streaming endpoint imu"), 3);
}

TEST_F(UsbFaults, AnImuThatIsReadLateIsNotSaidToHaveBeenSilent) {
  stream();
  for (int i = 0; i < 3; ++i) {
    bench_->step(seconds(5));
    EXPECT_GT(imu_samples(milliseconds(10)), 800);
    EXPECT_EQ(imu_samples(kAtOnce), 0) << "and looked again when nothing was there";
  }
  EXPECT_EQ(log_.count(warning, "timeout on the streaming endpoint imu"), 0) << log_.text();
}

struct Slots {
  DepthMode mode;
  int transfers;
};

TEST_F(UsbFaults, DepthEndsForEverOnceAllItsTransfersFailedAndAStartBringsItBack) {
  for (const Slots row : {Slots{DepthMode::nfov_2x2binned, 1}, Slots{DepthMode::wfov_2x2binned, 2},
                          Slots{DepthMode::wfov_unbinned, 1}, Slots{DepthMode::passive_ir, 5}}) {
    SCOPED_TRACE(to_string(row.mode));
    stream(both(PixelFormat::mjpg, row.mode));
    for (int i = 1; i < row.transfers; ++i) {
      fault({"transfer_error", "status=4", "on"});
      read(seconds(1));
      EXPECT_GT(read(seconds(1)).whole, 10) << "one slot less";
    }
    fault({"transfer_error", "status=4", "on"});
    read(seconds(1));
    const Seen seen = read(seconds(30));
    EXPECT_EQ(seen.whole + seen.depth_only, 0);
    EXPECT_GT(seen.color_only, 0);
    EXPECT_EQ(log_.count(error, "unexpected transfer status 00000004"), row.transfers) << log_.text();
    EXPECT_EQ(log_.count(error, "depth transfer failed"), row.transfers);
    EXPECT_TRUE(log_.says(info, "zero length"));
    EXPECT_TRUE(log_.says(error, "capturesync_drop: full queue of color"));
    unit_->stop_imu();
    unit_->stop_cameras();
    ASSERT_TRUE(unit_->start_cameras(both()));
    EXPECT_TRUE(streams_whole());
    unit_.reset();
  }
}

TEST_F(UsbFaults, WithDepthAloneATransferErrorIsATimeOutForEver) {
  CameraConfig camera = both();
  camera.color_resolution = ColorResolution::off;
  stream(camera);
  fault({"transfer_error", "on"});
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_TRUE(unit_->sync_jacks());
  EXPECT_TRUE(log_.says(error, "unexpected transfer status 00000001"));
}

TEST_F(UsbFaults, AnOverflowIsNotReportedUpward) {
  stream();
  fault({"transfer_error", "status=6", "on"});
  read(seconds(1));
  EXPECT_EQ(read(seconds(1)).whole, 0);
  EXPECT_TRUE(log_.says(error, "unexpected transfer status 00000006"));
  EXPECT_FALSE(log_.says(error, "depth transfer failed"));
}

TEST_F(UsbFaults, AnImuTransferErrorFailsItsReadsUntilItIsStartedAnew) {
  stream();
  fault({"transfer_error", "streams=imu", "on"});
  EXPECT_EQ(imu_fails(seconds(1)), Errc::io);
  EXPECT_EQ(imu_fails(seconds(10)), Errc::io) << "for ever";
  EXPECT_TRUE(log_.says(warning, "imu transfer failed, status 00000001")) << log_.text();
  EXPECT_TRUE(streams_whole()) << "the cameras do not notice";
  unit_->stop_imu();
  ASSERT_TRUE(unit_->start_imu());
  EXPECT_GT(imu_samples(seconds(1)), 1500);
}

TEST_F(UsbFaults, AnUnpluggedUnitTimesOutForEverAndSaysNoDevice) {
  stream();
  set({"sub1", "usb", "unplug"});
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_EQ(imu_fails(seconds(1)), Errc::disconnected);
  EXPECT_TRUE(log_.says(error, "unexpected transfer status 00000005"));
  EXPECT_TRUE(log_.says(error, "depth transfer failed"));
  EXPECT_TRUE(log_.says(warning, "imu transfer failed"));
  EXPECT_EQ(unit_->sync_jacks().error().code(), Errc::disconnected);
  EXPECT_EQ(unit_->color_control(ColorControl::gain).error().code(), Errc::disconnected);
  EXPECT_EQ(log_.count(error, "LIBUSB_ERROR_NO_DEVICE"), 2) << "one a command";
  set({"sub1", "usb", "replug"});
  unit_.reset();
  stream();
  EXPECT_TRUE(streams_whole());
}

TEST_F(UsbFaults, AfterTheHostSleptCommandsFailUntilTheUnitIsReplugged) {
  stream();
  const int gain = unit_->color_control(ColorControl::gain)->value;
  ASSERT_TRUE(unit_->set_color_control(ColorControl::gain, {ControlMode::manual, gain + 7}));
  fault({"suspend", "on"});
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_EQ(unit_->sync_jacks().error().code(), Errc::disconnected);
  unit_.reset();
  EXPECT_EQ(bench_->provider().list()->size(), 3U) << "it is still there";
  EXPECT_EQ(open_fails(), Errc::io);
  EXPECT_TRUE(log_.says(error, "LIBUSB_ERROR_TIMEOUT"));
  set({"sub1", "usb", "unplug"});
  set({"sub1", "usb", "replug"});
  stream();
  EXPECT_TRUE(streams_whole());
  EXPECT_EQ(unit_->color_control(ColorControl::gain)->value, gain) << "the replug took its power";
}

TEST_F(UsbFaults, LostColourLeavesDepthAloneWithoutAWordOfUsb) {
  stream();
  fault({"color_lost", "on"});
  read(seconds(2));
  log_.forget();
  const Seen seen = read(seconds(5));
  EXPECT_EQ(seen.whole + seen.color_only, 0);
  EXPECT_GE(seen.depth_only, 149);
  EXPECT_TRUE(log_.says(error, "capturesync_drop: full queue of depth, no color comes")) << log_.text();
  EXPECT_EQ(log_.count(error, ""), log_.count(error, "capturesync_drop"));
  EXPECT_TRUE(unit_->sync_jacks());
  unit_->stop_imu();
  unit_->stop_cameras();
  ASSERT_TRUE(unit_->start_cameras(both()));
  EXPECT_TRUE(streams_whole());
}

TEST_F(UsbFaults, LostColourIsATimeOutWhenOnlySynchronisedImagesAreWanted) {
  CameraConfig camera = both();
  camera.synchronized_images_only = true;
  stream(camera);
  fault({"color_lost", "on"});
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_TRUE(log_.says(error, "capturesync_drop"));
}

TEST_F(UsbFaults, ABrownOutTakesDepthAndImuLeavesColourAndRefusesToOpen) {
  stream();
  fault({"brown_out", "on"});
  read(seconds(2));
  const Seen seen = read(seconds(2));
  EXPECT_EQ(seen.whole + seen.depth_only, 0);
  EXPECT_GT(seen.color_only, 50);
  EXPECT_EQ(imu_fails(seconds(2)), Errc::disconnected);
  EXPECT_EQ(unit_->sync_jacks().error().code(), Errc::disconnected);
  EXPECT_TRUE(log_.says(error, "unexpected transfer status 00000005"));
  EXPECT_TRUE(log_.says(error, "LIBUSB_ERROR_NO_DEVICE"));
  unit_.reset();
  EXPECT_EQ(open_fails(), Errc::io);
  fault({"brown_out", "off"});
  stream();
  EXPECT_TRUE(streams_whole());
}

TEST_F(UsbFaults, AUnitThatFellBackToUsb2IsNotCounted) {
  stream();
  fault({"usb2", "on"});
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_EQ(bench_->provider().list()->size(), 2U);
  unit_.reset();
  fault({"usb2", "off"});
  EXPECT_EQ(bench_->provider().list()->size(), 3U);
  stream();
  EXPECT_TRUE(streams_whole());
}

TEST_F(UsbFaults, ASlowReaderLosesTheOldestAndOnlyTheInfoLogSaysSo) {
  stream();
  bench_->step(seconds(1));
  const auto capture = unit_->next_capture(kAtOnce);
  ASSERT_TRUE(capture);
  EXPECT_TRUE(*capture);
  EXPECT_TRUE(log_.says(info, "dropped oldest")) << log_.text();
  EXPECT_EQ(log_.count(warning, "") + log_.count(error, ""), 0) << log_.text();
  EXPECT_TRUE(streams_whole());
}

TEST_F(UsbFaults, StampsJumpByWhatWasAskedInEveryStream) {
  stream();
  const auto last = [&] {
    std::optional<Capture> latest;
    for (int i = 0; i < 20; ++i) {
      bench_->step(milliseconds(10));
      for (auto c = unit_->next_capture(kAtOnce); c && *c; c = unit_->next_capture(kAtOnce)) latest = **c;
    }
    return *latest;
  };
  const auto imu_stamp = [&] {
    std::vector<ImuSample> samples(2000);
    const std::size_t count = *unit_->read_imu(samples, kAtOnce);
    return count_us(samples.at(count - 1).accel_time - DeviceTime{});
  };
  Capture before = last();
  std::int64_t imu_before = imu_stamp();
  for (const int jump : {3'000'000, -4'000'000}) {
    fault({"stamp_jump", std::to_string(jump), "on"});
    read(milliseconds(500));
    const Capture after = last();
    const std::int64_t imu_after = imu_stamp();
    EXPECT_NEAR(static_cast<double>(count_us(after.color->device_time - before.color->device_time)),
                jump + 700'000, 40'000);
    EXPECT_NEAR(static_cast<double>(count_us(after.ir->device_time - after.color->device_time)), 0, 23);
    EXPECT_NEAR(static_cast<double>(imu_after - imu_before), jump + 700'000, 40'000);
    before = after;
    imu_before = imu_after;
  }
}

}  // namespace
}  // namespace genlock::device::sim
