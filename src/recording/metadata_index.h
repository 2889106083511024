#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>

#include "mkv/block.h"
#include "recording/cue_list.h"
#include "recording/metadata.h"

namespace genlock::recording {

/// The records of a block of the GENLOCK track. A block that is damaged gives what comes before the damage,
/// and a problem is noted.
Metadata read_metadata(mkv::Input& input, std::span<const mkv::Extent> frames);

/// A GENLOCK block that a cue leads to.
struct CuedMetadata {
  mkv::FoundElement cluster;
  std::uint64_t block_end = 0;
  Metadata metadata;
};

/// Nothing where the cue is wrong, or the block reaches beyond `limit`. `track` is the number of the GENLOCK
/// track.
std::optional<CuedMetadata> read_cued_metadata(mkv::Input& input, std::uint64_t track, const Cue& cue,
                                               std::uint64_t limit);

/// Frame records by track and device time.
class FrameRecords {
 public:
  void add(const std::vector<FrameRecord>& records);

  /// Null where there is none.
  const FrameRecord* find(TrackKind track, DeviceTime time) const;

  /// Lets go of the records of frames before `time`.
  void forget_before(DeviceTime time);

  void clear() { records_.clear(); }

 private:
  std::map<std::pair<DeviceTime, TrackKind>, FrameRecord> records_;
};

}  // namespace genlock::recording
