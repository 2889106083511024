#pragma once

#include <span>
#include <vector>

#include "base/capture.h"
#include "mkv/output.h"
#include "recording/file_header.h"
#include "recording/metadata.h"

namespace genlock::recording {

struct PendingImage {
  TrackKind track = TrackKind::color;
  Image image;
  float temperature_c = 0;
};

/// The data of one window of device time (kClusterWindow), in any order.
struct Window {
  std::vector<PendingImage> images;
  std::vector<ImuSample> imu;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
  std::size_t bytes = 0;  ///< what images and samples count for in the queue

  std::size_t records() const { return host_pairs.size() + jacks.size(); }
  bool has_frames() const { return !images.empty() || !imu.empty(); }
};

/// Earliest time of a window that has frames.
DeviceTime first_time(const Window& window);

/// What a cluster has to say to the index.
struct ClusterSummary {
  DeviceTime first, last;
  std::uint64_t first_track = 0;           ///< track of the first block
  std::optional<DeviceTime> track_1_time;  ///< first block of track 1
};

/// Adds the cluster of a window that has frames to `out`: blocks sorted by time, and `metadata`, records of
/// the GENLOCK track, as the first block if there are any. Sorts the window's content.
ClusterSummary put_cluster(mkv::Output& out, Window& window, const std::vector<TrackPlan>& tracks,
                           DeviceTime start_offset, ByteSpan metadata);

/// A cluster of nothing but metadata.
void put_metadata_cluster(mkv::Output& out, DeviceTime at, const std::vector<TrackPlan>& tracks,
                          DeviceTime start_offset, ByteSpan metadata);

}  // namespace genlock::recording
