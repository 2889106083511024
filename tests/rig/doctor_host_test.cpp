// What the doctor finds about a host: its kernel, processors, disks, clock and other programs.

#include "examination.h"

namespace genlock::rig {
namespace {

using testing::Contains;
using testing::Field;
using testing::Not;

class DoctorOfAHost : public Examination {};

TEST_F(DoctorOfAHost, SaysWhatItCanOfAHostWithoutUnits) {
  const auto checks = rig::examine(nullptr, nullptr, host_.host);
  EXPECT_FALSE(has_errors(checks));
  EXPECT_THAT(checks, Contains(Line("disk_speed", Outcome::ok, "1000 MB/s")));
}

TEST_F(DoctorOfAHost, FindsCamerasThatTheKernelPutsToSleep) {
  host_.plug({.serial = kMaster.serial, .port = "2-1"});
  host_.plug({.serial = kSub.serial, .port = "4-1", .controller = "0000:05:00.0"});
  const auto checks = [&] { return examine(pair(), {kMaster, kSub}); };
  const std::string devices = "sys/bus/usb/devices/";
  host_.write(devices + "2-1/power/control", "auto\n");
  EXPECT_THAT(checks(), Contains(Line("usb_suspend", Outcome::ok, "awake")))
      << "a hub sleeps with its cameras";
  host_.write(devices + "2-1.2/power/control", "auto\n");
  host_.write(devices + "2-1.2/power/autosuspend_delay_ms", "-1000\n");
  EXPECT_THAT(checks(), Contains(Line("usb_suspend", Outcome::ok, "awake"))) << "never";
  host_.write(devices + "4-1.1/power/control", "auto\n");
  EXPECT_THAT(checks(), Contains(Line("usb_suspend", Outcome::warning, "left", "at 4-1.1 to sleep")));
  for (const char* camera : {"2-1.1", "2-1.2", "4-1.1", "4-1.2"})
    host_.remove(devices + camera + std::string("/power"));
  EXPECT_THAT(checks(), Contains(Line("usb_suspend", Outcome::unknown, "does not tell")));
}

TEST_F(DoctorOfAHost, FindsTroubleWithUnitsInTheKernelsLog) {
  host_.plug({.serial = kMaster.serial, .port = "2-1"});
  host_.plug({.serial = kSub.serial, .port = "4-1", .controller = "0000:05:00.0"});
  const auto with = [&](const std::string& log) {
    host_.write("dev/kmsg", log);
    return examine(pair(), {kMaster, kSub});
  };
  EXPECT_THAT(with("6,1,9000000000,-;usb 2-1.1: new SuperSpeed USB device number 4 using xhci_hcd\n"
                   "6,2,9000000000,-;usb 2-11: USB disconnect, device number 9\n"
                   "6,3,9000000000,-;usb 1-1: USB disconnect, device number 9\n"
                   "6,4,6399000000,-;usb 2-1.1: USB disconnect, device number 3\n"
                   "6,5,9000000000,-;xhci_hcd 0000:00:0d.0: xHC error in resume, USBSTS 0x401, Reinit\n"
                   "no record; usb 2-1.1: error\n"),
              Contains(Line("kernel_log", Outcome::ok, "no trouble")))
      << "other ports, and what was more than an hour ago";
  const auto checks = with(
      "6,1,6401000000,-;usb 2-1-port2: cannot reset (err = -110)\n"
      "3,2,9700000000,-;usb 2-1: USB disconnect, device number 3\n SUBSYSTEM=usb\n DEVICE=+usb:2-1\n"
      "3,3,9990000000,c;usb 4-1.2: Not enough bandwidth for new device state.\n"
      "4,4,9999000000,-;xhci_hcd 0000:05:00.0: xHCI host controller not responding, assume dead\n");
  EXPECT_THAT(checks, Contains(Line("kernel_log", Outcome::warning, "front",
                                    "2 times in the last hour, at last 5 min ago: usb 2-1: USB disconnect")));
  EXPECT_THAT(checks, Contains(Line("kernel_log", Outcome::warning, "left",
                                    "once in the last hour, at last 10 s ago: usb 4-1.2: Not enough")));
  EXPECT_THAT(checks,
              Contains(Line("kernel_log", Outcome::warning, "0000:05:00.0: xHCI host controller not")));
}

TEST_F(DoctorOfAHost, SaysWhoHasAUnitOpenThatCannotBeOpened) {
  host_.plug({.serial = kMaster.serial, .port = "2-1"});
  host_.plug({.serial = kSub.serial, .port = "4-1", .controller = "0000:05:00.0"});
  test::ScriptedUnits::Unit held = kSub;
  held.problem = Error(Errc::io, "no");
  host_.hold(99, "python3", "dev/bus/usb/004/006");
  host_.hold(12, "k4aviewer", "dev/bus/usb/004/005");
  host_.hold(7, "fwupd", "dev/bus/usb/002/001");
  const auto checks = examine(pair(), {kMaster, held});
  EXPECT_THAT(checks, Contains(Line("unit_free", Outcome::error, "left",
                                    "process 12 (k4aviewer), 99 (python3) has it open")));
  EXPECT_THAT(checks, Not(Contains(Line("unit_present", Outcome::error, ""))));
  EXPECT_THAT(checks, Contains(Line("unit_free", Outcome::ok, "front", "no other program")));
  EXPECT_FALSE(has_errors(examine(pair(), {kMaster, kSub}))) << "both could be opened";
}

TEST_F(DoctorOfAHost, FindsProcessorsThatSavePower) {
  const auto checks = [&] { return examine(pair(), {kMaster, kSub}); };
  EXPECT_THAT(checks(), Contains(Line("processor_speed", Outcome::ok, "schedutil")));
  host_.govern(3, "powersave", "balance_performance");
  EXPECT_THAT(checks(), Contains(Line("processor_speed", Outcome::ok, ""))) << "as intel_pstate usually is";
  host_.govern(3, "powersave", "power");
  EXPECT_THAT(checks(), Contains(Line("processor_speed", Outcome::warning, "1 of 16 processors")));
  host_.remove("sys/devices/system/cpu");
  EXPECT_THAT(checks(), Contains(Line("processor_speed", Outcome::ok, "leaves")));
}

TEST_F(DoctorOfAHost, KnowsWhatTheDepthEngineNeeds) {
  host_.remove("usr/lib/libdepthengine.so.2.0");
  host_.remove("dev/dri");
  host_.remove("tmp/.X11-unix/X0");
  auto checks = examine(pair(), {kMaster, kSub});
  EXPECT_THAT(checks, Contains(Line("depth_engine", Outcome::warning, "is not where")));
  EXPECT_THAT(checks, Contains(Line("graphics", Outcome::warning, "no driver")));
  EXPECT_THAT(checks, Contains(Line("display", Outcome::error, "no X server runs there")));
  host_.host.display.reset();
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("display", Outcome::error, "DISPLAY is not set")));
  EXPECT_THAT(examine(test::stepped_bench()), Not(Contains(Field(&Check::id, "display"))));
  const Rig infrared = pair("[camera]\ndepth_mode = \"OFF\"\n");
  EXPECT_THAT(examine(infrared, {kMaster, kSub}), Not(Contains(Field(&Check::id, "display"))));
}

