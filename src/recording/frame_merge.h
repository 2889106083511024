#pragma once

#include <array>
#include <optional>

#include "recording/track_cursor.h"

namespace genlock::recording {

/// An image where it lies in the file.
struct FramePlace {
  TrackKind track = TrackKind::color;
  std::size_t part = 0;
  std::int64_t time_ns = 0;  ///< on the unit's clock
  std::int64_t sync_ns = 0;  ///< plus the track's delay: what captures are grouped by
  mkv::Extent pixels;
};

/// The images of colour, depth and IR in the order of their sync time: a position between two of them.
class FrameMerge {
 public:
  /// `layout` tells which tracks there are and their delays.
  FrameMerge(ClusterSequence& clusters, const FileLayout& layout);

  void to_start();
  /// Before the first image whose sync time is not earlier than `sync_ns`.
  void seek(std::int64_t sync_ns);

  /// The image behind the position, if it comes before `end_ns`; and the one before it, if it comes behind
  /// `end_ns`. Sync times.
  std::optional<FramePlace> next(std::int64_t end_ns = kAnyTime);
  std::optional<FramePlace> previous(std::int64_t end_ns = -kAnyTime);

  /// Over the image that was looked at last.
  void advance(const FramePlace& frame) { track(frame).cursor.advance(); }
  void retreat(const FramePlace& frame) { track(frame).cursor.retreat(); }

 private:
  struct Track {
    TrackKind kind;
    std::int64_t delay_ns;
    TrackCursor cursor;
  };

  Track& track(const FramePlace& frame);
  std::optional<FramePlace> earliest_up_to(std::int64_t sync_ns);
  std::optional<FramePlace> latest_back_to(std::int64_t sync_ns);

  std::vector<Track> tracks_;
};

}  // namespace genlock::recording
