#include "recording/cluster_sequence.h"

#include <algorithm>

#include "recording/cluster_reader.h"
#include "recording/listing.h"

namespace genlock::recording {
namespace {

/// Clusters in memory: those of the time between an image and its record, and some more.
constexpr std::size_t kMostRecent = 96;
constexpr std::size_t kMostRecentFrames = 2 * ClusterReader::kMostFrames;

std::int64_t device_ns(const Part& part, std::int64_t file_ns) {
  return file_ns + part.layout.start_offset_ns;
}

}  // namespace

ClusterBlocks::ClusterBlocks(ClusterRef cluster, std::vector<TrackBlock> blocks)
    : cluster_(std::move(cluster)), blocks_(std::move(blocks)) {
  std::ranges::stable_sort(blocks_, [](const TrackBlock& a, const TrackBlock& b) {
    return a.track != b.track ? a.track < b.track : a.time_ns < b.time_ns;
  });
  for (const TrackBlock& block : blocks_) frames_ += block.frames.size();
}

std::span<const TrackBlock> ClusterBlocks::of(TrackKey track) const {
  return {std::ranges::lower_bound(blocks_, track, {}, &TrackBlock::track),
          std::ranges::upper_bound(blocks_, track, {}, &TrackBlock::track)};
}

ClusterSequence::ClusterSequence(std::vector<std::unique_ptr<Part>>& parts, ReaderOptions options)
    : parts_(parts), options_(options) {
  for (const TrackInfo& track : parts_.front()->layout.tracks)
    if (!track.built_in) other_names_.push_back(track.name);
  constexpr std::int64_t kFarthest = 32768;  // a block's time is a signed number of 16 bits
  for (const auto& part : parts_)
    reach_ns_ = std::max(reach_ns_, static_cast<std::int64_t>(part->layout.timestamp_scale_ns) * kFarthest);
}

std::optional<TrackKey> ClusterSequence::other_track(std::string_view name) const {
  const auto found = std::ranges::find(other_names_, name);
  if (found == other_names_.end()) return std::nullopt;
  return kFirstOtherKey + static_cast<std::size_t>(found - other_names_.begin());
}

Status ClusterSequence::status() const {
  for (const auto& part : parts_)
    if (const Status status = part->input.status(); !status) return status;
  return {};
}

std::optional<TrackKey> ClusterSequence::key_of(std::size_t index, const StoredBlock& block) {
  Part& part = *parts_[index];
  if (const std::optional<TrackKind> kind = video_track_of(part.layout, block)) {
    if (!stored_pixels(part.input, part.layout, *kind, block, options_)) return std::nullopt;
    return static_cast<TrackKey>(*kind);
  }
  if (block.track == part.layout.imu) return static_cast<TrackKey>(TrackKind::imu);
  if (block.track == part.layout.metadata) return kMetadataKey;
  const auto track = std::ranges::find(part.layout.tracks, block.track, &TrackInfo::number);
  return track == part.layout.tracks.end() ? std::nullopt : other_track(track->name);
}

std::optional<ClusterRef> ClusterSequence::ref(std::size_t part,
                                               const std::optional<ClusterPlace>& place) const {
  if (!place) return std::nullopt;
  return ClusterRef{part, device_ns(*parts_[part], place->time_ns), *place};
}

std::optional<ClusterRef> ClusterSequence::find_after(const ClusterRef& cluster) {
  std::size_t part = cluster.part;
  std::optional<ClusterPlace> place = parts_[part]->clusters->after(cluster.place);
  while (!place && part + 1 < parts_.size()) place = parts_[++part]->clusters->first();
  return ref(part, place);
}

std::optional<ClusterRef> ClusterSequence::find_before(const ClusterRef& cluster) {
  std::size_t part = cluster.part;
  std::optional<ClusterPlace> place = parts_[part]->clusters->before(cluster.place);
  while (!place && part > 0) place = parts_[--part]->clusters->last();
  return ref(part, place);
}

ClusterSequence::Cluster ClusterSequence::first() {
  for (std::size_t part = 0; part < parts_.size(); ++part)
    if (const auto found = ref(part, parts_[part]->clusters->first())) return load(found);
  return nullptr;
}

ClusterSequence::Cluster ClusterSequence::last() {
  for (std::size_t part = parts_.size(); part-- > 0;)
    if (const auto found = ref(part, parts_[part]->clusters->last())) return load(found);
  return nullptr;
}

const std::optional<ClusterRef>& ClusterSequence::ref_after(const ClusterBlocks& cluster) {
  if (!cluster.after_) cluster.after_ = find_after(cluster.cluster());
  return *cluster.after_;
}

const std::optional<ClusterRef>& ClusterSequence::ref_before(const ClusterBlocks& cluster) {
  if (!cluster.before_) cluster.before_ = find_before(cluster.cluster());
  return *cluster.before_;
}

std::optional<std::int64_t> ClusterSequence::time_after(const ClusterBlocks& cluster) {
  const auto& found = ref_after(cluster);
  return found ? std::optional(found->time_ns) : std::nullopt;
}

std::optional<std::int64_t> ClusterSequence::time_before(const ClusterBlocks& cluster) {
  const auto& found = ref_before(cluster);
  return found ? std::optional(found->time_ns) : std::nullopt;
}

ClusterSequence::Cluster ClusterSequence::at(std::int64_t time_ns) {
  std::size_t part = parts_.size() - 1;
  for (; part > 0; --part) {
    const std::optional<ClusterRef> first = ref(part, parts_[part]->clusters->first());
    if (first && first->time_ns <= time_ns) break;
  }
  for (; part < parts_.size(); ++part) {
    const std::int64_t file_ns = time_ns - parts_[part]->layout.start_offset_ns;
    if (const auto found = ref(part, parts_[part]->clusters->at(file_ns))) return load(found);
  }
  return nullptr;
}

ClusterSequence::Cluster ClusterSequence::load(const std::optional<ClusterRef>& ref) {
  if (!ref) return nullptr;
  const auto known = std::ranges::find_if(recent_, [&](const Cluster& cluster) {
    return cluster->cluster().part == ref->part && cluster->cluster().place.offset == ref->place.offset;
  });
  if (known != recent_.end()) {
    recent_.splice(recent_.begin(), recent_, known);
    return recent_.front();
  }
  recent_.push_front(read(*ref));
  recent_frames_ += recent_.front()->frames();
  forget_some();
  return recent_.front();
}

void ClusterSequence::forget_some() {
  while (recent_.size() > kMostRecent || (recent_.size() > 1 && recent_frames_ > kMostRecentFrames)) {
    recent_frames_ -= recent_.back()->frames();
    recent_.pop_back();
  }
}

ClusterSequence::Cluster ClusterSequence::read(const ClusterRef& ref) {
  Part& part = *parts_[ref.part];
  ClusterReader reader(part.input, ref.place, part.layout.timestamp_scale_ns);
  IndexComparison comparison(part.input, part.layout, part.cued_blocks, ref.place, options_);
  std::vector<TrackBlock> blocks;
  while (std::optional<StoredBlock> block = reader.next()) {
    comparison.add(*block);
    if (const std::optional<TrackKey> key = key_of(ref.part, *block))
      blocks.push_back({*key, device_ns(part, block->time_ns), block->duration_ns, std::move(block->frames)});
  }
  if (!comparison.agrees()) part.index_contradicted = true;
  return std::make_shared<const ClusterBlocks>(ref, std::move(blocks));
}

}  // namespace genlock::recording
