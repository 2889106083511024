#include "rig/rig_init.h"

#include <fmt/format.h>

#include <algorithm>

#include "rig/cabling.h"
#include "rig/examined.h"

namespace genlock::rig {
namespace {

using device::ColorControl;

constexpr const char* kHead =
    R"(# A rig, written by `genlock rig init` from the units that were attached. docs/rig.md says what else can be here.
# Next: `genlock plan FILE`, `genlock doctor FILE`, `genlock record FILE -l 10`.

# name = "studio"               # of takes; else the name of this file
# length_s = 600                # how long a take records; default: until Ctrl-C
)";

constexpr const char* kSettings = R"(
[camera]                        # of all units; each may have its own color_resolution and depth_mode, not its own rate
color_resolution = "1080P"      # 720P 1080P 1440P 1536P 2160P 3072P OFF
# color_format = "MJPG"         # or, with 720P, NV12 YUY2; BGRA is decoded on this computer
depth_mode = "NFOV_UNBINNED"    # NFOV_2X2BINNED NFOV_UNBINNED WFOV_2X2BINNED WFOV_UNBINNED PASSIVE_IR OFF
rate = {rate:<25}# 5 15 30{rate_why}
# imu = true

[controls]                      # set on all units before a take
exposure_us = {exposure:<18}# by hand, because automatic ones differ; shorter than the frame
power_line_hz = {power_line:<16}# 50 or 60, of the lamps
# gain = 128                    # what is not named stays as each unit has it; also white_balance_k, brightness,
                                # contrast, saturation, sharpness, backlight_compensation

# [lasers]
# delays = "auto"               # or "fixed": depth_delay_us of each unit
# guard_us = 35                 # clear time between two lasers

# [take]
# folder = "."                  # where takes go
# name = "studio"               # studio-0001, studio-0002 ...; default: the rig's name
# on_fault = "go_on"            # or "stop", "rearm", when a unit is lost or no longer in sync
# isolation = "process"         # each unit in a process of its own, which may crash alone; or "none"
# checksums = true              # SHA-256 of each file, after the take
# pre_roll_s = 1                # time for all units to be told the first pulse
)";

constexpr const char* kUnitKeys =
    R"(# host = "pc2"                  # the computer that it is attached to; default: this one
# areas = ["hall"]              # what it sees and lights: units that share no area do not disturb each other
# depth_mode = "WFOV_2X2BINNED" # a mode of its own; also color_resolution, color_format, imu
)";

/// As TOML writes it.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      result += fmt::format("\\u{:04x}", static_cast<int>(static_cast<unsigned char>(c)));
    else
      result += c;
  }
  return result + "\"";
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string wiring_lines(const Cabling& cabling) {
  if (!cabling.told)
    return "\nwiring = \"chain\"                # or \"star\", \"trigger\". Not all units tell what is in "
           "their jacks, so "
           "put them into\n                                # the order of the cables below, the master "
           "first\n";
  switch (cabling.wiring) {
    case Wiring::chain:
      if (cabling.order_told)
        return "\nwiring = \"chain\"                # by the plugs, with the order of the units\n";
      return "\nwiring = \"chain\"                # by the plugs; they do not tell the order of the units "
             "between "
             "master and end:\n                                # put those into the order of the cables\n";
    case Wiring::star:
      return "\nwiring = \"star\"                 # by the plugs: more than one cable ends\n";
    case Wiring::trigger:
      break;
  }
  return "\nwiring = \"trigger\"              # by the plugs: every unit has one in SYNC IN, so a generator "
         "triggers them\n";
}

/// Of the unit's USB, where it is known.
std::string controller_of(const std::vector<UsbController>& controllers, const std::string& serial) {
  for (const UsbController& controller : controllers)
    if (std::ranges::find(controller.serials, serial) != controller.serials.end()) return controller.name;
  return "";
}

std::string name_of(const UnitFacts& unit, std::size_t number, const std::vector<std::string>& taken) {
  const bool free = std::ranges::find(taken, unit.name) == taken.end();
  return is_file_name(unit.name) && free ? unit.name : fmt::format("unit{}", number);
}

std::string unit_lines(const UnitFacts& unit, const std::string& name, const std::string& controller) {
  std::string text = fmt::format("\n[[unit]]{:24}# {}\nname = {}\nserial = {}\n", "", jack_words(unit.jacks),
                                 quoted(name), quoted(unit.serial));
  if (!controller.empty()) text += fmt::format("controller = {}\n", quoted(controller));
  return text;
}

std::string left_lines(const Cabling::Left& left) {
  const std::string serial = left.unit->serial.empty() ? "no serial number told" : left.unit->serial;
  return fmt::format("\n# Left out: {} ({})\n", one_line(serial), one_line(left.why));
}

/// What the units are set to, where all say the same; else 60 Hz.
int power_line_of(const Cabling& cabling) {
  const auto is_50 = [](const UnitFacts* unit) {
    const auto has = unit->controls.find(ColorControl::powerline_frequency);
    return has != unit->controls.end() && has->second.now.value == 1;
  };
  return std::ranges::all_of(cabling.units, is_50) ? 50 : 60;
}

std::string text_of(const Cabling& cabling, const std::vector<UsbController>& controllers, int rate) {
  const int power_line = power_line_of(cabling);
  std::string text = kHead + wiring_lines(cabling);
  text += fmt::format(
      fmt::runtime(kSettings), fmt::arg("rate", rate),
      fmt::arg("rate_why", rate == 30 ? "" : "; at more, this many units are too much: genlock plan"),
      fmt::arg("exposure", power_line == 50 ? 10'000 : 8330), fmt::arg("power_line", power_line));
  std::vector<std::string> names;
  for (const UnitFacts* unit : cabling.units) {
    names.push_back(name_of(*unit, names.size() + 1, names));
    text += unit_lines(*unit, names.back(), controller_of(controllers, unit->serial));
    if (names.size() == 1) text += kUnitKeys;
  }
  for (const Cabling::Left& left : cabling.left) text += left_lines(left);
  return text;
}

bool plan_holds(const Rig& rig) {
  const auto plan = make_plan(rig);
  return plan && plan->feasible();
}

}  // namespace

Result<RigDraft> draft_rig(device::Provider& provider, const Host& host) {
  const Examined seen = look_at(nullptr, &provider, host);
  if (seen.no_units) return *seen.no_units;
  const Cabling cabling = cabling_of(seen.units);
  if (cabling.units.empty())
    return Error(Errc::not_found,
                 fmt::format("{}: no unit that could be part of a rig; genlock doctor says more",
                             provider.description()));
  RigDraft draft{.units = cabling.units.size(), .left = cabling.left.size(), .holds = false};
  for (const int rate : {30, 15, 5}) {
    draft.text = text_of(cabling, seen.controllers, rate);
    GENLOCK_ASSIGN(const Rig rig, parse_rig(draft.text, "the new rig file"));
    draft.holds = plan_holds(rig);
    if (draft.holds) break;
  }
  return draft;
}

}  // namespace genlock::rig
