#pragma once

#include <string>

#include "session/event.h"

// What a session tells, in words, for consoles of several units.

namespace genlock::cli {

/// Recorded time after which progress is worth another line that stays.
inline constexpr DeviceDuration kProgressEvery = device_us(10'000'000);

/// "12.3 s  369 color  369 depth  0 dropped  98.1 MB"
std::string progress_text(const session::Progress& event);

/// "Rel; C: 1.6.110; D: 1.6.79[6109.7]; A: 1.6.14"
std::string version_line(const HardwareVersion& version);

/// Which unit it is, and that it is simulated.
std::string opened_text(const session::Opened& event);

/// Every ten seconds; empty in between.
std::string waiting_text(const session::Waiting& event);

std::int64_t whole_seconds(HostDuration d);

}  // namespace genlock::cli
