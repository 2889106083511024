#pragma once

#include <array>
#include <compare>
#include <limits>
#include <optional>
#include <vector>

#include "recording/cluster_sequence.h"

namespace genlock::recording {

/// What images are put in order by. An epoch ends where a cluster is earlier than the one before it, which no
/// recorder makes: what follows is later whatever its times. Within an epoch an image counts at its time, but
/// not before its cluster's nor after the next one's, so that each track is in order whatever the file says.
struct SyncKey {
  std::int64_t epoch = 0;    ///< counted from where a merge was put; compares within it and its copies
  std::int64_t sync_ns = 0;  ///< on the unit's clock, plus the track's delay: what captures are grouped by

  auto operator<=>(const SyncKey&) const = default;
};

inline constexpr SyncKey kLastKey{std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::max()};
inline constexpr SyncKey kFirstKey{std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::min()};

/// An image where it lies in the file.
struct FramePlace {
  TrackKind track = TrackKind::color;
  std::size_t part = 0;
  std::int64_t time_ns = 0;  ///< on the unit's clock
  SyncKey key;
  mkv::Extent pixels;
};

/// The images of colour, depth and IR in order, those of one key by track: a position between two of them.
/// Which image comes next does not depend on the way to the position. Looks no further than it must, so that
/// a track that has ended costs nothing.
class FrameMerge {
 public:
  /// `layout` tells which tracks there are and their delays.
  FrameMerge(ClusterSequence& clusters, const FileLayout& layout);

  void to_start();
  /// Before the first image whose sync time is not earlier than `sync_ns`.
  void seek(std::int64_t sync_ns);

  /// The image behind the position, if it comes before `end`; and the one before it, if it comes behind
  /// `end`.
  std::optional<FramePlace> next(const SyncKey& end = kLastKey);
  std::optional<FramePlace> previous(const SyncKey& end = kFirstKey);

  /// Over the image that was looked at last.
  void advance(const FramePlace& frame) { ++track(frame).index; }
  void retreat(const FramePlace& frame) { --track(frame).index; }

 private:
  struct Track {
    TrackKind kind = TrackKind::color;
    std::int64_t delay_ns = 0;
    ClusterSequence::Cluster cluster;  ///< null where the recording has none
    std::size_t index = 0;             ///< of the image behind the position among the cluster's
    std::int64_t epoch = 0;            ///< of the cluster
  };

  Track& track(const FramePlace& frame);
  std::span<const TrackBlock> blocks(const Track& track) const;
  FramePlace place(const Track& track, std::size_t index) const;
  std::optional<FramePlace> ahead(const Track& track) const;
  std::optional<FramePlace> behind(const Track& track) const;
  std::optional<SyncKey> earliest_ahead(const Track& track) const;
  std::optional<SyncKey> latest_behind(const Track& track) const;
  void enter(Track& track, ClusterSequence::Cluster cluster, std::int64_t epoch, bool at_end);
  void put_at(const ClusterSequence::Cluster& cluster);

  ClusterSequence* clusters_;
  std::vector<Track> tracks_;
};

}  // namespace genlock::recording
