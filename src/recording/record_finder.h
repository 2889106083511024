#pragma once

#include "recording/metadata_index.h"
#include "recording/track_cursor.h"

namespace genlock::recording {

/// Finds what the GENLOCK track says of single images, reading as few of its blocks as it takes. All outlive
/// it.
class RecordFinder {
 public:
  RecordFinder(std::vector<std::unique_ptr<Part>>& parts, ClusterSequence& clusters);

  /// Null where nothing is known. Valid until the next call.
  const FrameRecord* find(TrackKind track, DeviceTime time);

 private:
  bool in_reach(std::int64_t time_ns) const;
  void start_at(std::int64_t time_ns);
  void read_up_to(std::int64_t time_ns);

  std::vector<std::unique_ptr<Part>>& parts_;
  ClusterSequence& clusters_;
  bool any_ = false;  ///< there is such a track
  TrackCursor blocks_;
  FrameRecords records_;
  std::int64_t from_ns_ = kAnyTime;    ///< records of images from here on
  std::int64_t until_ns_ = -kAnyTime;  ///< to here have been read
};

}  // namespace genlock::recording
