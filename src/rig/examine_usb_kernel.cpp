#include <fmt/format.h>

#include <algorithm>

#include "rig/examined.h"
#include "rig/kernel_log.h"
#include "rig/sys_files.h"

// What the kernel does with the units' USB devices, and says of them (facts device.md 7).

namespace genlock::rig {
namespace {

/// Older trouble may have been mended.
constexpr auto kRecent = std::chrono::hours(1);

/// Disconnects, resets, failed transfers, a bus without room: words of the kernel's USB messages, and error
/// numbers of transfers (-28 ENOSPC, -71 EPROTO, -110 ETIMEDOUT).
constexpr std::string_view kTrouble[] = {
    "disconnect",          "reset",          "error", "ERROR", "bandwidth", "over-current", "cannot enable",
    "unable to enumerate", "not responding", "died",  "halt",  "-28",       "-71",          "-110"};

bool is_trouble(const std::string& text) {
  return std::ranges::any_of(kTrouble, [&](std::string_view word) { return text.find(word) != text.npos; });
}

/// "usb 2-1: ...", of its devices "usb 2-1.1: ...", of the port itself "usb 2-1-port1: ..."
bool is_of_port(const std::string& text, const std::string& port) {
  const std::string start = "usb " + port;
  return text.starts_with(start) && text.size() > start.size() &&
         std::string_view(":.-").find(text[start.size()]) != std::string_view::npos;
}

std::string ago(HostDuration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return seconds < 120 ? fmt::format("{} s ago", seconds) : fmt::format("{} min ago", seconds / 60);
}

/// A warning where the kernel had trouble with what `is_about` tells.
template <class IsAbout>
void look_for_trouble(const std::vector<KernelMessage>& log, HostTime now, std::vector<std::string> units,
                      const IsAbout& is_about, Checks& checks) {
  const KernelMessage* last = nullptr;
  std::size_t count = 0;
  for (const KernelMessage& message : log) {
    if (now - message.at > kRecent || !is_about(message.text) || !is_trouble(message.text)) continue;
    last = &message;
    ++count;
  }
  if (count == 0) return;
  checks.push_back(
      {"kernel_log", Outcome::warning, std::move(units),
       fmt::format("the kernel tells of trouble, {} in the last hour, at last {}: {}",
                   count == 1 ? "once" : fmt::format("{} times", count), ago(now - last->at), last->text),
       "try another cable and another port (sudo dmesg shows all), and look again after an hour"});
}

/// Whether the kernel puts a device to sleep when nobody uses it for a while; nothing where it does not tell.
std::optional<bool> is_suspended_when_idle(const std::filesystem::path& device) {
  const std::string control = first_line(device / "power/control");
  if (control.empty()) return std::nullopt;
  const bool never = number_in(device / "power/autosuspend_delay_ms").value_or(0) < 0;
  return control == "auto" && !never;
}

}  // namespace

Checks check_usb_suspend(const Examined& seen) {
  Checks checks;
  bool told = false;
  for (const UsbUnit& unit : seen.bus.units)
    for (const std::string& camera : unit.cameras) {
      const auto device = std::filesystem::path("sys/bus/usb/devices") / camera;
      const auto suspended = is_suspended_when_idle(seen.host->root / device);
      told = told || suspended;
      if (!suspended.value_or(false)) continue;
      checks.push_back({"usb_suspend",
                        Outcome::warning,
                        {called(seen, unit)},
                        fmt::format("the kernel puts its camera at {} to sleep when it is idle", camera),
                        fmt::format("echo on | sudo tee /{}/power/control", device.string())});
    }
  if (!checks.empty() || seen.bus.units.empty()) return checks;
  if (told) return {{"usb_suspend", Outcome::ok, {}, "the kernel keeps the units' cameras awake", ""}};
  return {{"usb_suspend",
           Outcome::unknown,
           {},
           "/sys does not tell whether the kernel puts the units' cameras to sleep",
           "look at power/control of their devices in /sys/bus/usb/devices: it should be on"}};
}

Checks check_kernel_log(const Examined& seen) {
  if (seen.bus.units.empty()) return {};
  const auto log = read_kernel_log(seen.host->root);
  if (!log)
    return {{"kernel_log",
             Outcome::unknown,
             {},
             log.error().message(),
             "run genlock doctor as root, or look for the units' ports in the output of sudo dmesg"}};
  Checks checks;
  const HostTime now = seen.host->now();
  for (const UsbUnit& unit : seen.bus.units)
    look_for_trouble(
        *log, now, {called(seen, unit)}, [&](const std::string& text) { return is_of_port(text, unit.port); },
        checks);
  for (const UsbHostChip& chip : seen.bus.chips)
    look_for_trouble(
        *log, now, {},
        [&](const std::string& text) { return text.starts_with("xhci_hcd " + chip.controller + ":"); },
        checks);
  if (!checks.empty()) return checks;
  return {{"kernel_log", Outcome::ok, {}, "the kernel had no trouble with the units in the last hour", ""}};
}

}  // namespace genlock::rig
