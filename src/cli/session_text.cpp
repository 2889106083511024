#include "cli/session_text.h"

#include <fmt/core.h>

#include "cli/text.h"

namespace genlock::cli {

std::string progress_text(const session::Progress& event) {
  std::string text = fmt::format("{:.1f} s", in_seconds(event.recorded));
  std::uint64_t lost = 0;
  for (const session::StreamCount& s : event.streams) {
    if (s.stream == session::StreamKind::imu) continue;
    text += fmt::format("  {} {}", s.recorded, to_string(s.stream));
    lost += s.missing + s.refused;
  }
  return text + fmt::format("  {} dropped  {}", lost, readable_bytes(event.bytes_on_disk));
}

std::string version_line(const HardwareVersion& v) {
  return fmt::format("{}; C: {}; D: {}[{}.{}]; A: {}", v.build == FirmwareBuild::release ? "Rel" : "Dbg",
                     to_string(v.color), to_string(v.depth), v.depth_sensor.major, v.depth_sensor.minor,
                     to_string(v.audio));
}

std::string opened_text(const session::Opened& event) {
  return fmt::format("unit {}, {}{}", event.serial, version_line(event.version),
                     event.simulated ? "; simulated, this recording shows no real scene" : "");
}

std::string waiting_text(const session::Waiting& event) {
  const std::int64_t waited = whole_seconds(event.waited);
  if (waited == 0 || waited % 10 != 0) return "";
  return fmt::format("waiting for the first capture: {} s, for {} s more", waited,
                     whole_seconds(event.remaining));
}

std::int64_t whole_seconds(HostDuration d) {
  return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

}  // namespace genlock::cli
