// The table of docs/doctor.md: every constraint, how it is broken here, and the line that people then see.
// GENLOCK_REGENERATE prints the rows.

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>

#include "fake_host.h"
#include "rig/doctor.h"
#include "scripted_units.h"
#include "support/temporary_bench.h"

namespace genlock::rig {
namespace {

using device::ColorControl;
using device::sim::BenchConfig;
using device::sim::Jack;
using test::FakeHost;
using test::ScriptedUnits;

using Units = std::vector<ScriptedUnits::Unit>;

/// A rig and its world, all well. A case changes some of it.
struct Lab {
  FakeHost host;
  BenchConfig bench = test::stepped_bench();
  bool real = false;  ///< two real units instead of the bench's
  Units units = {{.serial = "000111000112", .jacks = {.in = false, .out = true}, .controls = controls()},
                 {.serial = "000222000212", .jacks = {.in = true, .out = false}, .controls = controls()}};
  std::string head = "length_s = 10\n";  ///< of the rig file
  std::string own;                       ///< of its second unit
  std::function<void(Rig&)> change = [](Rig&) {};
  bool has_rig = true;
  std::string held;  ///< the unit that another program has

  static std::map<ColorControl, device::ControlValue> controls() {
    return {{ColorControl::exposure_us, {device::ControlMode::manual, 8330}},
            {ColorControl::powerline_frequency, {device::ControlMode::manual, 2}}};
  }

  Rig rig() const {
    std::string text = head;
    const auto add = [&](const std::string& name, const std::string& serial, const std::string& lines) {
      text += "[[unit]]\nname = \"" + name + "\"\nserial = \"" + serial + "\"\n" + lines;
    };
    if (real)
      for (const auto& unit : units)
        add(&unit == &units[0] ? "front" : "left", unit.serial, &unit == &units[0] ? "" : own);
    else
      for (const auto& unit : test::stepped_bench().units)
        add(unit.name, unit.serial, unit.name == "sub1" ? own : "");
    Rig rig = parse_rig(text, "my.toml").value();
    change(rig);
    return rig;
  }

  std::vector<Check> examine(device::Provider& provider) const {
    const Rig made = rig();
    return rig::examine(has_rig ? &made : nullptr, &provider, host.host);
  }

