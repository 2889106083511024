#include "recording/record_finder.h"

#include <algorithm>
#include <iterator>

namespace genlock::recording {
namespace {

/// Records of a frame come this much after it at most: their interval and the window they are in.
constexpr std::int64_t kLagNs = 1'600'000'000;
/// Going back, this much more is read than asked for, as more is likely to be asked for.
constexpr std::int64_t kBackNs = 1'000'000'000;
/// Records that are kept behind the position.
constexpr std::int64_t kKeepNs = 5'000'000'000;

}  // namespace

RecordFinder::RecordFinder(std::vector<std::unique_ptr<Part>>& parts, ClusterSequence& clusters)
    : parts_(parts), clusters_(clusters), blocks_(clusters, kMetadataKey) {}

bool RecordFinder::in_reach(std::int64_t time_ns) const {
  return time_ns >= from_ns_ && time_ns <= until_ns_ + kLagNs;
}

void RecordFinder::start_at(std::int64_t time_ns) {
  const bool backwards = time_ns < from_ns_ && time_ns > from_ns_ - kBackNs;
  from_ns_ = until_ns_ = backwards ? time_ns - kBackNs : time_ns;
  walked_.clear();
  blocks_.seek(from_ns_ - clusters_.reach_ns());
}

void RecordFinder::read_up_to(std::int64_t time_ns) {
  while (const TrackBlock* block = blocks_.next(time_ns + kLagNs)) {
    if (block->time_ns > time_ns + kLagNs) break;
    walked_.add(read_metadata(parts_[blocks_.cluster().part]->input, block->frames).frames);
    blocks_.advance();
  }
  until_ns_ = std::max(until_ns_, time_ns);
}

void RecordFinder::find_by_walking(std::int64_t time_ns) {
  if (!in_reach(time_ns)) start_at(time_ns);
  read_up_to(time_ns);
  if (time_ns - from_ns_ <= 2 * kKeepNs) return;
  from_ns_ = time_ns - kKeepNs;
  walked_.forget_before(device_time_us(from_ns_ / 1000));
}

/// A block's records are of what was written since the one before it, its own cluster's images included: so
/// of an image they are in the first block behind it, or in the one at the head of its own cluster.
const FrameRecord* RecordFinder::find_by_cues(std::size_t index, TrackKind track, DeviceTime time) {
  Part& part = *parts_[index];
  const std::vector<Cue>& cues = part.cues.leading_to_metadata();
  const std::int64_t file_ns = count_us(time) * 1000 - part.layout.start_offset_ns;
  const auto next = std::ranges::upper_bound(cues, file_ns, {}, &Cue::time_ns);
  const auto before = std::reverse_iterator(next);
  if (next != cues.end())
    if (const FrameRecord* found = find_in(part.cued_blocks.at(*next), track, time)) return found;
  if (before == cues.rend() || before->time_ns <= file_ns - clusters_.reach_ns()) return nullptr;
  return find_in(part.cued_blocks.at(*before), track, time);
}

const FrameRecord* RecordFinder::find_in(CuedBlocks::Block block, TrackKind track, DeviceTime time) {
  if (!block) return nullptr;
  const std::vector<FrameRecord>& records = block->metadata.frames;
  const auto found = std::ranges::find_if(records, [&](const FrameRecord& record) {
    return record.device_time == time && record.track == track;
  });
  if (found == records.end()) return nullptr;
  cued_ = std::move(block);
  return &*found;
}

const FrameRecord* RecordFinder::find(std::size_t part, TrackKind track, DeviceTime time) {
  if (!parts_[part]->layout.metadata) return nullptr;
  if (!parts_[part]->cues.leading_to_metadata().empty()) return find_by_cues(part, track, time);
  find_by_walking(count_us(time) * 1000);
  return walked_.find(track, time);
}

}  // namespace genlock::recording
