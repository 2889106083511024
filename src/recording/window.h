#pragma once

#include <cstdint>
#include <vector>

#include "base/capture.h"
#include "recording/recording.h"

namespace genlock::recording {

struct PendingImage {
  TrackKind track = TrackKind::color;
  Image image;
  float temperature_c = 0;
};

/// Data of a custom track.
struct PendingData {
  std::size_t track = 0;  ///< index into RecordingInfo::custom_tracks
  DeviceTime time;
  Buffer data;
};

/// The data of one window of device time (kClusterWindow), in any order.
struct Window {
  std::vector<PendingImage> images;
  std::vector<ImuSample> imu;
  std::vector<PendingData> data;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
  std::size_t bytes = 0;  ///< what images, samples and data count for in the queue
  DeviceTime last;        ///< latest of them

  std::size_t records() const { return host_pairs.size() + jacks.size(); }
  bool has_frames() const { return !images.empty() || !imu.empty() || !data.empty(); }
};

/// Earliest time of a window that has frames.
DeviceTime first_time(const Window& window);

}  // namespace genlock::recording