  std::vector<Check> examine() const {
    if (real) {
      ScriptedUnits provider(units);
      return examine(provider);
    }
    test::TemporaryBench world(bench);
    const auto other = held.empty() ? nullptr : world.open(held);
    return examine(world.provider());
  }
};

struct Case {
  std::string id;
  std::string how;
  void (*provoke)(Lab&);
};

void PrintTo(const Case& row, std::ostream* out) {
  *out << row.id << ": " << row.how;
}

ClockState free_clock() {
  return {};
}

const std::vector<Case> kCases = {
    {"unit_present", "sub2 is not plugged in",
     [](Lab& lab) { lab.bench.faults = {{.unit = "sub2", .kind = device::sim::FaultKind::unplug}}; }},
    {"unit_present", "a unit of the rig is on another host",
     [](Lab& lab) {
       lab.change = [](Rig& r) {
         r.units[2].serial = "900009900108";
         r.units[2].host = "pc2";
       };
     }},
    {"unit_free", "another program has sub1 open", [](Lab& lab) { lab.held = "sub1"; }},
    {"unit_free", "another program has a real unit open",
     [](Lab& lab) {
       lab.real = true;
       lab.units[1].problem = Error(Errc::io, "it cannot be opened");
       lab.host.plug({.serial = "000222000212"});
       lab.host.hold(4321, "k4aviewer", "dev/bus/usb/002/003");
     }},
    {"unit_free", "fault `busy` of sub1",
     [](Lab& lab) { lab.bench.faults = {{.unit = "sub1", .kind = device::sim::FaultKind::busy}}; }},
    {"unit_in_rig", "the rig file has only two of the units",
     [](Lab& lab) { lab.change = [](Rig& r) { r.units.pop_back(); }; }},
    {"usb_link", "the power supply of a unit is unplugged",
     [](Lab& lab) { lab.real = true, lab.host.plug({.serial = "000111000112", .depth = false}); }},
    {"usb_link", "a unit is in a USB 2 port",
     [](Lab& lab) { lab.real = true, lab.host.plug_slow("000222000212", "1-2"); }},
    {"usb_link", "a unit is linked at 480 Mb/s",
     [](Lab& lab) { lab.real = true, lab.host.plug({.serial = "000222000212", .mbit_per_s = 480}); }},
    {"usb_link", "a unit is behind a hub",
     [](Lab& lab) { lab.real = true, lab.host.plug({.serial = "000222000212", .port = "2-1.3"}); }},
    {"usb_permission", "a container without /dev/bus/usb",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000222000212"});
       lab.host.remove("dev/bus/usb/002/002");
     }},
    {"usb_permission", "fault `permission` of sub1",
     [](Lab& lab) { lab.bench.faults = {{.unit = "sub1", .kind = device::sim::FaultKind::permission}}; }},
    {"usb_suspend", "`power/control` of a camera is auto",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000222000212"});
       lab.host.write("sys/bus/usb/devices/2-1.1/power/control", "auto\n");
     }},
    {"kernel_log", "transfers of a camera failed a minute ago",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000222000212"});
       lab.host.write("dev/kmsg",
                      "3,900,9938000000,-;usb 2-1.1: usbfs: usb_submit_urb returned -110\n SUBSYSTEM=usb\n"
                      "6,901,9939000000,-;usb 2-1.1: reset SuperSpeed USB device number 4 using xhci_hcd\n");
     }},
    {"kernel_log", "a container without /dev/kmsg",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000222000212"});
       lab.host.remove("dev/kmsg");
     }},
    {"firmware", "`firmware = { color = \"1.5.50\" }` of sub1",
     [](Lab& lab) {
       lab.bench.units[1].version.color = {1, 5, 50};
     }},
    {"firmware", "`firmware = { color = \"1.6.102\" }` of all",
     [](Lab& lab) {
       for (auto& unit : lab.bench.units) unit.version.color = {1, 6, 102};
     }},
    {"firmware", "`firmware = { depth = \"1.6.80\" }` of sub1",
     [](Lab& lab) {
       lab.bench.units[1].version.depth = {1, 6, 80};
     }},
    {"sync_jacks", "no cable from sub1 to sub2", [](Lab& lab) { lab.bench.cables.pop_back(); }},
    {"sync_jacks", "no cable from master to sub1",
     [](Lab& lab) { lab.bench.cables.erase(lab.bench.cables.begin()); }},
    {"sync_jacks", "a cable from sub2 to master",
     [](Lab& lab) {
       lab.bench.cables.push_back({.from = {"sub2", Jack::out}, .to = {"master", Jack::in}});
     }},
    {"sync_jacks", "units that do not tell their jacks",
     [](Lab& lab) {
       lab.real = true;
       for (auto& unit : lab.units) unit.jacks = {};
     }},
    {"sync_jacks", "none, and no rig: what is plugged in is said", [](Lab& lab) { lab.has_rig = false; }},
    {"sync_chain", "none, three units", [](Lab&) {}},
    {"sync_chain", "a splitter, and `wiring = \"chain\"`",
     [](Lab& lab) { lab.bench.cables[1].from.unit = "master"; }},
    {"sync_chain", "sub2 before sub1 in the rig file",
     [](Lab& lab) { lab.change = [](Rig& r) { std::swap(r.units[1], r.units[2]); }; }},
    {"trigger", "`wiring = \"trigger\"`",
     [](Lab& lab) {
       lab.bench.trigger.emplace();
       lab.bench.cables.push_back({.from = {}, .to = {"master", Jack::in}});
       lab.head += "wiring = \"trigger\"\n";
     }},
    {"master_color", "the master's colour is off (by the C++ API; a rig file is refused)",
     [](Lab& lab) {
       lab.change = [](Rig& r) { r.units[0].camera.color_resolution = ColorResolution::off; };
     }},
    {"frame_rate", "sub1 at 15 fps (by the C++ API)",
     [](Lab& lab) { lab.change = [](Rig& r) { r.units[1].camera.rate = FrameRate::fps15; }; }},
    {"frame_rate", "sub1 in WFOV_UNBINNED at 30 fps (by the C++ API; a rig file is refused)",
     [](Lab& lab) { lab.change = [](Rig& r) { r.units[1].camera.depth_mode = DepthMode::wfov_unbinned; }; }},
    {"exposure", "`exposure_us = 40000` at 30 fps (by the C++ API; a rig file is refused)",
     [](Lab& lab) { lab.change = [](Rig& r) { r.controls.exposure_us = 40'000; }; }},
    {"exposure", "no rig, units as they come", [](Lab& lab) { lab.has_rig = false; }},
    {"power_line", "no rig, one unit at 50 Hz",
     [](Lab& lab) {
       lab.has_rig = false;
       lab.real = true;
       lab.units[1].controls[ColorControl::powerline_frequency].value = 1;
     }},
    {"controls", "`sharpness = 2`, and units without it",
     [](Lab& lab) { lab.real = true, lab.head += "[controls]\nsharpness = 2\n"; }},
    {"controls", "fault `refuse_command` of sub1",
     [](Lab& lab) { lab.bench.faults = {{.unit = "sub1", .kind = device::sim::FaultKind::refuse_command}}; }},
    {"controls", "units without power line",
     [](Lab& lab) { lab.real = true, lab.units[1].controls.erase(ColorControl::powerline_frequency); }},
    {"lasers", "none, three units", [](Lab&) {}},
    {"lasers", "`delays = \"fixed\"`, all 0", [](Lab& lab) { lab.head += "[lasers]\ndelays = \"fixed\"\n"; }},
    {"lasers", "`delays = \"fixed\"`, sub1 140 us and sub2 far off",
     [](Lab& lab) {
       lab.head += "[lasers]\ndelays = \"fixed\"\n";
       lab.own = "depth_delay_us = 140\n";
       lab.change = [](Rig& r) { r.units[2].camera.depth_delay_off_color = device_us(700); };
     }},
    {"wiring", "`wiring = \"star\"` and a fourth unit",
     [](Lab& lab) {
       lab.change = [](Rig& r) {
         r.units.push_back(r.units.back()), r.units.back().name = r.units.back().serial = "sub3";
       };
       lab.head += "wiring = \"star\"\n";
     }},
    {"own_zero", "`color_resolution = \"OFF\"` of sub1",
     [](Lab& lab) { lab.own = "color_resolution = \"OFF\"\n"; }},
    {"microphones", "real units: it is always said", [](Lab& lab) { lab.real = true; }},
    {"imu", "`imu = false` of sub1", [](Lab& lab) { lab.own = "imu = false\n"; }},
    {"usb_memory", "`usbfs_mb = 16` of a host with all three",
     [](Lab& lab) {
       lab.bench.hosts = {
           {.name = "pc", .units = {"master", "sub1", "sub2"}, .usb_mb_per_s = 600, .usbfs_mb = 16}};
     }},
    {"usb_memory", "usbfs_memory_mb is 64",
     [](Lab& lab) {
       lab.real = true, lab.host.write("sys/module/usbcore/parameters/usbfs_memory_mb", "64\n");
     }},
    {"usb_bandwidth", "`usb_mb_per_s = 400` of a host with all three",
     [](Lab& lab) {
       lab.bench.hosts = {{.name = "pc", .units = {"master", "sub1", "sub2"}}};
     }},
    {"usb_bandwidth", "two units on one controller",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000111000112"});
       lab.host.plug({.serial = "000222000212", .port = "2-2"});
     }},
    {"usb_chip", "a controller of ASMedia",
     [](Lab& lab) { lab.real = true, lab.host.plug({.serial = "000111000112", .vendor = "0x1b21"}); }},
    {"usb_place", "a unit at another controller than in the rig file",
     [](Lab& lab) {
       lab.real = true;
       lab.host.plug({.serial = "000222000212"});
       lab.own = "controller = \"0000:05:00.0\"\n";
     }},
    {"depth_engine", "its library is not there",
     [](Lab& lab) { lab.real = true, lab.host.remove("usr/lib/libdepthengine.so.2.0"); }},
    {"depth_engine", "none, simulated units", [](Lab&) {}},
    {"display", "DISPLAY is not set", [](Lab& lab) { lab.real = true, lab.host.host.display.reset(); }},
    {"display", "no X server", [](Lab& lab) { lab.real = true, lab.host.remove("tmp/.X11-unix/X0"); }},
    {"graphics", "no driver of a graphics card",
     [](Lab& lab) { lab.real = true, lab.host.remove("dev/dri"); }},
    {"processors", "one processor, BGRA of 2160P",
     [](Lab& lab) {
       lab.real = true;
       lab.host.write("proc/cpuinfo", "processor\t: 0\n");
       lab.head += "[camera]\ncolor_resolution = \"2160P\"\ncolor_format = \"BGRA\"\n";
     }},
    {"processor_speed", "the governor of two processors is powersave",
     [](Lab& lab) { lab.host.govern(0, "powersave"), lab.host.govern(1, "powersave"); }},
    {"memory", "100 MB left", [](Lab& lab) { lab.host.write("proc/meminfo", "MemAvailable: 100000 kB\n"); }},
    {"take_folder", "`--folder /dev/shm`", [](Lab& lab) { lab.host.host.folder = "/dev/shm"; }},
    {"take_folder", "`--folder /proc/cpuinfo`",
     [](Lab& lab) { lab.host.host.folder = lab.host.root() / "proc/cpuinfo"; }},
    {"disk_speed", "a disk of 100 MB/s",
     [](Lab& lab) {
       lab.host.host.disk = [](const std::filesystem::path&, const DiskProbe&) {
         return DiskSpeed{.mb_per_s = 100, .method = "direct"};
       };
     }},
    {"disk_speed", "a disk of 200 MB/s",
     [](Lab& lab) {
       lab.host.host.disk = [](const std::filesystem::path&, const DiskProbe&) {
         return DiskSpeed{.mb_per_s = 200, .method = "direct"};
       };
     }},
    {"disk_space", "`length_s = 31536000`", [](Lab& lab) { lab.head = "length_s = 31536000\n"; }},
    {"clock", "two hosts, the clock on its own",
     [](Lab& lab) {
       lab.change = [](Rig& r) { r.units[1].host = "pc2"; };
       lab.host.host.clock = [] { return Result<ClockState>(free_clock()); };
     }},
};

std::string docs() {
  std::ifstream file(GENLOCK_DOCTOR_DOCS);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Without what differs from machine to machine.
std::string tidy(std::string text, const FakeHost& host) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at; (at = text.find(from)) != text.npos;) text.replace(at, from.size(), to);
  };
  replace(host.root().string(), "");
  replace(host.root().parent_path().string() + "/takes", "/takes");
  text = std::regex_replace(text, std::regex("in process [0-9]+"), "in process N");
  return std::regex_replace(text, std::regex("[0-9.]+ GB free: [0-9]+ (s|min|h)"), "N GB free: N h");
}

