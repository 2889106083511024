#include "device/sim/capture_queue.h"

#include <iterator>
#include <utility>

namespace genlock::device::sim {

// A simulated unit exposes nothing before its reset. Without a word of that, the pairing would wait for a low
// stamp, and wait for ever if the frames that have one are all lost.
CaptureQueue::CaptureQueue(const CameraConfig& config) : pairing_(config) {
  pairing_.clock_was_reset();
}

void CaptureQueue::push(const Frame& frame) {
  const bool is_color = frame.stream == FrameStream::color;
  Frames& frames = is_color ? color_ : depth_;
  const DeviceTime stamp(api_time(frame.stamp));
  frames[stamp] = frame;
  // The pairing holds so many on each side and discards some without a word.
  while (frames.size() > Pairing::kMaxWaiting + 1) frames.erase(frames.begin());
  Image image;
  image.device_time = stamp;
  Capture capture;
  (is_color ? capture.color : capture.ir) = std::move(image);
  const auto finished =
      is_color ? pairing_.push_color(std::move(capture)) : pairing_.push_depth(std::move(capture));
  for (const Capture& one : finished) add(one);
}

std::optional<Frame> CaptureQueue::take(Frames& frames, const std::optional<Image>& image) {
  if (!image) return std::nullopt;
  const auto found = frames.find(image->device_time);
  if (found == frames.end()) return std::nullopt;
  const Frame frame = found->second;
  frames.erase(frames.begin(), std::next(found));
  return frame;
}

void CaptureQueue::add(const Capture& capture) {
  captures_.push_back({.color = take(color_, capture.color), .depth = take(depth_, capture.ir)});
  if (captures_.size() <= kCapacity) return;
  captures_.pop_front();
  ++dropped_;
}

std::optional<HostTime> CaptureQueue::oldest() const {
  if (captures_.empty()) return std::nullopt;
  HostTime came = HostTime::min();
  for (const auto* frame : {&captures_.front().color, &captures_.front().depth})
    if (*frame) came = std::max(came, (*frame)->delivery);
  return came;
}

std::optional<PlannedCapture> CaptureQueue::pop() {
  if (captures_.empty()) return std::nullopt;
  const PlannedCapture capture = captures_.front();
  captures_.pop_front();
  return capture;
}

}  // namespace genlock::device::sim
