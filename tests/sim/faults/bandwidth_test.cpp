#include "device/sim/bench_state.h"
#include "fault_bench.h"

// Rows of facts device.md 3 about what a host's USB carries: bus time and usbfs memory.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum LogLevel;

/// master and sub1 on one host, with so much usbfs memory.
BenchConfig one_host(BenchConfig config, int usbfs_mb = 0) {
  config.hosts = {{.name = "pc", .units = {"master", "sub1"}, .usbfs_mb = usbfs_mb},
                  {.name = "other", .units = {"sub2"}}};
  return config;
}

class Bandwidth : public FaultBench {
 protected:
  void SetUp() override { make_bench(one_host(bench_config())); }

  /// MB/s that sub1 in both() puts on the bus.
  static constexpr double kDepth = 159.3, kColor = 6.6, kBus = 400;
  static std::string load(double mb_per_s) {
    return "mb_per_s=" + std::to_string(static_cast<int>(mb_per_s));
  }
};

TEST_F(Bandwidth, ALoadedBusRefusesColourAtStartAndNeverDepth) {
  fault({"bus_load", load(kBus - kDepth), "on"});
  unit_ = open();
  EXPECT_EQ(unit_->start_cameras(both()).error().code(), Errc::io);
  EXPECT_TRUE(log_.says(error, "cmd_status 0x63, LIBUSB_ERROR_TIMEOUT")) << log_.text();
  EXPECT_FALSE(unit_->running_config());
  CameraConfig depth = both();
  depth.color_resolution = ColorResolution::off;
  EXPECT_TRUE(unit_->start_cameras(depth));
  unit_->stop_cameras();
  fault({"bus_load", "off"});
  EXPECT_TRUE(unit_->start_cameras(both()));
}

TEST_F(Bandwidth, ALoadOnTheNeighbourCountsAndOneOnAnotherHostDoesNot) {
  unit_ = open();
  set({"sub2", "fault", "bus_load", load(kBus), "on"});
  ASSERT_TRUE(unit_->start_cameras(both()));
  unit_->stop_cameras();
  set({"master", "fault", "bus_load", load(kBus), "on"});
  EXPECT_EQ(unit_->start_cameras(both()).error().code(), Errc::io);
}

TEST_F(Bandwidth, WhileRunningColourStarvesFirstWithLossesAndDamagedFrames) {
  stream();
  fault({"bus_load", load(kBus - kDepth - kColor / 2), "on"});
  read(seconds(1));
  const Seen seen = read(seconds(20));
  const int depth = seen.whole + seen.depth_only;
  EXPECT_NEAR(depth, 600, 20) << "depth takes what is left, and there is enough";
  EXPECT_NEAR(seen.whole, 600 * (0.5 + 0.5 / 4), 90) << "half comes, and a quarter of the rest damaged";
  EXPECT_TRUE(log_.says(info, "capturesync_drop")) << log_.text();
  fault({"bus_load", "off"});
  EXPECT_TRUE(streams_whole());
}

TEST_F(Bandwidth, DepthStarvesOnceColourHasNothingLeft) {
  stream();
  fault({"bus_load", load(kBus - kDepth / 2), "on"});
  read(seconds(2));
  log_.forget();
  const Seen seen = read(seconds(20));
  EXPECT_NEAR(seen.depth_only + seen.whole, 300, 60);
  EXPECT_TRUE(log_.says(info, "invalid size"));
  fault({"bus_load", "off"});
  EXPECT_TRUE(streams_whole());
}

TEST_F(Bandwidth, ANeighbourThatStartsWithoutColourStarvesTheColourOfOthers) {
  BenchConfig config = one_host(bench_config());
  config.hosts[0].usb_mb_per_s = 2 * kDepth;  // enough for one unit, and for two without colour
  make_bench(config);
  stream();
  const auto master = bench_->open("master");
  CameraConfig depth = both();
  depth.color_resolution = ColorResolution::off;
  ASSERT_TRUE(master->start_cameras(depth));
  read(seconds(1));
  EXPECT_LT(read(seconds(5)).whole, 100);
  master->stop_cameras();
  EXPECT_TRUE(streams_whole());
}

