#pragma once

#include <filesystem>
#include <functional>

#include "take/frame_sets.h"

// Recordings of a take cut to the frames of some of its sets (docs/frames.md).

namespace genlock::take {

struct TrimOptions {
  std::uint64_t first_set = 0;
  std::optional<std::uint64_t> last_set;  ///< absent: the last
  /// Only frames of complete sets, so that all files have the same number, and those of one number are of one
  /// pulse.
  bool complete_only = false;
  /// Told how many bytes of images are written, of how many; false stops. May be empty.
  std::function<bool(std::uint64_t done, std::uint64_t total)> progress;
};

struct TrimmedUnit {
  std::filesystem::path file;
  std::array<std::uint64_t, kImageTracks> frames{};
  std::uint64_t imu_samples = 0;
  std::vector<std::string> notes;  ///< what of the source could not be carried over
};

struct TrimReport {
  std::int64_t first_pulse = 0, last_pulse = 0;
  std::uint64_t sets = 0;  ///< of which frames were kept
  std::vector<TrimmedUnit> units;
};

/// Writes into the new folder `out` for each unit the recording of the frames of those sets, with stamps and
/// pixels as they are, and of the same time its IMU samples, custom tracks, host times and jacks; also
/// calibration, attachments and tags, and for a take its take.json and rig file. `out` comes into being with
/// everything in it, or not at all. Errc::exists where it is there, Errc::no_space where the disk has no
/// room, Errc::state where `progress` stopped it.
Result<TrimReport> trim(FrameSets& sets, const std::filesystem::path& out, const TrimOptions& options);

}  // namespace genlock::take
