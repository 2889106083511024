#include "device/k4a/diagnosis.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "device/notices.h"

namespace genlock::device::k4a {
namespace {

struct Rule {
  std::array<std::string_view, 2> words;  ///< in lower case; the message has both (an empty one always)
  Errc code;
  Gravity gravity;
  std::string_view text;
};

constexpr std::string_view kEngineMissing =
    "the depth engine (libdepthengine.so.2.0) is missing: install it beside libk4a, or switch depth off";
constexpr std::string_view kNoOpengl =
    "the depth engine got no OpenGL 4.4 context: install the driver of the graphics card, or switch depth "
    "off";
constexpr std::string_view kUsbMemory =
    "the system refused memory for USB transfers: raise usbcore.usbfs_memory_mb (docs/setup.md) and start "
    "again";
constexpr std::string_view kGone =
    "the unit is no longer on the USB bus: check its cable and power, reconnect it and open it again";
constexpr std::string_view kTransferFailed =
    "a USB transfer failed, which the library does not repeat: start the unit again; check cable and port";

/// The first that fits wins, so what names a cause stands before what only names a symptom.
constexpr Rule kRules[] = {
    {{"another program has it open", ""}, Errc::busy, Gravity::call, "another program has the unit open"},
    {{"it is open already", ""}, Errc::busy, Gravity::call, "another program has the unit open"},
    {{"depthengine", "cannot open"}, Errc::unsupported, Gravity::call, kEngineMissing},
    {{"depth engine", "load"}, Errc::unsupported, Gravity::call, kEngineMissing},
    {{"libdepthengine", ""}, Errc::unsupported, Gravity::call, kEngineMissing},
    {{"opengl 4.4", ""}, Errc::unsupported, Gravity::call, kNoOpengl},
    {{"engine", "code: 207"}, Errc::unsupported, Gravity::call, kNoOpengl},
    {{"engine", "code 207"}, Errc::unsupported, Gravity::call, kNoOpengl},
    {{"engine", "code: 204"},
     Errc::unsupported,
     Gravity::call,
     "the depth engine found no display (code 204): it needs an X server on a graphics card even without a "
     "window; set DISPLAY, or switch depth off"},
    {{"engine", "code 204"},
     Errc::unsupported,
     Gravity::call,
     "the depth engine found no display (code 204): it needs an X server on a graphics card even without a "
     "window; set DISPLAY, or switch depth off"},
    {{"engine create", "failed"},
     Errc::unsupported,
     Gravity::call,
     "the depth engine did not start: look at the graphics card's driver, or switch depth off"},
    {{"engine process frame failed", "code: 106"}, Errc::io, Gravity::warning, kEngineDropsFrames},
    {{"engine process frame failed", "code: 208"}, Errc::io, Gravity::warning, kEngineDropsFrames},
    {{"engine failed on a frame", "code 106"}, Errc::io, Gravity::warning, kEngineDropsFrames},
    {{"engine failed on a frame", "code 208"}, Errc::io, Gravity::warning, kEngineDropsFrames},
    {{"engine process frame failed", ""},
     Errc::io,
     Gravity::stream,
     "the depth engine gave up on a frame: start this program again"},
    {{"is not current enough", ""},
     Errc::unsupported,
     Gravity::call,
     "the unit's firmware is too old for this library: update it"},
    {{"below the minimum", ""},
     Errc::unsupported,
     Gravity::call,
     "the unit's firmware is too old for this library: update it"},
    {{"cmd_status", "63"},
     Errc::io,
     Gravity::call,
     "the unit could not start a camera, mostly for lack of USB bandwidth: use smaller modes, fewer units on "
     "this controller, or another port"},
    {{"libusb_error_no_device", ""}, Errc::disconnected, Gravity::stream, kGone},
    {{"libusb_error_no_mem", ""}, Errc::io, Gravity::stream, kUsbMemory},
    {{"errno 12", "refused"}, Errc::io, Gravity::stream, kUsbMemory},
    {{"no libusb transfers", ""}, Errc::io, Gravity::stream, kUsbMemory},
    {{"transfer status", "unexpected"}, Errc::io, Gravity::stream, kTransferFailed},
    {{"depth transfer failed", ""}, Errc::io, Gravity::stream, kTransferFailed},
    {{"color transfer failed", ""}, Errc::io, Gravity::stream, kTransferFailed},
    {{"imu transfer failed", ""}, Errc::io, Gravity::stream, kTransferFailed},
    {{"libusb_error_access", ""},
     Errc::io,
     Gravity::call,
     "no access to the USB device: install the udev rules and replug the unit (docs/hardware.md), or end the "
     "program that has it open"},
    {{"libusb_error_busy", ""}, Errc::busy, Gravity::call, "another program has the unit open"},
    {{"another application", ""},
     Errc::busy,
     Gravity::call,
     "another program has the unit open, or this one may not use its USB device (docs/hardware.md)"},
    {{"libusb_error_pipe", ""},
     Errc::io,
     Gravity::call,
     "the unit refused a command over USB: unplug it and plug it in again"},
    {{"libusb_error_timeout", ""},
     Errc::io,
     Gravity::call,
     "the unit did not answer in time: unplug it and plug it in again"},
    {{"transfers submitted", "less than optimal"},
     Errc::io,
     Gravity::warning,
     "the system gave less memory for USB transfers than the library wants, so frames may get lost: raise "
     "usbcore.usbfs_memory_mb (docs/setup.md)"},
    {{"processing is too slow", ""}, Errc::io, Gravity::warning, kEngineTooSlow},
    {{"consider upgrading", ""}, Errc::io, Gravity::warning, "newer firmware is suggested for the unit"},
    {{"depth engine thread failed to start", ""},
     Errc::unsupported,
     Gravity::call,
     "the depth engine did not start: libdepthengine.so.2.0 must be beside libk4a and find an X server on a "
     "graphics card (set DISPLAY; docs/hardware.md), or switch depth off"},
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

const Rule* rule_of(const Message& message) {
  const std::string text = lower(message.text);
  const auto* rule = std::ranges::find_if(kRules, [&text](const Rule& r) {
    return std::ranges::all_of(r.words, [&](std::string_view word) { return text.find(word) != text.npos; });
  });
  return rule == std::end(kRules) ? nullptr : rule;
}

Diagnosis diagnosis(const Rule& rule, const Message& message) {
  return {rule.code, rule.gravity, rule.text,
          fmt::format("{} (the library: \"{}\")", rule.text, message.text)};
}

}  // namespace

std::optional<Diagnosis> diagnose(std::span<const Message> messages) {
  const Rule* best = nullptr;
  const Message* of = nullptr;
  for (const Message& message : messages) {
    const Rule* rule = rule_of(message);
    if (rule == nullptr || rule->gravity == Gravity::warning || (best != nullptr && rule >= best)) continue;
    best = rule;
    of = &message;
  }
  return best == nullptr ? std::nullopt : std::optional(diagnosis(*best, *of));
}

std::optional<Diagnosis> diagnose(std::span<const Message> messages, Gravity gravity) {
  for (const Message& message : messages)
    if (const Rule* rule = rule_of(message); rule != nullptr && rule->gravity == gravity)
      return diagnosis(*rule, message);
  return std::nullopt;
}

bool is_of_depth_engine(const Message& message) {
  const Rule* rule = rule_of(message);
  return rule != nullptr && (rule->text == kEngineMissing || rule->text == kNoOpengl);
}

Error explain(std::span<const Message> messages, Errc code, const std::string& doing) {
  if (const auto known = diagnose(messages)) return Error(known->code, doing + " failed: " + known->text);
  const auto said =
      std::ranges::find_if(messages, [](const Message& m) { return m.level <= LogLevel::error; });
  if (said == messages.end())
    return Error(code, doing +
                           " failed, and the library did not say why; K4A_LOG_LEVEL=i and "
                           "K4A_ENABLE_LOG_TO_A_FILE=k4a.log make it tell more");
  return Error(code, fmt::format("{} failed: the library said \"{}\"", doing, said->text));
}

}  // namespace genlock::device::k4a