class UsbMemory : public FaultBench {};

TEST_F(UsbMemory, SixteenMegabytesCarryOneUnitAndDegradeTheSecond) {
  make_bench(one_host(bench_config(), 16));
  const auto master = bench_->open("master");
  ASSERT_TRUE(master->start_cameras(both()));
  ASSERT_TRUE(master->start_imu());
  EXPECT_EQ(log_.count(warning, "") + log_.count(error, ""), 0) << log_.text();
  unit_ = open();
  ASSERT_TRUE(unit_->start_cameras(both()));
  EXPECT_TRUE(log_.says(warning, "errno 12 (ENOMEM)")) << log_.text();
  EXPECT_TRUE(streams_whole()) << "some of the colour transfers are enough";
}

TEST_F(UsbMemory, ARefusedFirstDepthTransferIsASuccessfulStartAndATimeOutForEver) {
  make_bench(one_host(bench_config(), 5));
  unit_ = open();
  CameraConfig depth = both();
  depth.color_resolution = ColorResolution::off;
  ASSERT_TRUE(unit_->start_cameras(depth));
  EXPECT_TRUE(times_out_for_ever());
  EXPECT_TRUE(log_.says(error, "submitting depth transfers: errno 12 (ENOMEM), 0 of 1 accepted"));
  EXPECT_EQ(log_.count(warning, "timeout on the streaming endpoint depth"), 0) << "nothing is under way";
  unit_.reset();
  make_bench(one_host(bench_config(), 6));  // the limit raised
  unit_ = open();
  ASSERT_TRUE(unit_->start_cameras(depth));
  read(seconds(2));
  EXPECT_GE(read(seconds(1)).depth_only, 29);
}

TEST_F(UsbMemory, ARefusedLaterDepthTransferOnlyDegrades) {
  make_bench(one_host(bench_config(), 4));
  unit_ = open();
  CameraConfig depth = both(PixelFormat::mjpg, DepthMode::wfov_2x2binned);
  depth.color_resolution = ColorResolution::off;
  ASSERT_TRUE(unit_->start_cameras(depth));
  EXPECT_TRUE(log_.says(warning, "1 of 2 accepted")) << log_.text();
  read(seconds(2));
  EXPECT_GE(read(seconds(1)).depth_only, 29);
}

TEST_F(UsbMemory, ColourFailsItsStartOnlyIfNoneOfItsTransfersIsAccepted) {
  BenchConfig config = one_host(bench_config(), 5);
  make_bench(config);
  const auto master = bench_->open("master");
  // One buffer of 3.6 MiB leaves less than the colour transfers of both need.
  CameraConfig wide = both(PixelFormat::mjpg, DepthMode::wfov_2x2binned);
  wide.color_resolution = ColorResolution::off;
  ASSERT_TRUE(master->start_cameras(wide));
  const auto sub2 = bench_->open("sub1");
  CameraConfig colour = both();
  colour.depth_mode = DepthMode::off;
  ASSERT_TRUE(sub2->start_cameras(colour)) << "some are accepted";
  EXPECT_TRUE(log_.says(warning, "submitting color transfers"));
  sub2->stop_cameras();
  master->stop_cameras();
  config.hosts = {{.name = "pc", .units = {"master", "sub1", "sub2"}, .usbfs_mb = 3}};
  make_bench(config);
  const auto first = bench_->open("master");
  ASSERT_TRUE(first->start_cameras(colour)) << "takes it all";
  unit_ = open();
  const Status started = unit_->start_cameras(colour);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code(), Errc::io);
  EXPECT_THAT(started.error().message(), testing::HasSubstr("usbfs_memory_mb"));
  first->stop_cameras();
  EXPECT_TRUE(unit_->start_cameras(colour));
}

}  // namespace
}  // namespace genlock::device::sim
