#pragma once

#include <optional>
#include <span>

#include "base/time.h"
#include "mkv/output.h"

namespace genlock::recording {

/// A place for the index: of a track's first block in a cluster, of its GENLOCK block, or of both.
struct CuePlace {
  DeviceTime time;
  std::uint64_t position = 0;                ///< of the cluster, from the start of the segment's data
  std::uint64_t track = 0;                   ///< number; 0: there is only the GENLOCK block
  std::optional<std::uint64_t> metadata_at;  ///< the GENLOCK block, from the start of the cluster's data
};

/// The Cues element (docs/recording-format.md 3).
void put_cues(mkv::Output& out, std::span<const CuePlace> cues, std::uint64_t metadata_track,
              DeviceTime start_offset);

}  // namespace genlock::recording
