#include "device/sim/open_checks.h"

namespace genlock::device::sim {
namespace {

/// The versions that a part must have, and should have (facts device.md 3).
struct Part {
  std::string_view name;
  Version has, least, suggested;
};

Status check_part(const Part& part, const UnitLog& log) {
  if (part.has < part.least) {
    log.say(LogLevel::error, "{} firmware {} is below the minimum {}", part.name, to_string(part.has),
            to_string(part.least));
    return Error(Errc::unsupported,
                 fmt::format("{} firmware {} is too old, {} is the least that works; update it", part.name,
                             to_string(part.has), to_string(part.least)));
  }
  if (part.has < part.suggested)
    log.say(LogLevel::warning, "{} firmware {} works, {} or later is suggested", part.name,
            to_string(part.has), to_string(part.suggested));
  return {};
}

}  // namespace

Status check_firmware(const UnitConfig& unit, const UnitLog& log) {
  const Part parts[] = {{"colour", unit.version.color, {1, 5, 92}, {1, 6, 110}},
                        {"depth", unit.version.depth, {1, 5, 66}, {1, 6, 79}},
                        {"audio", unit.version.audio, {1, 5, 14}, {1, 6, 14}},
                        {"depth sensor", unit.version.depth_sensor, {5006, 27, 0}, {6109, 7, 0}}};
  for (const Part& part : parts) GENLOCK_TRY(check_part(part, log));
  return {};
}

void say_no_access(const UnitLog& log) {
  log.say(LogLevel::error, "opening the USB device failed: LIBUSB_ERROR_ACCESS");
  log.say(LogLevel::critical, "no unit is usable; does another application have it?");
}

Status check_open(const UnitState& unit, const UnitLog& log) {
  if (!unit.plugged) return Error(Errc::not_found, "it is not plugged in");
  if (unit.fault(FaultKind::usb2).on)
    return Error(Errc::not_found, "it is on USB 2 only and cannot be used: try another cable or port");
  if (unit.fault(FaultKind::permission).on) {
    say_no_access(log);
    return Error(Errc::io,
                 "no permission to open it (LIBUSB_ERROR_ACCESS): install the udev rules and replug it");
  }
  if (unit.fault(FaultKind::busy).on) {
    say_no_access(log);
    return Error(Errc::busy, "another program has it open (LIBUSB_ERROR_ACCESS); end that program");
  }
  if (unit.open_refused) return Error(Errc::io, "it refuses to open (a fault set on the bench)");
  if (unit.fault(FaultKind::suspend).on) {
    log.say(LogLevel::error, "reading the versions failed: LIBUSB_ERROR_TIMEOUT");
    return Error(Errc::io, "it does not answer since the host slept: unplug it and plug it in again");
  }
  if (unit.fault(FaultKind::brown_out).on) {
    log.say(LogLevel::error, "opening the depth device failed: LIBUSB_ERROR_NO_DEVICE");
    return Error(Errc::io, "its depth side is gone: it has too little power; use its power supply");
  }
  return {};
}

Result<HostDuration> boot_wait(const UnitState& unit, const UnitLog& log) {
  constexpr std::int32_t kPollMs = 500, kMostPolls = 20;
  const FaultState& boot = unit.fault(FaultKind::slow_boot);
  if (!boot.on) return HostDuration::zero();
  const std::int32_t polls = (boot.knob + kPollMs - 1) / kPollMs;
  log.say(LogLevel::info, "the unit is still booting; its versions are asked for every {} ms", kPollMs);
  if (polls > kMostPolls) {
    log.say(LogLevel::error, "the unit did not tell its versions within {} ms", kPollMs * kMostPolls);
    return Error(Errc::io, fmt::format("it was still booting after {} s; try again later, or replug it",
                                       kPollMs * kMostPolls / 1000));
  }
  return HostDuration(std::chrono::milliseconds(polls * kPollMs));
}

}  // namespace genlock::device::sim
