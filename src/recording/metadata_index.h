#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>

#include "mkv/block.h"
#include "mkv/input.h"
#include "recording/metadata.h"

namespace genlock::recording {

/// The records of a block of the GENLOCK track. A block that is damaged gives what comes before the damage,
/// and a problem is noted.
Metadata read_metadata(mkv::Input& input, std::span<const mkv::Extent> frames);

/// Frame records by track and device time.
class FrameRecords {
 public:
  void add(const std::vector<FrameRecord>& records);

  /// Null where there is none.
  const FrameRecord* find(TrackKind track, DeviceTime time) const;

  /// Lets go of the records of frames before `time`.
  void forget_before(DeviceTime time);

 private:
  std::map<std::pair<DeviceTime, TrackKind>, FrameRecord> records_;
};

}  // namespace genlock::recording
