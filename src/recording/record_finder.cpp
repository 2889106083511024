#include "recording/record_finder.h"

#include <algorithm>

namespace genlock::recording {
namespace {

/// Records of a frame come this much after it at most: their interval and the window they are in.
constexpr std::int64_t kLagNs = 1'100'000'000;
/// Going back, this much more is read than asked for, as more is likely to be asked for.
constexpr std::int64_t kBackNs = 1'000'000'000;
/// Records that are kept behind the position.
constexpr std::int64_t kKeepNs = 5'000'000'000;

}  // namespace

RecordFinder::RecordFinder(std::vector<std::unique_ptr<Part>>& parts, ClusterSequence& clusters)
    : parts_(parts), clusters_(clusters), blocks_(clusters, kMetadataKey) {
  any_ = std::ranges::any_of(parts_, [](const auto& part) { return part->layout.metadata.has_value(); });
}

bool RecordFinder::in_reach(std::int64_t time_ns) const {
  return time_ns >= from_ns_ && time_ns <= until_ns_ + kLagNs;
}

void RecordFinder::start_at(std::int64_t time_ns) {
  const bool backwards = time_ns < from_ns_ && time_ns > from_ns_ - kBackNs;
  from_ns_ = until_ns_ = backwards ? time_ns - kBackNs : time_ns;
  records_ = FrameRecords();
  blocks_.seek(from_ns_ - clusters_.reach_ns());
}

void RecordFinder::read_up_to(std::int64_t time_ns) {
  while (const TrackBlock* block = blocks_.next(time_ns + kLagNs)) {
    if (block->time_ns > time_ns + kLagNs) break;
    records_.add(read_metadata(parts_[blocks_.cluster().part]->input, block->frames).frames);
    blocks_.advance();
  }
  until_ns_ = std::max(until_ns_, time_ns);
}

const FrameRecord* RecordFinder::find(TrackKind track, DeviceTime time) {
  if (!any_) return nullptr;
  const std::int64_t time_ns = count_us(time) * 1000;
  if (!in_reach(time_ns)) start_at(time_ns);
  read_up_to(time_ns);
  if (time_ns - from_ns_ > 2 * kKeepNs) {
    from_ns_ = time_ns - kKeepNs;
    records_.forget_before(device_time_us(from_ns_ / 1000));
  }
  return records_.find(track, time);
}

}  // namespace genlock::recording
