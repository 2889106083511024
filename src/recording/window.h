#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/capture.h"
#include "recording/recording.h"

namespace genlock::recording {

/// Counts and windows number tracks alike: TrackKind's value, then the custom tracks in their order.
using TrackSlot = std::size_t;
inline constexpr TrackSlot kFirstCustomSlot = 4;

constexpr TrackSlot slot_of(TrackKind kind) {
  return static_cast<TrackSlot>(kind);
}

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

/// Images, samples and data by TrackSlot.
using TrackTotals = std::vector<std::uint64_t>;
TrackTotals totals_of(std::span<const Window> windows, std::size_t custom_tracks);

}  // namespace genlock::recording
