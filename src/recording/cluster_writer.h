#pragma once

#include <span>
#include <vector>

#include "mkv/output.h"
#include "recording/file_header.h"
#include "recording/metadata.h"
#include "recording/window.h"

namespace genlock::recording {

/// What a cluster has to say to the index.
struct ClusterSummary {
  DeviceTime first, last;
  std::uint64_t first_track = 0;             ///< track of the first block
  std::optional<DeviceTime> track_1_time;    ///< first block of track 1
  std::optional<std::uint64_t> metadata_at;  ///< the GENLOCK block, from the start of the cluster's data
  ClusterRecord record;                      ///< but for its position
};

struct ClusterPlan {
  const std::vector<TrackPlan>& tracks;
  DeviceTime start_offset;
  ByteSpan metadata;  ///< records of the GENLOCK track, for the first block; may be empty
  bool crc = true;
};

/// Bytes that the cluster takes at most. The window may have no frames.
std::size_t cluster_bound(const Window& window, ByteSpan metadata);

/// Adds the cluster of a window that has frames to `out`, blocks sorted by time, in one pass over the pixels.
/// Sorts the window's content.
ClusterSummary put_cluster(mkv::Output& out, Window& window, const ClusterPlan& plan);

/// A cluster of nothing but metadata.
ClusterSummary put_metadata_cluster(mkv::Output& out, DeviceTime at, const ClusterPlan& plan);

}  // namespace genlock::recording
