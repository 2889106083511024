#include "rig/doctor.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "examination.h"

namespace genlock::rig {
namespace {

using device::ColorControl;
using device::sim::BenchConfig;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

class Doctor : public Examination {};

TEST_F(Doctor, FindsNothingWrongWithAGoodRig) {
  const auto checks =
      examine(test::stepped_bench(), "length_s = 10\n[camera]\ndepth_mode = \"NFOV_2X2BINNED\"\n");
  expect_all_ok(checks);
  EXPECT_THAT(checks, Contains(Line("unit_present", Outcome::ok, "sub2", "attached")));
  EXPECT_THAT(checks, Contains(Line("sync_chain", Outcome::ok, "complete, 3 units")));
}

TEST_F(Doctor, FindsNothingWrongWithAGoodPairOfRealUnits) {
  host_.plug({.serial = kMaster.serial, .port = "2-1"});
  host_.plug({.serial = kSub.serial, .port = "4-1", .controller = "0000:05:00.0"});
  const auto checks = examine(pair("length_s = 10\n"), {kMaster, kSub});
  expect_all_ok(checks);
  for (const char* id :
       {"usb_link", "usb_permission", "usb_suspend", "kernel_log", "processor_speed", "usb_memory",
        "usb_bandwidth", "usb_chip", "depth_engine", "display", "graphics", "clock"})
    EXPECT_THAT(checks, Contains(Line(id, Outcome::ok, ""))) << id;
}

TEST_F(Doctor, NamesUnitsThatAreNotThereAndThoseThatAre) {
  test::TemporaryBench bench;
  Rig rig = rig_of(test::stepped_bench());
  rig.units[1].serial = "000111000112";
  const auto checks = rig::examine(rig, bench.provider(), host_.host);
  EXPECT_THAT(checks, Contains(Line("unit_present", Outcome::error, "sub1",
                                    "000111000112 is attached; there is: 9000")));
  EXPECT_THAT(checks,
              Contains(Line("unit_in_rig", Outcome::warning, "900002300102 is attached and not in the rig")));
}

TEST_F(Doctor, SaysWhichUnitsAnotherHostHasToLookAt) {
  test::TemporaryBench bench;
  Rig rig = rig_of(test::stepped_bench());
  rig.units[1].serial = "000111000112";
  rig.units[1].host = "pc2";
  const auto checks = rig::examine(rig, bench.provider(), host_.host);
  EXPECT_FALSE(has_errors(checks));
  EXPECT_THAT(checks, Contains(Line("unit_present", Outcome::unknown, "sub1", "is on host pc2")));
}

TEST_F(Doctor, NamesUnitsThatAnotherProgramHas) {
  test::TemporaryBench bench;
  const auto open = bench.open("sub1");
  const auto checks = rig::examine(rig_of(test::stepped_bench()), bench.provider(), host_.host);
  EXPECT_THAT(checks, Contains(Line("unit_free", Outcome::error, "sub1", "open")));
  EXPECT_THAT(checks, Contains(Line("unit_free", Outcome::ok, "sub2", "")));
}

TEST_F(Doctor, LeavesEveryUnitFreeAndAsItWas) {
  test::TemporaryBench bench;
  rig::examine(rig_of(test::stepped_bench()), bench.provider(), host_.host);
  const auto sub1 = bench.open("sub1");
  EXPECT_EQ(sub1->color_control(ColorControl::exposure_us)->mode, device::ControlMode::automatic);
}

TEST_F(Doctor, NamesFirmwareThatIsTooOldOrOldOrNotTheSame) {
  BenchConfig config = test::stepped_bench();
  config.units[1].version.color = {1, 5, 50};
  EXPECT_THAT(examine(config), Contains(Line("firmware", Outcome::error, "sub1", "1.5.50 is too old")));
  config.units[1].version.color = {1, 6, 102};
  const auto checks = examine(config);
  EXPECT_FALSE(has_errors(checks));
  EXPECT_THAT(checks,
              Contains(Line("firmware", Outcome::warning, "sub1", "older than the suggested 1.6.110")));
  EXPECT_THAT(checks, Contains(Line("firmware", Outcome::warning, "sub2", "units differ")));
}

TEST_F(Doctor, NamesJacksThatDoNotFitTheRoles) {
  BenchConfig config = test::stepped_bench();
  config.cables.erase(config.cables.begin() + 1);
  EXPECT_THAT(examine(config),
              Contains(Line("sync_jacks", Outcome::error, "sub2", "nothing is in its SYNC IN")));
  config.cables.clear();
  EXPECT_THAT(examine(config),
              Contains(Line("sync_jacks", Outcome::error, "master", "nothing is in its SYNC OUT")));
  config = test::stepped_bench();
  config.cables.push_back(
      {.from = {"sub2", device::sim::Jack::out}, .to = {"master", device::sim::Jack::in}});
  EXPECT_THAT(examine(config),
              Contains(Line("sync_jacks", Outcome::error, "master", "a plug is in its SYNC IN")));
}

TEST_F(Doctor, FindsAChainThatIsNotOne) {
  BenchConfig star = test::stepped_bench();
  star.cables[1].from.unit = "master";
  EXPECT_THAT(examine(star), Contains(Line("sync_chain", Outcome::error, "sub1", "the chain ends here")));
  EXPECT_THAT(examine(star, "wiring = \"star\"\n"), Not(Contains(Field(&Check::outcome, Outcome::error))));
}

TEST_F(Doctor, FindsAChainInAnotherOrder) {
  BenchConfig config = test::stepped_bench();
  test::TemporaryBench bench(config);
  std::swap(config.units[1], config.units[2]);
  const auto checks = rig::examine(rig_of(config), bench.provider(), host_.host);
  EXPECT_THAT(checks,
              Contains(Line("sync_chain", Outcome::warning, "by the plugs sub2 is the last of the chain")));
}

TEST_F(Doctor, SaysThatPlugsDoNotTellTheOrderBetweenMasterAndEnd) {
  auto second = kSub, third = kSub;
  second.jacks.out = third.jacks.out = true;
  second.serial = "000333000312", third.serial = "000444000412";
  Rig rig = pair();
  rig.units.insert(rig.units.begin() + 1, 2, rig.units[1]);
  rig.units[1].name = "second", rig.units[1].serial = second.serial;
  rig.units[2].name = "third", rig.units[2].serial = third.serial;
  EXPECT_THAT(examine(rig, {kMaster, second, third, kSub}),
              Contains(Line("sync_chain", Outcome::ok, "not the order of the 2 between them")));
}

TEST_F(Doctor, SaysWhereJacksAreNotTold) {
  auto master = kMaster, sub = kSub;
  master.jacks = sub.jacks = {};
  const auto checks = examine(pair(), {master, sub});
  EXPECT_THAT(checks, Contains(Line("sync_jacks", Outcome::unknown, "left", "do not tell")));
  EXPECT_THAT(checks, Not(Contains(Field(&Check::id, "sync_chain"))));
}

TEST_F(Doctor, SaysWhichVersionsAreNotTold) {
  auto master = kMaster, sub = kSub;
  master.version = sub.version = {.depth = {1, 1, 2}};
  EXPECT_THAT(examine(pair(), {master, sub}),
              Contains(Line("firmware", Outcome::ok, "left", "unknown/1.1.2/unknown/unknown on all")));
}

TEST_F(Doctor, CannotSeeAGenerator) {
  BenchConfig config = test::stepped_bench();
  config.trigger.emplace();
  config.cables.insert(config.cables.begin(), {.from = {}, .to = {"master", device::sim::Jack::in}});
  const auto checks = examine(config, "wiring = \"trigger\"\n");
  EXPECT_FALSE(has_errors(checks));
  EXPECT_THAT(checks, Contains(AllOf(Field(&Check::id, "trigger"),
                                     Field(&Check::remedy, HasSubstr("exactly 30 Hz")))));
}

// A rig made by a program has not passed the checks of the file.
TEST_F(Doctor, FindsModesThatDoNotGoTogether) {
  Rig rig = pair();
  rig.units[0].camera.color_resolution = ColorResolution::off;
  EXPECT_THAT(examine(rig, {kMaster, kSub}),
              Contains(Line("master_color", Outcome::error, "front", "is off")));
  rig = pair();
  rig.units[1].camera.rate = FrameRate::fps15;
  EXPECT_THAT(examine(rig, {kMaster, kSub}), Contains(Line("frame_rate", Outcome::error, "left", "15 fps")));
  rig = pair();
  rig.units[1].camera.depth_mode = DepthMode::wfov_unbinned;
  EXPECT_THAT(examine(rig, {kMaster, kSub}),
              Contains(Line("frame_rate", Outcome::error, "left", "at most 15 fps")));
  rig = pair();
  rig.controls.exposure_us = 40'000;
  EXPECT_THAT(examine(rig, {kMaster, kSub}),
              Contains(Line("exposure", Outcome::error, "do not fit a frame")));
}

TEST_F(Doctor, FindsLasersThatMeetAndRigsWithoutRoomForThem) {
  EXPECT_THAT(examine(test::stepped_bench(), "[lasers]\ndelays = \"fixed\"\n"),
              Contains(Line("lasers", Outcome::error, "shine together")));
  Rig rig = pair();
  while (rig.units.size() < 20) rig.units.push_back(rig.units.back());
  EXPECT_THAT(examine(rig, {kMaster, kSub}), Contains(Line("lasers", Outcome::error, "")));
}

TEST_F(Doctor, FindsSettingsThatAUnitCannotTake) {
  const auto checks = examine(pair("[controls]\nsharpness = 2\n"), {kMaster, kSub});
  EXPECT_THAT(checks, Contains(Line("controls", Outcome::error, "left", "does not offer sharpness")));
  EXPECT_FALSE(has_errors(examine(pair(), {kMaster, kSub})));
}

TEST_F(Doctor, ComparesUnitsWithoutARig) {
  auto other = kSub;
  other.controls = {{ColorControl::exposure_us, {device::ControlMode::automatic, 16'670}},
                    {ColorControl::powerline_frequency, {device::ControlMode::manual, 1}}};
  test::ScriptedUnits units({kMaster, other});
  const auto checks = rig::examine(nullptr, &units, host_.host);
  EXPECT_THAT(checks, Contains(Line("exposure", Outcome::warning, "000111000112 8330, 000222000212 auto")));
  EXPECT_THAT(checks, Contains(Line("power_line", Outcome::warning, "000111000112 2, 000222000212 1")));
  EXPECT_THAT(checks, Contains(Line("sync_jacks", Outcome::ok, "000111000112",
                                    "a plug is in SYNC OUT, none in SYNC IN, as a master has it")));
}

TEST_F(Doctor, FindsUsbMemoryThatIsTooSmall) {
  host_.write("sys/module/usbcore/parameters/usbfs_memory_mb", "16\n");
  EXPECT_THAT(examine(pair(), {kMaster, kSub}), Contains(Line("usb_memory", Outcome::error, "is 16 MiB")));
  host_.write("sys/module/usbcore/parameters/usbfs_memory_mb", "64\n");
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("usb_memory", Outcome::warning, "128 is ample")));
  host_.write("sys/module/usbcore/parameters/usbfs_memory_mb", "0\n");
  EXPECT_THAT(examine(pair(), {kMaster, kSub}), Contains(Line("usb_memory", Outcome::ok, "is not limited")));
  host_.remove("sys/module/usbcore");
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("usb_memory", Outcome::unknown, "cannot be read")));
}

