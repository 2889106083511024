#include "recording/frame_merge.h"

#include <algorithm>

namespace genlock::recording {

FrameMerge::FrameMerge(ClusterSequence& clusters, const FileLayout& layout) : clusters_(&clusters) {
  for (TrackKind kind : {TrackKind::color, TrackKind::depth, TrackKind::ir})
    if (const auto& video = layout.video[static_cast<std::size_t>(kind)])
      tracks_.push_back({.kind = kind, .delay_ns = video->delay_ns});
}

FrameMerge::Track& FrameMerge::track(const FramePlace& frame) {
  return *std::ranges::find(tracks_, frame.track, &Track::kind);
}

std::span<const TrackBlock> FrameMerge::blocks(const Track& track) const {
  if (!track.cluster) return {};
  return track.cluster->of(static_cast<TrackKey>(track.kind));
}

FramePlace FrameMerge::place(const Track& track, std::size_t index) const {
  const ClusterRef& cluster = track.cluster->cluster();
  const TrackBlock& block = blocks(track)[index];
  std::int64_t counted_ns = std::max(block.time_ns, cluster.time_ns);
  const std::optional<std::int64_t> next_ns = clusters_->time_after(*track.cluster);
  if (next_ns && *next_ns >= cluster.time_ns) counted_ns = std::min(counted_ns, *next_ns);
  return {track.kind,
          cluster.part,
          block.time_ns,
          {track.epoch, counted_ns + track.delay_ns},
          block.frames.front()};
}

/// The image behind the position, or before it, in the cluster that it is in.
std::optional<FramePlace> FrameMerge::ahead(const Track& track) const {
  return track.index < blocks(track).size() ? std::optional(place(track, track.index)) : std::nullopt;
}
std::optional<FramePlace> FrameMerge::behind(const Track& track) const {
  return track.index > 0 ? std::optional(place(track, track.index - 1)) : std::nullopt;
}

/// No image of the next cluster comes before this, none of the one before behind it; nothing where there is
/// no such cluster.
std::optional<SyncKey> FrameMerge::earliest_ahead(const Track& track) const {
  const auto next_ns = track.cluster ? clusters_->time_after(*track.cluster) : std::nullopt;
  if (!next_ns) return std::nullopt;
  const bool ends_epoch = *next_ns < track.cluster->cluster().time_ns;
  return SyncKey{track.epoch + ends_epoch, *next_ns + track.delay_ns};
}
std::optional<SyncKey> FrameMerge::latest_behind(const Track& track) const {
  const auto before_ns = track.cluster ? clusters_->time_before(*track.cluster) : std::nullopt;
  if (!before_ns) return std::nullopt;
  const std::int64_t here_ns = track.cluster->cluster().time_ns;
  if (here_ns < *before_ns) return SyncKey{track.epoch - 1, kLastKey.sync_ns};
  return SyncKey{track.epoch, here_ns + track.delay_ns};
}

void FrameMerge::enter(Track& track, ClusterSequence::Cluster cluster, std::int64_t epoch, bool at_end) {
  track.cluster = std::move(cluster);
  track.epoch = epoch;
  track.index = at_end ? blocks(track).size() : 0;
}

/// All tracks at one cluster, so that their epochs compare.
void FrameMerge::put_at(const ClusterSequence::Cluster& cluster) {
  for (Track& track : tracks_) enter(track, cluster, 0, false);
}

void FrameMerge::to_start() {
  put_at(clusters_->first());
}

void FrameMerge::seek(std::int64_t sync_ns) {
  std::int64_t longest_ns = 0;
  for (const Track& track : tracks_) longest_ns = std::max(longest_ns, track.delay_ns);
  // Images of the clusters before count before this one's time, and so before `sync_ns` with their delay.
  put_at(clusters_->at(sync_ns - longest_ns - 1));
  for (auto frame = next(); frame && frame->key.sync_ns < sync_ns; frame = next()) advance(*frame);
}

std::optional<FramePlace> FrameMerge::next(const SyncKey& end) {
  while (true) {
    std::optional<FramePlace> best;
    Track* nearest = nullptr;
    SyncKey from = kLastKey;
    for (Track& track : tracks_) {
      if (const auto image = ahead(track)) {
        if (!best || image->key < best->key) best = image;
      } else if (const auto key = earliest_ahead(track); key && *key < from) {
        nearest = &track;
        from = *key;
      }
    }
    // At the same key too, as images of one key are in the order of their tracks.
    if (nearest == nullptr || from >= end || (best && from > best->key))
      return best && best->key < end ? best : std::nullopt;
    enter(*nearest, clusters_->after(*nearest->cluster), from.epoch, false);
  }
}

std::optional<FramePlace> FrameMerge::previous(const SyncKey& end) {
  while (true) {
    std::optional<FramePlace> best;
    Track* nearest = nullptr;
    SyncKey upto = kFirstKey;
    for (Track& track : tracks_) {
      if (const auto image = behind(track)) {
        if (!best || image->key >= best->key) best = image;
      } else if (const auto key = latest_behind(track); key && *key > upto) {
        nearest = &track;
        upto = *key;
      }
    }
    if (nearest == nullptr || upto <= end || (best && upto < best->key))
      return best && best->key > end ? best : std::nullopt;
    enter(*nearest, clusters_->before(*nearest->cluster), upto.epoch, true);
  }
}

}  // namespace genlock::recording
