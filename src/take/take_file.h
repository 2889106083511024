#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/camera.h"
#include "base/result.h"
#include "base/time.h"

// take.json: what is known of a take besides its recordings (docs/take.md).

namespace genlock::take {

/// In a take's folder.
inline constexpr std::string_view kTakeFile = "take.json";
inline constexpr std::string_view kRigFile = "rig.toml";  ///< as it was used

/// A file of a unit.
struct RecordedFile {
  std::string name;  ///< in the take's folder
  std::uint64_t bytes = 0;
  std::string sha256;  ///< 64 hexadecimal digits; empty where it was not made
};

/// Frames of one stream, "color", "depth" or "imu".
struct StreamTally {
  std::string stream;
  std::uint64_t recorded = 0;
  std::uint64_t missing = 0;  ///< the unit did not deliver them; of the IMU as holes of 50 ms and more show
  std::uint64_t refused = 0;  ///< came and were lost on the host
};

struct TakenUnit {
  std::string name;
  std::string serial;
  std::string host;  ///< that recorded it; empty where it was not opened
  WiredSyncMode role = WiredSyncMode::standalone;
  /// The first is the unit's part of the take. Further recordings, of a unit that was lost and came back, are
  /// not aligned with the others.
  std::vector<RecordedFile> files;
  std::vector<RecordedFile> unaligned;
  std::vector<StreamTally> streams;
  std::string end;    ///< session::to_string(EndReason); empty while it records
  std::string error;  ///< why it failed
};

struct Marker {
  std::int64_t pulse = 0;
  WallTime utc;
  std::string text;
};

/// Something that was noticed while the take ran.
struct Incident {
  std::optional<std::size_t> unit;
  std::optional<std::int64_t> pulse;
  WallTime utc;
  std::string severity;  ///< sync::to_string(Severity)
  std::string text;
};

/// Pulses are counted from the one at which the units' clocks were set to zero.
struct Take {
  static constexpr int kVersion = 1;

  std::string name;
  std::string rig;
  /// False while it is recorded; stays so where the recorder was killed.
  bool ended = false;
  bool forced = false;  ///< recorded although doctor found errors
  WallTime started, stopped;
  FrameRate rate = FrameRate::fps30;
  std::optional<std::int64_t> first_pulse, last_pulse;  ///< that every unit was to record; once known
  std::vector<TakenUnit> units;                         ///< in the order of the rig
  std::vector<Marker> markers;
  std::vector<Incident> incidents;
  std::string advice;  ///< "KEEP", "KEEP, but look at ..." or "RETAKE: why"; empty until it ended
  bool kept() const { return advice.starts_with("KEEP"); }
};

/// Whether there is a take.json in this folder.
bool is_take(const std::filesystem::path& folder);

/// Errc::not_found, or Errc::corrupt with what is wrong where.
Result<Take> load_take(const std::filesystem::path& folder);

/// In one step: a reader, or a power cut, finds the old one or the new one.
Status save_take(const std::filesystem::path& folder, const Take& take);

/// As the file has it.
std::string take_json(const Take& take);
Result<Take> parse_take(std::string_view json, const std::string& name);

}  // namespace genlock::take
