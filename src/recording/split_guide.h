#pragma once

#include "recording/window.h"
#include "recording/writer.h"

namespace genlock::recording {

/// Says before which window of a recording the next part begins: once the part is full, where no capture is
/// torn; where images follow each other so that there is no such place for two seconds, anywhere.
class SplitGuide {
 public:
  SplitGuide(const SplitRule& rule, const CameraConfig& config);

  /// Whether the window, which has frames, is to be the first of the next part. `part_bytes` and `part_start`
  /// tell of the present one.
  bool split_before(const Window& window, std::uint64_t part_bytes, std::optional<DeviceTime> part_start);

 private:
  bool full(const Window& window, std::uint64_t part_bytes, DeviceTime part_start) const;
  bool tears(const Window& window) const;
  DeviceTime sync_time(const PendingImage& image) const;
  void remember(const Window& window);

  const std::uint64_t most_bytes_;
  const DeviceDuration longest_;
  const DeviceDuration half_period_;
  const DeviceDuration color_delay_, depth_delay_;  ///< added to stamps, they pair images (facts mkv.md 2)
  std::optional<DeviceTime> latest_image_;
  int waited_ = 0;  ///< windows since the part was full
};

}  // namespace genlock::recording
