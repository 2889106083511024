#include "recording/track_cursor.h"

namespace genlock::recording {

void TrackCursor::enter(ClusterSequence::Cluster cluster, bool at_end) {
  cluster_ = std::move(cluster);
  index_ = cluster_ && at_end ? blocks().size() : 0;
}

void TrackCursor::seek(std::int64_t time_ns) {
  enter(clusters_->before_time(time_ns), false);
  while (const TrackBlock* block = next(time_ns)) {
    if (block->time_ns >= time_ns) break;
    advance();
  }
}

const TrackBlock* TrackCursor::next(std::int64_t latest_ns) {
  while (cluster_ && index_ == blocks().size()) {
    const std::optional<std::int64_t> following = more_from();
    if (!following || *following > latest_ns) return nullptr;
    enter(clusters_->after(*cluster_), false);
  }
  return cluster_ ? &blocks()[index_] : nullptr;
}

const TrackBlock* TrackCursor::previous(std::int64_t earliest_ns) {
  while (cluster_ && index_ == 0) {
    const std::optional<std::int64_t> preceding = more_until();
    if (!preceding || *preceding < earliest_ns) return nullptr;
    enter(clusters_->before(*cluster_), true);
  }
  return cluster_ ? &blocks()[index_ - 1] : nullptr;
}

std::optional<std::int64_t> TrackCursor::more_from() const {
  if (!cluster_) return std::nullopt;
  const std::optional<std::int64_t> time = clusters_->time_after(*cluster_);
  return time ? std::optional(*time - clusters_->reach_ns()) : std::nullopt;
}

std::optional<std::int64_t> TrackCursor::more_until() const {
  if (!cluster_) return std::nullopt;
  const std::optional<std::int64_t> time = clusters_->time_before(*cluster_);
  return time ? std::optional(*time + clusters_->reach_ns()) : std::nullopt;
}

}  // namespace genlock::recording