TEST_F(Doctor, FindsUsbMemoryAndBandwidthOfTheBenchsHosts) {
  BenchConfig config = test::stepped_bench();
  config.hosts = {{.name = "pc", .units = {"master", "sub1", "sub2"}, .usb_mb_per_s = 500, .usbfs_mb = 16}};
  const auto checks = examine(config);
  EXPECT_THAT(checks, Contains(Line("usb_memory", Outcome::error, "sub2", "of bench host pc is 16 MiB")));
  EXPECT_THAT(checks, Contains(Line("usb_bandwidth", Outcome::error, "sub2", "522 MB/s on USB of pc")));
}

TEST_F(Doctor, AddsUpWhatOneControllerCarries) {
  host_.plug({.serial = kMaster.serial, .port = "2-1"});
  host_.plug({.serial = kSub.serial, .port = "2-2"});
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("usb_bandwidth", Outcome::warning, "left", "348 MB/s on USB of 0000:00:14.0")));
  EXPECT_THAT(
      examine(pair("[camera]\ncolor_resolution = \"720P\"\ncolor_format = \"YUY2\"\n"), {kMaster, kSub}),
      Contains(Line("usb_bandwidth", Outcome::error, "left", "about 400")));
}

TEST_F(Doctor, NamesPortsHubsAndControllersThatLoseFrames) {
  host_.plug({.serial = kMaster.serial, .port = "2-1.3", .vendor = "0x1b21"});
  host_.plug({.serial = kSub.serial, .port = "4-2", .controller = "0000:05:00.0", .mbit_per_s = 480});
  const auto checks = examine(pair("", "controller = \"0000:05:00.0\"\n"), {kMaster, kSub});
  EXPECT_THAT(checks, Contains(Line("usb_link", Outcome::warning, "front", "behind a hub")));
  EXPECT_THAT(checks, Contains(Line("usb_link", Outcome::error, "left", "480 Mb/s only")));
  EXPECT_THAT(checks, Contains(Line("usb_chip", Outcome::warning, "ASMedia")));
  EXPECT_THAT(checks,
              Contains(Line("usb_place", Outcome::warning, "front", "it is on controller 0000:00:14.0")));
}