/// The worst line about the constraint.
Check worst(const std::vector<Check>& checks, const std::string& id) {
  Check found{.id = "none of " + id};
  for (const Check& check : checks)
    if (check.id == id && (found.id != id || check.outcome > found.outcome)) found = check;
  return found;
}

std::string row_of(const Case& row, const Check& check, const FakeHost& host) {
  std::string said = std::string(to_string(check.outcome)) + ": ";
  for (const std::string& unit : check.units) said += unit + (&unit == &check.units.back() ? ": " : ", ");
  said += check.text + (check.remedy.empty() ? "" : " → " + check.remedy);
  said = std::regex_replace(said, std::regex("\\|"), "\\|");
  return "| `" + check.id + "` | " + row.how + " | " + tidy(said, host) + " |\n";
}

class DoctorDocs : public testing::TestWithParam<Case> {};

TEST_P(DoctorDocs, ShowWhatIsSeen) {
  Lab lab;
  GetParam().provoke(lab);
  const std::string row = row_of(GetParam(), worst(lab.examine(), GetParam().id), lab.host);
  EXPECT_NE(docs().find(row), std::string::npos) << row;
  if (std::getenv("GENLOCK_REGENERATE") != nullptr) std::printf("ROW %s", row.c_str());
}

INSTANTIATE_TEST_SUITE_P(Constraints, DoctorDocs, testing::ValuesIn(kCases));

TEST(DoctorTable, HasNoRowThatNoTestProvokes) {
  std::set<std::string> known;
  for (const Case& row : kCases) known.insert("| `" + row.id + "` | " + row.how + " | ");
  std::istringstream lines(docs().substr(docs().find("| constraint | provoked by |")));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  std::size_t rows = 0;
  for (; std::getline(lines, line) && line.starts_with("| "); ++rows) {
    const auto fits = [&](const std::string& start) { return line.starts_with(start); };
    EXPECT_TRUE(std::any_of(known.begin(), known.end(), fits)) << line;
  }
  EXPECT_EQ(rows, kCases.size());
}

}  // namespace
}  // namespace genlock::rig
