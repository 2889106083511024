#include "device/pairing.h"

#include <algorithm>

#include "base/camera.h"

namespace genlock::device {
namespace {

constexpr std::int64_t kStalePeriods = 10;  ///< a depth stamp of more whole periods is of the old clock

DeviceTime depth_time(const Capture& capture) {
  return (capture.ir ? capture.ir : capture.depth)->device_time;
}

/// Where the window for the later partner of an image at `time` begins: a quarter of a period early, but not
/// before zero.
DeviceTime window_begin(DeviceTime time, DeviceDuration period, DeviceDuration distance) {
  const DeviceTime early = time - device_us(count_us(period) / 4);
  return std::max(DeviceTime{}, early) + distance;
}

std::vector<Capture> only(Capture capture) {
  std::vector<Capture> out;
  out.push_back(std::move(capture));
  return out;
}

}  // namespace

Pairing::Pairing(const CameraConfig& config, PairingMode mode)
    : pairs_(mode == PairingMode::pair && config.color_on() && config.depth_on()),
      synchronized_only_(config.synchronized_images_only),
      period_(period_us(config.rate)),
      delay_(config.depth_delay_off_color) {}

std::vector<Capture> Pairing::push_color(Capture capture) {
  if (!pairs_) return only(std::move(capture));
  std::vector<Capture> out;
  make_room(color_, out);
  color_.push_back(std::move(capture));
  pair_all(out);
  return out;
}

std::vector<Capture> Pairing::push_depth(Capture capture) {
  if (!pairs_) return only(std::move(capture));
  std::vector<Capture> out;
  if (is_stale(capture)) return out;
  make_room(depth_, out);
  depth_.push_back(std::move(capture));
  pair_all(out);
  return out;
}

bool Pairing::is_stale(const Capture& depth) {
  clock_was_reset_ = clock_was_reset_ || count_us(depth_time(depth)) / count_us(period_) <= kStalePeriods;
  return !clock_was_reset_;
}

void Pairing::make_room(Side& side, std::vector<Capture>& out) const {
  if (side.size() >= kMaxWaiting) let_go(side, out, true);
}

void Pairing::let_go(Side& side, std::vector<Capture>& out, bool full) const {
  const bool color = &side == &color_;
  if (told_) told_({color ? side.front().color->device_time : depth_time(side.front()), color, full});
  if (!synchronized_only_) out.push_back(std::move(side.front()));
  side.pop_front();
}

Pairing::Verdict Pairing::judge() const {
  const DeviceTime color = color_.front().color->device_time;
  const DeviceTime depth = depth_time(depth_.front());
  const bool depth_is_later = delay_ >= device_us(0);
  const DeviceTime earlier = depth_is_later ? color : depth;
  const DeviceTime later = depth_is_later ? depth : color;
  const DeviceTime begin = window_begin(earlier, period_, depth_is_later ? delay_ : -delay_);
  if (later >= begin && later <= begin + period_) return Verdict::match;
  const bool drop_earlier = later > begin;
  return drop_earlier == depth_is_later ? Verdict::drop_color : Verdict::drop_depth;
}

void Pairing::pair_all(std::vector<Capture>& out) {
  while (!color_.empty() && !depth_.empty()) {
    const Verdict verdict = judge();
    if (verdict == Verdict::drop_color) {
      let_go(color_, out, false);
    } else if (verdict == Verdict::drop_depth) {
      let_go(depth_, out, false);
    } else {
      depth_.front().color = std::move(color_.front().color);
      out.push_back(std::move(depth_.front()));
      color_.pop_front();
      depth_.pop_front();
    }
  }
}

}  // namespace genlock::device