TEST_F(DoctorOfAHost, FindsDisksThatAreTooSlowOrTooSmall) {
  host_.host.disk = [](const auto&, const DiskProbe&) {
    return DiskSpeed{.mb_per_s = 100, .method = "fake"};
  };
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("disk_speed", Outcome::error, "100 MB/s (fake), and the units give 118")));
  host_.host.disk = [](const auto&, const DiskProbe&) {
    return DiskSpeed{.mb_per_s = 150, .method = "fake"};
  };
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("disk_speed", Outcome::warning, "half as much again")));
  host_.host.disk = [](const auto&, const DiskProbe&) { return Error(Errc::io, "it broke"); };
  EXPECT_THAT(examine(pair(), {kMaster, kSub}), Contains(Line("disk_speed", Outcome::error, "it broke")));
  EXPECT_THAT(examine(pair("length_s = 31536000\n"), {kMaster, kSub}),
              Contains(Line("disk_space", Outcome::error, "and a take is 8760 h")));
}

TEST_F(DoctorOfAHost, WritesNoMoreToADiskThanTheRigGivesItInASecond) {
  std::uint64_t bytes = 0;
  host_.host.disk = [&](const auto&, const DiskProbe& probe) {
    bytes = probe.bytes;
    return DiskSpeed{.mb_per_s = 1000, .method = "fake"};
  };
  const auto probed = [&](const Rig* rig) {
    test::ScriptedUnits units({kMaster, kSub});
    rig::examine(rig, &units, host_.host);
    return bytes;
  };
  const Rig usual = pair();
  const Rig large = pair("[camera]\ncolor_resolution = \"2160P\"\ncolor_format = \"BGRA\"\n");
  const Rig small = pair("[camera]\ncolor_resolution = \"720P\"\ndepth_mode = \"OFF\"\nrate = 5\n");
  EXPECT_NEAR(static_cast<double>(probed(&usual)), 118e6, 1e6);
  EXPECT_EQ(probed(&large), 256'000'000U);
  EXPECT_EQ(probed(&small), 32'000'000U);
  EXPECT_EQ(probed(nullptr), 256'000'000U) << "without a rig the disk may have to take anything";
}

TEST_F(DoctorOfAHost, LooksAtTheFolderForTakes) {
  host_.host.folder = host_.root() / "proc/cpuinfo/takes";
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("take_folder", Outcome::error, "cpuinfo is no folder")));
  host_.host.folder = "/dev/shm/takes of next week";
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("take_folder", Outcome::warning, "/dev/shm is in memory")));
}

TEST_F(DoctorOfAHost, FindsHostsThatAreTooSmall) {
  host_.write("proc/cpuinfo", "processor\t: 0\n");
  host_.write("proc/meminfo", "MemAvailable:   100000 kB\n");
  const auto checks =
      examine(pair("[camera]\ncolor_resolution = \"2160P\"\ncolor_format = \"BGRA\"\n"), {kMaster, kSub});
  EXPECT_THAT(checks, Contains(Line("processors", Outcome::warning, "1 for 2 units, which want about 3.0")));
  EXPECT_THAT(checks, Contains(Line("memory", Outcome::warning, "102 MB of memory are free")));
}

TEST_F(DoctorOfAHost, WantsSynchronisedClocksWhereThereAreSeveralHosts) {
  host_.host.clock = [] { return ClockState{}; };
  EXPECT_THAT(examine(pair(), {kMaster, kSub}),
              Contains(Line("clock", Outcome::ok, "only a rig of several hosts")));
  Rig two = pair();
  two.units[1].host = "pc2";
  EXPECT_THAT(examine(two, {kMaster, kSub}), Contains(Line("clock", Outcome::warning, "has 2 hosts")));
}

}  // namespace
}  // namespace genlock::rig
