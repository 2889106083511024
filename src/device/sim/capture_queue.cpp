#include "device/sim/capture_queue.h"

#include <iterator>
#include <utility>

namespace genlock::device::sim {

CaptureQueue::CaptureQueue(const CameraConfig& config, const UnitLog& log, const LibraryOptions& library)
    : pairing_(config, library.pairing), library_(library), log_(log) {
  pairing_.on_unpaired([this](const Pairing::Unpaired& frame) { say_unpaired(frame); });
}

void CaptureQueue::say_unpaired(const Pairing::Unpaired& frame) {
  const std::string_view has = frame.color ? "color" : "depth", lacks = frame.color ? "depth" : "color";
  const auto count = (frame.full ? full_said_ : unmatched_said_).due(now_);
  if (!count) return;
  if (frame.full) {
    log_.say(LogLevel::error,
             "capturesync_drop: full queue of {}, no {} comes; {} frames released, the last of {} us", has,
             lacks, *count, count_us(frame.time));
  } else {
    log_.say(LogLevel::info, "capturesync_drop: {} {} frames have no {} frame, the last of {} us", *count,
             has, lacks, count_us(frame.time));
  }
}

void CaptureQueue::push(const Frame& frame) {
  now_ = frame.delivery;
  // A simulated unit knows which frames are of the time before its reset. Without a word of that, the pairing
  // would wait for a low stamp, and wait for ever if the frames that have one are all lost.
  if (!frame.early) pairing_.clock_was_reset();
  const bool is_color = frame.stream == FrameStream::color;
  Frames& frames = is_color ? color_ : depth_;
  const DeviceTime stamp(api_time(frame.stamp));
  // An early one does not leave the pairing.
  if (!frame.early || library_.pairing == PairingMode::pass_through) frames[stamp] = frame;
  // The pairing holds so many on each side and discards some without a word.
  while (frames.size() > Pairing::kMaxWaiting + 1) frames.erase(frames.begin());
  Image image;
  image.device_time = stamp;
  Capture capture;
  (is_color ? capture.color : capture.ir) = std::move(image);
  say_stamps("frame", capture);
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

void CaptureQueue::say_stamps(std::string_view what, const Capture& capture) const {
  if (!library_.log_stamps) return;
  const auto stamp = [](const char* name, const std::optional<Image>& image) {
    return image ? fmt::format(" {} {} us", name, count_us(image->device_time)) : std::string();
  };
  log_.say(LogLevel::info, "{}:{}{}", what, stamp("color", capture.color), stamp("depth", capture.ir));
}

void CaptureQueue::add(const Capture& capture) {
  say_stamps("capture", capture);
  captures_.push_back({.color = take(color_, capture.color), .depth = take(depth_, capture.ir)});
  if (captures_.size() <= kCapacity) return;
  captures_.pop_front();
  ++dropped_;
  if (const auto count = overflow_said_.due(now_))
    log_.say(LogLevel::info, "the capture queue is full: dropped oldest, {} captures", *count);
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
