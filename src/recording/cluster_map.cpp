#include "recording/cluster_map.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "recording/block_reader.h"
#include "recording/segment_walker.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

constexpr std::size_t kFirstStretch = 64;
constexpr std::size_t kMostAnchors = std::size_t{1} << 18;
constexpr std::size_t kMostTrueEnds = 65536;

}  // namespace

ClusterMap::ClusterMap(mkv::Input& input, const FileContents& contents, const FileLayout& layout,
                       CueList& cues, CuedBlocks& records)
    : input_(input),
      contents_(contents),
      cues_(cues),
      records_(records),
      start_offset_ns_(layout.start_offset_ns),
      scale_ns_(static_cast<std::int64_t>(layout.timestamp_scale_ns)),
      anchors_{Anchor{contents.first_cluster, std::nullopt}},
      longest_stretch_(kFirstStretch) {}

void ClusterMap::load_cues() {
  if (std::exchange(cues_loaded_, true)) return;
  for (const Cue& cue : cues_.all())
    if (cue.cluster > contents_.first_cluster) anchors_.push_back({cue.cluster, std::nullopt});
}

void ClusterMap::distrust_cues(std::uint64_t offset) {
  input_.problem(fmt::format("a cue points at byte {}, where no cluster is; cues are not used", offset));
  anchors_.assign(1, {contents_.first_cluster, std::nullopt});
  stretch_ = {};
  walked_to_end_ = false;
}

void ClusterMap::distrust_records(std::uint64_t offset) {
  input_.problem(
      fmt::format("the GENLOCK track's record of the cluster at byte {} says other than the cluster; such "
                  "records are not used to find clusters",
                  offset));
  records_trusted_ = false;
  stretch_ = {};
}

/// The cluster of an anchor; nothing if a cue point lied.
std::optional<ClusterPlace> ClusterMap::cluster_at(std::uint64_t offset) {
  const std::optional<FoundElement> found = mkv::read_element(input_, offset, input_.size());
  return found && found->id == Id::cluster ? std::optional(describe(*found)) : std::nullopt;
}

std::optional<ClusterPlace> ClusterMap::find(std::uint64_t from, bool unsure) {
  SegmentWalker walker(input_, contents_.segment, from);
  if (unsure) walker.skip_to(from, true);
  while (const std::optional<FoundElement> found = walker.next())
    if (found->id == Id::cluster) return describe(*found);
  return std::nullopt;
}

ClusterPlace ClusterMap::describe(const FoundElement& cluster) {
  ClusterPlace place;
  place.offset = cluster.offset;
  place.element = cluster;
  place.time_ns = time_of(cluster);
  const End end = end_of(cluster);
  place.next = end.next;
  place.next_unsure = end.unsure;
  return place;
}

std::int64_t ClusterMap::time_of(const FoundElement& cluster) {
  mkv::Children children(input_, cluster);
  while (const std::optional<FoundElement> child = children.next()) {
    if (child->id == Id::simple_block || child->id == Id::block_group) break;
    if (child->id == Id::timestamp) return cluster_time(input_, *child, scale_ns_).value_or(0) * scale_ns_;
  }
  return 0;
}

/// By its size field where an element follows there; else by going through what it holds.
ClusterMap::End ClusterMap::end_of(const FoundElement& cluster) {
  if (const auto known = true_ends_.find(cluster.offset); known != true_ends_.end()) return known->second;
  if (!cluster.unknown_size && !cluster.cut && is_element_or_end(cluster.end)) return {cluster.end, false};
  ClusterElements elements(input_, cluster);
  while (elements.next()) {
  }
  const End end{elements.position(), elements.damaged()};
  if (true_ends_.size() < kMostTrueEnds) true_ends_.emplace(cluster.offset, end);
  return end;
}

bool ClusterMap::is_element_or_end(std::uint64_t offset) {
  if (offset >= input_.size()) return true;
  const std::optional<FoundElement> found = mkv::read_element(input_, offset, input_.size());
  return found && (mkv::level_of(found->id) == 1 || found->id == Id::void_);
}

