#include "recording/capture_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "recording/pixel_order.h"

namespace genlock::recording {
namespace {

/// Blocks of different tracks may be out of order by this much: a few cluster windows.
constexpr std::int64_t kDisorderNs = 100'000'000;

/// Records of a frame come this much after it at most: their interval and the window they are in.
constexpr std::int64_t kRecordLagNs = 1'100'000'000;

}  // namespace

std::optional<TrackKind> video_track_of(const FileLayout& layout, const StoredBlock& block) {
  for (TrackKind kind : {TrackKind::color, TrackKind::depth, TrackKind::ir}) {
    const auto& track = layout.video[static_cast<std::size_t>(kind)];
    if (track && track->number == block.track) return kind;
  }
  return std::nullopt;
}

std::optional<StoredFrame> stored_frame(mkv::Input& input, const FileLayout& layout, TrackKind kind,
                                        const StoredBlock& block) {
  const VideoTrack& track = *layout.video[static_cast<std::size_t>(kind)];
  const mkv::Extent pixels = block.frames.front();
  const std::size_t expected = image_bytes(track.coding.format, track.size);
  if (pixels.size == 0 || (expected != 0 && pixels.size != expected)) {
    input.problem(fmt::format("the {} image at byte {} has {} bytes instead of {}", to_string(kind),
                              pixels.offset, pixels.size, expected));
    return std::nullopt;
  }
  return StoredFrame{kind, layout.device_time(block.time_ns), block.time_ns + track.delay_ns, pixels};
}

CaptureReader::CaptureReader(const ByteSource& source, const FileLayout& layout)
    : input_(source),
      layout_(layout),
      walker_(input_, layout.segment, layout.first_cluster, layout.timestamp_scale_ns) {}

Result<std::optional<Capture>> CaptureReader::next() {
  while (true) {
    while (must_read_on()) read_on();
    GENLOCK_TRY(input_.status());
    const std::optional<std::int64_t> first = earliest();
    if (!first) return std::optional<Capture>();
    Capture capture = take_capture(*first);
    GENLOCK_TRY(input_.status());
    if (!capture.empty()) return std::optional<Capture>(std::move(capture));
  }
}

std::optional<std::int64_t> CaptureReader::earliest() const {
  std::optional<std::int64_t> first;
  for (const std::deque<StoredFrame>& frames : waiting_)
    if (!frames.empty() && (!first || frames.front().sync_ns < *first)) first = frames.front().sync_ns;
  return first;
}

/// Reads until every track shows its next image, or none can belong to the earliest one's capture any more;
/// and, where there are records, until theirs have come.
bool CaptureReader::must_read_on() const {
  if (at_end_) return false;
  const std::optional<std::int64_t> first = earliest();
  if (!first) return true;
  std::int64_t delays = 0;
  bool complete = true;
  for (std::size_t kind = 0; kind < waiting_.size(); ++kind) {
    if (!layout_.video[kind]) continue;
    delays = std::max(delays, layout_.video[kind]->delay_ns);
    complete = complete && !waiting_[kind].empty();
  }
  const std::int64_t beyond = reached_ns_ - *first;
  if (layout_.metadata && beyond < kRecordLagNs) return true;
  return !complete && beyond < layout_.frame_period_ns + delays + kDisorderNs;
}

void CaptureReader::read_on() {
  const std::optional<StoredBlock> block = walker_.next();
  if (!block) {
    at_end_ = true;
    return;
  }
  reached_ns_ = std::max(reached_ns_, block->time_ns);
  if (block->track == layout_.metadata) {
    records_.add(read_metadata(input_, *block).frames);
  } else if (const std::optional<TrackKind> kind = video_track_of(layout_, *block)) {
    if (const auto frame = stored_frame(input_, layout_, *kind, *block))
      waiting_[static_cast<std::size_t>(*kind)].push_back(*frame);
  }
}

Capture CaptureReader::take_capture(std::int64_t first) {
  Capture capture;
  std::optional<Image>* const places[] = {&capture.color, &capture.depth, &capture.ir};
  for (std::size_t kind = 0; kind < waiting_.size(); ++kind) {
    std::deque<StoredFrame>& frames = waiting_[kind];
    if (frames.empty() || frames.front().sync_ns - first >= layout_.frame_period_ns / 2) continue;
    *places[kind] = load(frames.front(), capture.temperature_c);
    frames.pop_front();
  }
  records_.forget_before(layout_.device_time(first) - device_us(5'000'000));
  return capture;
}

std::optional<Image> CaptureReader::load(const StoredFrame& frame, float& temperature_c) {
  const VideoTrack& track = *layout_.video[static_cast<std::size_t>(frame.track)];
  WritableBuffer pixels = pool_.take(static_cast<std::size_t>(frame.pixels.size));
  if (!input_.read(frame.pixels.offset, pixels.bytes())) return std::nullopt;
  if (track.coding.big_endian) copy_swapping_pairs(pixels.bytes(), pixels.bytes());
  Image image;
  image.format = track.coding.format;
  image.size = track.size;
  image.stride = stride_bytes(image.format, image.size.width);
  image.data = std::move(pixels).seal();
  image.device_time = frame.device_time;
  if (const FrameRecord* record = records_.find(frame.track, frame.device_time)) {
    image.host_time = record->host_time;
    image.exposure = record->exposure;
    image.white_balance = record->white_balance;
    image.iso = record->iso;
    if (record->temperature_c) temperature_c = *record->temperature_c;
  }
  return image;
}

}  // namespace genlock::recording
