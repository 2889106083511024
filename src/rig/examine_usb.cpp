#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>

#include "device/data_rates.h"
#include "device/usb_transfers.h"
#include "rig/examined.h"
#include "rig/sys_files.h"

// Facts device.md 3 and 7.

namespace genlock::rig {
namespace {

constexpr std::uint64_t kMib = std::uint64_t{1} << 20;
/// For each unit, which is ample whatever the sizes of its packets (facts device.md 7).
constexpr int kAmpleMib = 64;
constexpr int kSuperSpeed = 5000;  ///< Mb/s

/// What a unit will be asked for: the usual modes where no rig says.
CameraConfig wanted(const Subject& subject) {
  if (subject.planned != nullptr) return subject.planned->camera;
  return {.color_resolution = ColorResolution::r1080p, .depth_mode = DepthMode::nfov_unbinned};
}

std::vector<const Subject*> subjects_on(const Examined& seen, const UsbController& controller) {
  std::vector<const Subject*> on;
  for (const Subject& subject : seen.subjects)
    if (std::ranges::find(controller.serials, subject.serial) != controller.serials.end())
      on.push_back(&subject);
  return on;
}

std::vector<std::string> names(const std::vector<const Subject*>& subjects) {
  std::vector<std::string> result;
  for (const Subject* subject : subjects) result.push_back(subject->name);
  return result;
}

Check link_problem(const Examined& seen, const UsbUnit& unit, std::string text, std::string remedy) {
  return {"usb_link", Outcome::error, {called(seen, unit)}, std::move(text), std::move(remedy)};
}

void check_link(const Examined& seen, const UsbUnit& unit, Checks& checks) {
  if (!unit.has_depth)
    checks.push_back(link_problem(seen, unit, "its depth camera is not on the bus: it has too little power",
                                  "use its power supply, and plug its data cable in again"));
  if (!unit.has_color)
    checks.push_back(link_problem(seen, unit, "its colour camera is not on the bus", "plug it in again"));
  if (unit.mbit_per_s != 0 && unit.mbit_per_s < kSuperSpeed)
    checks.push_back(link_problem(seen, unit, fmt::format("it is linked with {} Mb/s only", unit.mbit_per_s),
                                  "use a USB 3 port and the cable that came with it"));
  if (unit.hubs() > 0)
    checks.push_back({"usb_link",
                      Outcome::warning,
                      {called(seen, unit)},
                      fmt::format("it is behind a hub (port {})", unit.port),
                      "plug it into the computer itself: units behind hubs lose frames"});
}

/// Memory in MiB for the transfers of the subjects, rounded up.
std::uint64_t needed_mib(const std::vector<const Subject*>& subjects) {
  std::uint64_t bytes = 0;
  for (const Subject* subject : subjects) bytes += device::wanted_transfers(wanted(*subject)).bytes;
  return (bytes + kMib - 1) / kMib;
}

/// `of` says whose memory it is, where that is not this host's.
Check judge_memory(const std::vector<const Subject*>& subjects, int limit, const std::string& of) {
  const std::uint64_t needed = needed_mib(subjects);
  const auto ample = static_cast<int>(subjects.size()) * kAmpleMib;
  if (limit == 0)
    return {"usb_memory", Outcome::ok, names(subjects), fmt::format("USB memory{} is not limited", of), ""};
  const std::string has = fmt::format("USB memory{} is {} MiB, and {} need {} or more", of, limit,
                                      subjects.size() == 1 ? "the unit may" : "the units", needed);
  const std::string raise =
      fmt::format("echo {} | sudo tee /sys/module/usbcore/parameters/usbfs_memory_mb; docs/setup.md",
                  std::max(ample, 1000));
  if (static_cast<std::uint64_t>(limit) < needed)
    return {"usb_memory", Outcome::error, names(subjects), has, raise};
  if (limit < ample)
    return {"usb_memory", Outcome::warning, names(subjects), fmt::format("{}; {} is ample", has, ample),
            raise};
  return {"usb_memory", Outcome::ok, names(subjects), has, ""};
}

/// One limit for all controllers of a real host.
Checks check_system_memory(const Examined& seen) {
  std::vector<const Subject*> here;
  for (const Subject& subject : seen.subjects)
    if (!subject.elsewhere && subject.facts != nullptr) here.push_back(&subject);
  const auto file = seen.host->root / "sys/module/usbcore/parameters/usbfs_memory_mb";
  if (const auto limit = number_in(file)) return {judge_memory(here, *limit, "")};
  return {{"usb_memory", Outcome::unknown, names(here), fmt::format("{} cannot be read", file.string()),
           "run genlock doctor outside of the container, or with --root where /sys of the host is mounted"}};
}

bool is_simulated(const Examined& seen, const UsbController& controller) {
  const auto on_bus = [&](const UsbUnit& unit) { return unit.controller == controller.name; };
  return std::ranges::none_of(seen.bus.units, on_bus);
}

Check judge_bandwidth(const UsbController& controller, const std::vector<const Subject*>& on) {
  double load = 0;
  for (const Subject* subject : on) load += device::usb_rate(wanted(*subject)).total();
  const std::string text = fmt::format("{:.0f} MB/s on USB of {}, which carries about {:.0f}", load,
                                       controller.name, controller.mb_per_s);
  if (load > controller.mb_per_s)
    return {"usb_bandwidth", Outcome::error, names(on), text,
            "move units to another controller, or use fewer or slower modes"};
  if (on.size() > 1)
    return {"usb_bandwidth", Outcome::warning, names(on), text, "one controller for each unit is safer"};
  return {"usb_bandwidth", Outcome::ok, names(on), text, ""};
}

std::optional<Check> judge_chip(const UsbHostChip& chip) {
  const auto is = [&](std::string_view vendor) { return chip.vendor == vendor; };
  const auto about = [&](Outcome outcome, std::string text, std::string remedy) {
    return Check{"usb_chip", outcome, {}, fmt::format("{} {}", chip.controller, text), std::move(remedy)};
  };
  if (is("0x1b21") || is("0x1b73"))
    return about(Outcome::warning,
                 is("0x1b21") ? "is of ASMedia, which loses colour" : "is of Fresco, which loses colour",
                 "use ports of another controller: Intel's and TI's work");
  if (is("0x8086") || is("0x104c") || is("0x1912"))
    return about(Outcome::ok, "is of a maker whose controllers work", "");
  if (chip.vendor.empty()) return std::nullopt;
  return about(Outcome::unknown, fmt::format("is of maker {}, of which nobody has reported", chip.vendor),
               "watch for lost colour frames in a rehearsal");
}

Check no_node(const UsbUnit& unit, const std::string& name, const std::filesystem::path& node) {
  return {"usb_permission",
          Outcome::error,
          {name},
          fmt::format("{} is not there although port {} has the unit", node.string(), unit.port),
          "pass /dev/bus/usb into the container"};
}

}  // namespace

Checks check_usb_links(const Examined& seen) {
  Checks checks;
  for (const UsbUnit& unit : seen.bus.units) check_link(seen, unit, checks);
  for (const std::string& port : seen.bus.slow_ports)
    checks.push_back({"usb_link",
                      Outcome::error,
                      {},
                      fmt::format("the unit at port {} is on USB 2 only", port),
                      "use a USB 3 port and the cable that came with it"});
  if (checks.empty() && !seen.bus.units.empty())
    checks.push_back(
        {"usb_link",
         Outcome::ok,
         {},
         fmt::format("all cameras of {} units are there, at 5 Gb/s or more", seen.bus.units.size()),
         ""});
  return checks;
}

Checks check_usb_permission(const Examined& seen) {
  Checks checks;
  for (const UsbUnit& unit : seen.bus.units)
    for (const auto& relative : unit.nodes) {
      const std::filesystem::path node = seen.host->root / relative;
      if (::access(node.c_str(), F_OK) != 0)
        checks.push_back(no_node(unit, called(seen, unit), node));
      else if (::access(node.c_str(), R_OK | W_OK) != 0)
        checks.push_back(
            {"usb_permission",
             Outcome::error,
             {called(seen, unit)},
             fmt::format("you may not write to {}", node.string()),
             "install the maker's udev rules, then unplug the unit and plug it in again (docs/hardware.md)"});
    }
  if (checks.empty() && !seen.bus.units.empty())
    checks.push_back({"usb_permission", Outcome::ok, {}, "the units' USB devices can be written to", ""});
  return checks;
}

Checks check_usb_memory(const Examined& seen) {
  Checks checks;
  if (seen.has_real_units()) checks = check_system_memory(seen);
  for (const UsbController& controller : seen.controllers) {
    const auto on = subjects_on(seen, controller);
    if (is_simulated(seen, controller) && !on.empty())
      checks.push_back(judge_memory(on, controller.memory_mib, " of bench host " + controller.name));
  }
  return checks;
}

Checks check_usb_controllers(const Examined& seen) {
  Checks checks;
  for (const UsbController& controller : seen.controllers)
    if (const auto on = subjects_on(seen, controller); !on.empty())
      checks.push_back(judge_bandwidth(controller, on));
  for (const UsbHostChip& chip : seen.bus.chips)
    if (auto judged = judge_chip(chip)) checks.push_back(*std::move(judged));
  return checks;
}

Checks check_usb_places(const Examined& seen) {
  Checks checks;
  for (const Subject& subject : seen.subjects) {
    if (subject.planned == nullptr || subject.planned->controller.empty()) continue;
    const auto at = std::ranges::find(seen.bus.units, subject.serial, &UsbUnit::serial);
    if (at == seen.bus.units.end() || at->controller == subject.planned->controller) continue;
    checks.push_back({"usb_place",
                      Outcome::warning,
                      {subject.name},
                      fmt::format("it is on controller {}, and the rig file says {}", at->controller,
                                  subject.planned->controller),
                      "plug it in where the rig file has it, or correct controller there"});
  }
  return checks;
}

}  // namespace genlock::rig