bool ClusterMap::correct_end(const ClusterPlace& place, std::uint64_t next, bool next_unsure) {
  if (place.next == next && place.next_unsure == next_unsure) return false;
  if (!true_ends_.contains(place.offset) && true_ends_.size() >= kMostTrueEnds) return false;
  true_ends_[place.offset] = {next, next_unsure};
  stretch_ = {};
  return true;
}

std::optional<ClusterPlace> ClusterMap::after(const ClusterPlace& place) {
  const Places& known = stretch_.places;
  const auto next = std::ranges::lower_bound(known, place.next, {}, &ClusterPlace::offset);
  if (!place.next_unsure && next != known.end() && next->offset == place.next)
    if (const auto cluster = given_out(*next)) return cluster;
  return find(place.next, place.next_unsure);
}

/// A place of the present stretch; nothing if a record lied, and then the stretch is no more.
std::optional<ClusterPlace> ClusterMap::given_out(const ClusterPlace& place) {
  return stretch_.from_records ? confirm(place) : place;
}

std::optional<ClusterPlace> ClusterMap::confirm(ClusterPlace place) {
  const std::optional<FoundElement> found = mkv::read_element(input_, place.offset, input_.size());
  const bool fits = found && found->id == Id::cluster && !found->unknown_size && !found->cut &&
                    found->end == place.next && !true_ends_.contains(place.offset) &&
                    time_of(*found) == place.time_ns;
  if (!fits) {
    distrust_records(place.offset);
    return std::nullopt;
  }
  place.element = *found;
  return place;
}

const ClusterMap::Stretch& ClusterMap::stretch(std::size_t anchor) {
  if (!stretch_.places.empty() && stretch_at_ == anchors_[anchor].offset) return stretch_;
  stretch_at_ = anchors_[anchor].offset;
  if (std::optional<Places> recorded = recorded_stretch(anchor)) {
    stretch_ = {*std::move(recorded), true};
  } else {
    stretch_ = {walk_stretch(anchor), false};
  }
  return stretch_;
}

/// The same from the records of the next GENLOCK block; nothing where these do not lead from anchor to
/// anchor.
std::optional<ClusterMap::Places> ClusterMap::recorded_stretch(std::size_t anchor) {
  if (!records_trusted_ || anchor + 1 >= anchors_.size()) return std::nullopt;
  const std::uint64_t upto = anchors_[anchor + 1].offset;
  const CuedBlocks::Block block = records_.first_from(upto);
  if (!block) return std::nullopt;
  Places clusters;
  std::uint64_t at = anchors_[anchor].offset;
  for (const ClusterRecord& record : block->metadata.clusters) {
    const std::uint64_t offset = contents_.segment.data + record.position;
    if (offset != at || at == upto) continue;
    if (record.bytes == 0 || record.bytes > upto - at ||
        std::abs(count_us(record.time)) > kTimeLimitNs / 1000)
      return std::nullopt;
    ClusterPlace place;
    place.offset = at;
    place.next = at += record.bytes;
    place.time_ns = count_us(record.time) * 1000 - start_offset_ns_;
    clusters.push_back(place);
  }
  return at == upto ? std::optional(std::move(clusters)) : std::nullopt;
}

/// The clusters from an anchor up to the next. One that is too long is ended by a new anchor; an anchor that
/// the walk does not come to is no cluster of this file, and goes.
ClusterMap::Places ClusterMap::walk_stretch(std::size_t anchor) {
  Places clusters;
  std::optional<ClusterPlace> place = cluster_at(anchors_[anchor].offset);
  if (!place && anchor > 0) {
    distrust_cues(anchors_[anchor].offset);
    return {};
  }
  while (place) {
    while (anchor + 1 < anchors_.size() && anchors_[anchor + 1].offset < place->offset)
      anchors_.erase(anchors_.begin() + static_cast<std::ptrdiff_t>(anchor) + 1);
    if (anchor + 1 < anchors_.size() && anchors_[anchor + 1].offset == place->offset) return clusters;
    if (clusters.size() == longest_stretch_) {
      add_anchor(anchor + 1, *place);
      return clusters;
    }
    clusters.push_back(*place);
    place = after(*place);
  }
  anchors_.erase(anchors_.begin() + static_cast<std::ptrdiff_t>(anchor) + 1, anchors_.end());
  walked_to_end_ = true;
  return clusters;
}

