#include "recording/frame_merge.h"

#include <algorithm>

namespace genlock::recording {
namespace {

FramePlace place_of(TrackKind kind, std::int64_t delay_ns, const TrackBlock& block,
                    const ClusterRef& cluster) {
  return {kind, cluster.part, block.time_ns, block.time_ns + delay_ns, block.frames.front()};
}

}  // namespace

FrameMerge::FrameMerge(ClusterSequence& clusters, const FileLayout& layout) {
  for (TrackKind kind : {TrackKind::color, TrackKind::depth, TrackKind::ir})
    if (const auto& video = layout.video[static_cast<std::size_t>(kind)])
      tracks_.push_back({kind, video->delay_ns, TrackCursor(clusters, static_cast<TrackKey>(kind))});
}

FrameMerge::Track& FrameMerge::track(const FramePlace& frame) {
  return *std::ranges::find(tracks_, frame.track, &Track::kind);
}

void FrameMerge::to_start() {
  for (Track& track : tracks_) track.cursor.to_start();
}

void FrameMerge::seek(std::int64_t sync_ns) {
  for (Track& track : tracks_) track.cursor.seek(sync_ns - track.delay_ns);
}

/// The earliest image that is found without looking further than `sync_ns`, or than the earliest one found.
std::optional<FramePlace> FrameMerge::earliest_up_to(std::int64_t sync_ns) {
  std::optional<FramePlace> best;
  for (int pass = 0; pass < 2; ++pass) {
    for (Track& track : tracks_) {
      const std::int64_t limit = best ? best->sync_ns : sync_ns;
      const TrackBlock* block = track.cursor.next(limit - track.delay_ns);
      if (block != nullptr && (!best || block->time_ns + track.delay_ns < best->sync_ns))
        best = place_of(track.kind, track.delay_ns, *block, track.cursor.cluster());
    }
  }
  return best;
}

std::optional<FramePlace> FrameMerge::latest_back_to(std::int64_t sync_ns) {
  std::optional<FramePlace> best;
  for (int pass = 0; pass < 2; ++pass) {
    for (Track& track : tracks_) {
      const std::int64_t limit = best ? best->sync_ns : sync_ns;
      const TrackBlock* block = track.cursor.previous(limit - track.delay_ns);
      if (block != nullptr && (!best || block->time_ns + track.delay_ns > best->sync_ns))
        best = place_of(track.kind, track.delay_ns, *block, track.cursor.cluster());
    }
  }
  return best;
}

std::optional<FramePlace> FrameMerge::next(std::int64_t end_ns) {
  std::int64_t limit = -kAnyTime;
  while (true) {
    if (const auto frame = earliest_up_to(limit)) return frame->sync_ns < end_ns ? frame : std::nullopt;
    std::optional<std::int64_t> more;
    for (const Track& track : tracks_)
      if (const auto from = track.cursor.more_from())
        more = std::min(more.value_or(kAnyTime), *from + track.delay_ns);
    if (!more || *more >= end_ns) return std::nullopt;
    limit = *more;
  }
}

std::optional<FramePlace> FrameMerge::previous(std::int64_t end_ns) {
  std::int64_t limit = kAnyTime;
  while (true) {
    if (const auto frame = latest_back_to(limit)) return frame->sync_ns > end_ns ? frame : std::nullopt;
    std::optional<std::int64_t> more;
    for (const Track& track : tracks_)
      if (const auto until = track.cursor.more_until())
        more = std::max(more.value_or(-kAnyTime), *until + track.delay_ns);
    if (!more || *more <= end_ns) return std::nullopt;
    limit = *more;
  }
}

}  // namespace genlock::recording
