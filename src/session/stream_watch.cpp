#include "session/stream_watch.h"

#include <algorithm>

namespace genlock::session {
namespace {

constexpr DeviceDuration kImuHole = device_us(50'000);
constexpr DeviceDuration kImuPeriod = device_us(600);  // 1666 Hz

std::uint64_t samples_in(DeviceDuration hole) {
  return hole < kImuHole ? 0 : static_cast<std::uint64_t>((hole / kImuPeriod).value()) - 1;
}

}  // namespace

SilenceWatch::SilenceWatch(const CameraConfig& config, bool imu, HostDuration limit)
    : expected_{config.color_on(), config.depth_on(), imu}, limit_(limit) {}

void SilenceWatch::seen(StreamKind stream, HostTime now) {
  last_[index(stream)] = now;
  aside_[index(stream)] = false;
  if (!running_since_ && stream != StreamKind::imu) running_since_ = now;
}

std::vector<StreamKind> SilenceWatch::silent(HostTime now) const {
  const std::vector<StreamKind> silent = quiet_for(limit_, now);
  return silent.empty() ? silent : quiet_for(limit_ / 2, now);
}

std::vector<StreamKind> SilenceWatch::quiet_for(HostDuration limit, HostTime now) const {
  std::vector<StreamKind> quiet;
  if (!running_since_) return quiet;
  for (StreamKind stream : kStreamKinds)
    if (expected_[index(stream)] && !aside_[index(stream)] &&
        now - last_[index(stream)].value_or(*running_since_) > limit)
      quiet.push_back(stream);
  return quiet;
}

std::uint64_t GapCounter::add(DeviceTime stamp) {
  ++frames_;
  const std::optional<DeviceTime> before = std::exchange(last_, stamp);
  if (!before || stamp <= *before) return 0;
  const auto periods = ((stamp - *before + period_ / 2) / period_).value();
  const auto gap = static_cast<std::uint64_t>(std::max<std::int64_t>(periods - 1, 0));
  missing_ += gap;
  return gap;
}

void ImuGapCounter::add(DeviceTime stamp, DeviceTime begin) {
  missing_ += samples_in(stamp - last_.value_or(begin));
  last_ = stamp;
}

std::uint64_t ImuGapCounter::missing_until(DeviceTime end) const {
  return missing_ + (last_ ? samples_in(end - *last_) : 0);
}

}  // namespace genlock::session