void ClusterMap::add_anchor(std::size_t at, const ClusterPlace& place) {
  anchors_.insert(anchors_.begin() + static_cast<std::ptrdiff_t>(at), Anchor{place.offset, place.time_ns});
  if (anchors_.size() < kMostAnchors) return;
  // Twice as long stretches, half as many anchors.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < anchors_.size(); i += 2) anchors_[kept++] = anchors_[i];
  anchors_.resize(kept);
  longest_stretch_ *= 2;
}

/// Goes on from the last anchor. False at the end of the file.
bool ClusterMap::walk_on() {
  if (walked_to_end_) return false;
  stretch_ = {};
  (void)stretch(anchors_.size() - 1);
  return !walked_to_end_;
}

/// The last anchor before `offset`.
std::size_t ClusterMap::anchor_before(std::uint64_t offset) {
  const auto behind = std::ranges::lower_bound(anchors_, offset, {}, &Anchor::offset);
  return behind == anchors_.begin() ? 0 : static_cast<std::size_t>(behind - anchors_.begin()) - 1;
}

std::optional<ClusterPlace> ClusterMap::before(const ClusterPlace& place) {
  load_cues();
  while (true) {
    const std::size_t anchor = anchor_before(place.offset);
    const Places& clusters = stretch(anchor).places;
    // The walk may have put anchors between.
    if (anchor_before(place.offset) != anchor) continue;
    const auto behind = std::ranges::lower_bound(clusters, place.offset, {}, &ClusterPlace::offset);
    if (behind == clusters.begin()) return std::nullopt;
    if (const auto cluster = given_out(*(behind - 1))) return cluster;
  }
}

std::optional<ClusterPlace> ClusterMap::last() {
  load_cues();
  do {
    while (walk_on()) {
    }
    const Places& clusters = stretch(anchors_.size() - 1).places;
    if (!clusters.empty()) return clusters.back();
  } while (!walked_to_end_);
  return std::nullopt;
}

/// The last anchor whose time is not after `time_ns`, or the first; nothing if a cue point lied.
std::optional<std::size_t> ClusterMap::anchor_at(std::int64_t time_ns) {
  std::size_t low = 0;
  std::size_t high = anchors_.size();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    Anchor& anchor = anchors_[middle];
    if (!anchor.time_ns) {
      const std::optional<FoundElement> found = mkv::read_element(input_, anchor.offset, input_.size());
      if (!found || found->id != Id::cluster) {
        distrust_cues(anchor.offset);
        return std::nullopt;
      }
      anchor.time_ns = time_of(*found);
    }
    (*anchor.time_ns <= time_ns ? low : high) = middle;
  }
  return low;
}

std::optional<ClusterPlace> ClusterMap::at(std::int64_t time_ns) {
  load_cues();
  while (true) {
    const std::optional<std::size_t> anchor = anchor_at(time_ns);
    if (!anchor || (*anchor + 1 == anchors_.size() && walk_on())) continue;
    const std::size_t known = anchors_.size();
    const Places& clusters = stretch(*anchor).places;
    if (anchors_.size() != known) continue;
    if (clusters.empty()) return first();
    const auto later =
        std::ranges::find_if(clusters, [&](const ClusterPlace& place) { return place.time_ns > time_ns; });
    if (const auto cluster = given_out(later == clusters.begin() ? *later : *(later - 1))) return cluster;
  }
}

}  // namespace genlock::recording
