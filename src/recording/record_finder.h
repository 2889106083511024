#pragma once

#include "recording/metadata_index.h"
#include "recording/track_cursor.h"

namespace genlock::recording {

/// Finds what the GENLOCK track says of single images, reading as few of its blocks as it takes: those that
/// the cues lead to; in a part without such cues, those in the clusters behind the image. All outlive it.
class RecordFinder {
 public:
  RecordFinder(std::vector<std::unique_ptr<Part>>& parts, ClusterSequence& clusters);

  /// Null where nothing is known. Valid until the next call.
  const FrameRecord* find(std::size_t part, TrackKind track, DeviceTime time);

 private:
  const FrameRecord* find_by_cues(std::size_t part, TrackKind track, DeviceTime time);
  const FrameRecord* find_in(CuedBlocks::Block block, TrackKind track, DeviceTime time);
  void find_by_walking(std::int64_t time_ns);
  bool in_reach(std::int64_t time_ns) const;
  void start_at(std::int64_t time_ns);
  void read_up_to(std::int64_t time_ns);

  std::vector<std::unique_ptr<Part>>& parts_;
  ClusterSequence& clusters_;
  TrackCursor blocks_;
  FrameRecords walked_;
  std::int64_t from_ns_ = kAnyTime;    ///< records of images from here on
  std::int64_t until_ns_ = -kAnyTime;  ///< to here have been walked to
  CuedBlocks::Block cued_;             ///< has the record that was found last
};

}  // namespace genlock::recording
