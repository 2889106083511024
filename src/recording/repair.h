#pragma once

#include "base/time.h"
#include "recording/check.h"

namespace genlock::recording {

struct RepairOptions {
  Progress progress;  ///< may be empty; the work in bytes is more than those of the file
};

/// What repairing did, and what could not be had back.
struct RepairReport {
  /// Of one track. Frames lost are known where the track has a frame period and goes on behind the damage, or
  /// where a torn block still tells its track.
  struct Track {
    std::string name;
    bool video = false;  ///< its frames are images; else samples or data
    std::uint64_t kept = 0;
    std::uint64_t lost = 0;
  };

  CheckReport before;
  bool changed = false;              ///< false: the file was sound
  std::vector<std::string> rebuilt;  ///< elements that were missing or wrong
  std::vector<std::string> notes;    ///< what could not be found out, in sentences
  std::uint64_t bytes_lost = 0;
  std::uint64_t clusters_kept = 0;
  std::uint64_t clusters_salvaged = 0;  ///< their whole blocks; without a CRC-32, because nothing proves them
  std::uint64_t clusters_lost = 0;
  DeviceDuration time_lost{};             ///< without any data, where damage was
  DeviceDuration time_cut{};              ///< missing at the end of a file that was cut, by its Duration
  std::map<std::uint64_t, Track> tracks;  ///< by track number; without the GENLOCK track
  std::uint64_t file_bytes = 0;           ///< afterwards

  bool lost_anything() const {
    return bytes_lost > 0 || clusters_salvaged > 0 || clusters_lost > 0 || time_cut > DeviceDuration{};
  }
};

/// Writes what is intact in a damaged or unfinished recording, Genlock's or the stock recorder's, to `out` as
/// a complete one: with SeekHead, Info, Duration, start offset, Tags, Cues and the index. Other elements keep
/// their bytes. A sound file is copied. `out` is empty; after an error it is to be thrown away. Errc::corrupt
/// where nothing is left, Errc::no_space before anything is written, Errc::state where `progress` stopped it.
Result<RepairReport> repair_into(const ByteSource& in, ByteSink& out, const RepairOptions& options = {});

/// The same within the file, of which `file` reads and `same_file` writes. Only room that the file has is
/// used, and its end; every step leaves it at least as readable as before, also if it is the last one.
/// Errc::unsupported, with nothing changed, where the room is not enough. `progress` can stop it only before
/// the first change.
Result<RepairReport> repair_in_place(const ByteSource& file, ByteSink& same_file,
                                     const RepairOptions& options = {});

}  // namespace genlock::recording
