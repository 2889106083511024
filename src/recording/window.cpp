#include "recording/window.h"

#include <algorithm>

namespace genlock::recording {

DeviceTime first_time(const Window& window) {
  DeviceTime first = DeviceTime::max();
  for (const PendingImage& pending : window.images) first = std::min(first, pending.image.device_time);
  for (const ImuSample& sample : window.imu) first = std::min(first, sample.accel_time);
  for (const PendingData& data : window.data) first = std::min(first, data.time);
  return first;
}

}  // namespace genlock::recording
