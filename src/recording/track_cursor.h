#pragma once

#include <limits>

#include "recording/cluster_sequence.h"

namespace genlock::recording {

inline constexpr std::int64_t kAnyTime = std::numeric_limits<std::int64_t>::max() / 2;

/// A position between two blocks of one track. Looking for a block goes no further than it is told, so that a
/// track that has ended, or has not begun, costs nothing while others play.
class TrackCursor {
 public:
  TrackCursor(ClusterSequence& clusters, TrackKey track) : clusters_(&clusters), track_(track) {}

  void to_start() { enter(clusters_->first(), false); }
  void to_end() { enter(clusters_->last(), true); }
  /// Before the first block that is not earlier than `time_ns`.
  void seek(std::int64_t time_ns);

  /// The block behind the position; null if there is none up to `latest_ns`. Valid until the cursor moves.
  const TrackBlock* next(std::int64_t latest_ns = kAnyTime);
  /// The block before it; null if there is none back to `earliest_ns`.
  const TrackBlock* previous(std::int64_t earliest_ns = -kAnyTime);

  /// Over the block that was looked at last.
  void advance() { ++index_; }
  void retreat() { --index_; }

  /// Where looking on goes on: the time of the cluster behind or before; nothing at the end.
  std::optional<std::int64_t> more_from() const;
  std::optional<std::int64_t> more_until() const;

  /// The cluster of the block behind the position, which next() has found; and of the one before it.
  const ClusterRef& cluster() const { return cluster_->cluster(); }

 private:
  void enter(ClusterSequence::Cluster cluster, bool at_end);
  std::span<const TrackBlock> blocks() const { return cluster_->of(track_); }

  ClusterSequence* clusters_;
  TrackKey track_;
  ClusterSequence::Cluster cluster_;  ///< null where the recording has none
  std::size_t index_ = 0;             ///< in its blocks
};

}  // namespace genlock::recording
