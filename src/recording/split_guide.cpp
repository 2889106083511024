#include "recording/split_guide.h"

#include <algorithm>

#include "recording/format.h"

namespace genlock::recording {
namespace {

constexpr int kMostWaited = 64;

}  // namespace

SplitGuide::SplitGuide(const SplitRule& rule, const CameraConfig& config)
    : most_bytes_(rule.bytes),
      longest_(rule.duration),
      half_period_(period_us(config.rate) / 2),
      color_delay_(std::max(DeviceDuration{}, config.depth_delay_off_color)),
      depth_delay_(std::max(DeviceDuration{}, -config.depth_delay_off_color)) {}

bool SplitGuide::split_before(const Window& window, std::uint64_t part_bytes,
                              std::optional<DeviceTime> part_start) {
  bool split = false;
  if (part_start && full(window, part_bytes, *part_start)) split = !tears(window) || ++waited_ >= kMostWaited;
  if (split) waited_ = 0;
  remember(window);
  return split;
}

bool SplitGuide::full(const Window& window, std::uint64_t part_bytes, DeviceTime part_start) const {
  if (most_bytes_ > 0 && part_bytes + window.bytes > most_bytes_) return true;
  return longest_ > DeviceDuration{} && first_time(window) - part_start >= longest_;
}

/// Whether an image of this window or a later one may belong to a capture with one before it: those of a
/// capture are less than half a period apart. Delays only make times later.
bool SplitGuide::tears(const Window& window) const {
  if (!latest_image_) return false;
  const std::int64_t number = count_us(first_time(window)) / count_us(kClusterWindow);
  DeviceTime earliest = device_time_us((number + 1) * count_us(kClusterWindow));
  for (const PendingImage& image : window.images) earliest = std::min(earliest, sync_time(image));
  return earliest - *latest_image_ < half_period_;
}

DeviceTime SplitGuide::sync_time(const PendingImage& image) const {
  return image.image.device_time + (image.track == TrackKind::color ? color_delay_ : depth_delay_);
}

void SplitGuide::remember(const Window& window) {
  for (const PendingImage& image : window.images)
    latest_image_ = std::max(latest_image_.value_or(sync_time(image)), sync_time(image));
}

}  // namespace genlock::recording
