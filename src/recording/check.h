#pragma once

#include <functional>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "recording/findings.h"

namespace genlock::recording {

/// Told how far a long piece of work has come, in bytes of the file; false stops it.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

struct CheckOptions {
  /// Compares the CRC-32 of every cluster, which reads the whole file.
  bool checksums = true;
  Progress progress;  ///< may be empty
};

/// What a file holds of one of its tracks.
struct TrackContent {
  std::string name;
  bool video = false;  ///< its frames are images; else samples or data
  std::uint64_t blocks = 0;
  std::uint64_t frames = 0;  ///< images, samples or data: blocks may lace several
};

struct CheckReport {
  Findings findings;
  std::uint64_t file_bytes = 0;
  std::uint64_t clusters = 0;
  std::uint64_t clusters_changed = 0;  ///< whole, but for bytes that their CRC-32 says are not what they were
  /// By track number; without the GENLOCK track, which only tells of the others.
  std::map<std::uint64_t, TrackContent> tracks;
  /// Why the stock reader (libk4arecord) will not open the file, or will find no frames in it; nothing where
  /// it reads all of it (facts: docs/recording-format.md 5).
  std::optional<std::string> stock_refuses;

  bool sound() const { return findings.faults() == 0; }
};

/// Says what is wrong with a file, without changing it. Errc::corrupt where it is no Matroska file with
/// tracks, Errc::state where `progress` stopped it.
Result<CheckReport> check_recording(const ByteSource& source, const CheckOptions& options = {});

}  // namespace genlock::recording
