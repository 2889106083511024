#pragma once

#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recording/block_reader.h"
#include "recording/part.h"

namespace genlock::recording {

/// What a block belongs to: TrackKind's values, then the GENLOCK track, then the other tracks of the
/// recording.
using TrackKey = std::size_t;
inline constexpr TrackKey kMetadataKey = 4;
inline constexpr TrackKey kFirstOtherKey = 5;

/// A block of a track that is known. Times are ns on the unit's clock, so that those of parts compare.
struct TrackBlock {
  TrackKey track = 0;
  std::int64_t time_ns = 0;
  std::int64_t duration_ns = 0;  ///< 0 where the file does not say
  std::vector<mkv::Extent> frames;
};

struct ClusterRef {
  std::size_t part = 0;
  std::int64_t time_ns = 0;  ///< on the unit's clock
  ClusterPlace place;
};

/// What is in one cluster: all blocks that can be used, without their content.
class ClusterBlocks {
 public:
  ClusterBlocks(ClusterRef cluster, std::vector<TrackBlock> blocks);

  const ClusterRef& cluster() const { return cluster_; }
  /// By time.
  std::span<const TrackBlock> of(TrackKey track) const;
  std::span<const TrackBlock> all() const { return blocks_; }
  std::size_t frames() const { return frames_; }

 private:
  friend class ClusterSequence;

  const ClusterRef cluster_;
  std::vector<TrackBlock> blocks_;  ///< by track, then time
  std::size_t frames_ = 0;
  // The neighbours once they were looked for; nothing inside where there is none.
  mutable std::optional<std::optional<ClusterRef>> after_, before_;
};

/// The clusters of all parts of a recording in order, and what is in them; a few stay in memory.
class ClusterSequence {
 public:
  /// At least one part; all outlive it.
  ClusterSequence(std::vector<std::unique_ptr<Part>>& parts, ReaderOptions options);

  using Cluster = std::shared_ptr<const ClusterBlocks>;

  /// Null where there is none.
  Cluster first();
  Cluster last();
  Cluster after(const ClusterBlocks& cluster) { return load(ref_after(cluster)); }
  Cluster before(const ClusterBlocks& cluster) { return load(ref_before(cluster)); }
  /// Time of the cluster behind, without reading its blocks; nothing where there is none.
  std::optional<std::int64_t> time_after(const ClusterBlocks& cluster);
  std::optional<std::int64_t> time_before(const ClusterBlocks& cluster);

  /// A cluster that is not later than `time_ns`, and the last of these where the clusters are in order; the
  /// first, if all are later.
  Cluster at(std::int64_t time_ns);

  /// A cluster so that all blocks of the clusters before it are earlier than `time_ns`, and not many are of
  /// those in it.
  Cluster before_time(std::int64_t time_ns) { return at(time_ns - reach_ns_); }

  /// A block lies at most this far from its cluster's time.
  std::int64_t reach_ns() const { return reach_ns_; }

  Part& part_of(const ClusterRef& cluster) { return *parts_[cluster.part]; }
  /// The key of a track that is neither the unit's nor Genlock's.
  std::optional<TrackKey> other_track(std::string_view name) const;
  /// Read errors of any part.
  Status status() const;

 private:
  std::optional<ClusterRef> ref(std::size_t part, const std::optional<ClusterPlace>& place) const;
  const std::optional<ClusterRef>& ref_after(const ClusterBlocks& cluster);
  const std::optional<ClusterRef>& ref_before(const ClusterBlocks& cluster);
  std::optional<ClusterRef> find_after(const ClusterRef& cluster);
  std::optional<ClusterRef> find_before(const ClusterRef& cluster);
  Cluster load(const std::optional<ClusterRef>& ref);
  Cluster read(const ClusterRef& ref);
  std::optional<TrackKey> key_of(std::size_t part, const StoredBlock& block);
  void forget_some();

  std::vector<std::unique_ptr<Part>>& parts_;
  const ReaderOptions options_;
  std::vector<std::string> other_names_;  ///< by key, from kFirstOtherKey on
  std::int64_t reach_ns_ = 0;
  std::list<Cluster> recent_;  ///< the newest first
  std::size_t recent_frames_ = 0;
};

}  // namespace genlock::recording