TEST_F(Doctor, NamesUnitsWithoutPowerAndOnUsb2) {
  host_.plug({.serial = kMaster.serial, .depth = false});
  host_.plug_slow(kMaster.serial, "1-1");
  host_.plug_slow(kSub.serial, "1-2");
  const auto checks = examine(pair(), {kMaster});
  EXPECT_THAT(checks, Contains(Line("usb_link", Outcome::error, "front", "too little power")));
  EXPECT_THAT(checks, Contains(Line("usb_link", Outcome::error, "port 1-2 is on USB 2 only")));
  EXPECT_THAT(checks, Not(Contains(Line("usb_link", Outcome::error, "port 1-1"))));
}

TEST_F(Doctor, FindsUsbDevicesThatAContainerDoesNotHave) {
  host_.plug({.serial = kMaster.serial});
  host_.remove("dev/bus/usb");
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("usb_permission", Outcome::error, "front",
                            "is not there although port 2-1 has the unit")));
}

// Root may write everywhere, so this is somebody else, in a process of its own.
TEST_F(Doctor, FindsUsbDevicesThatTheUserMayNotWriteTo) {
  host_.plug({.serial = kMaster.serial});
  namespace fs = std::filesystem;
  fs::permissions(host_.root().parent_path(), fs::perms(0755));
  for (const auto& node : fs::directory_iterator(host_.root() / "dev/bus/usb/002"))
    fs::permissions(node.path(), fs::perms(0444));
  const auto as_a_user = [&] {
    constexpr uid_t kNobody = 65534;
    if (::getuid() == 0 && ::setuid(kNobody) != 0) std::_Exit(2);
    const auto checks = examine(pair(), {kMaster, kSub});
    const auto denied = [](const Check& check) {
      return check.id == "usb_permission" && check.text.find("you may not write to") != check.text.npos &&
             check.remedy.find("udev rules") != check.remedy.npos;
    };
    std::_Exit(std::any_of(checks.begin(), checks.end(), denied) ? 0 : 1);
  };
  EXPECT_EXIT(as_a_user(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace genlock::rig
