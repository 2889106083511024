#pragma once

#include <cstdint>
#include <string>

#include "sync/report.h"

// What is said of one stream by itself, of a take that goes on and of one that is over.

namespace genlock::sync {

/// A stream of a unit.
struct LineName {
  const UnitDescription* unit = nullptr;
  std::size_t index = 0;  ///< of the unit
  Stream stream = Stream::color;

  std::string text() const;  ///< "front color"
};

/// The first of the frames concerned, and how many there are.
struct Occurrence {
  DeviceTime at;
  std::int64_t pulse = 0;
  std::uint64_t count = 1;
};

Finding missing_finding(const LineName& line, const Gap& first, std::uint64_t frames);
Finding duplicate_finding(const LineName& line, const Occurrence& found);
Finding off_pulse_finding(const LineName& line, const Occurrence& found);
Finding clock_jump_finding(const LineName& line, const Occurrence& found);
Finding impossible_finding(const UnitDescription& unit, std::size_t index, std::uint64_t frames);

enum class OutlierKind { few, many, dense };
/// `all` frames of the stream; of the dense kind, `found` begins where they are that.
Finding outlier_finding(const LineName& line, const Occurrence& found, std::uint64_t all, OutlierKind kind);

/// A plug was pulled.
enum class SyncJack : std::uint8_t { in, out };
/// `unit` gets its pulses through `before`, which lost a plug; its own jacks show nothing of that.
Finding hangs_behind_finding(const UnitDescription& unit, std::size_t index, const UnitDescription& before,
                             SyncJack jack, DeviceTime from, std::optional<DeviceTime> until);
Finding sync_in_pulled_finding(const UnitDescription& unit, std::size_t index, DeviceTime from,
                               std::optional<DeviceTime> until);
Finding sync_out_pulled_finding(const UnitDescription& unit, std::size_t index, DeviceTime from,
                                std::optional<DeviceTime> until);

/// "12.345 s"
std::string in_seconds(DeviceTime t);

}  // namespace genlock::sync
