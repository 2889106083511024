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

}  // namespace

ClusterMap::ClusterMap(mkv::Input& input, const FileContents& contents, const FileLayout& layout,
                       CueList& cues, CuedBlocks& records)
    : input_(input),
      contents_(contents),
      cues_(cues),
      records_(records),
      start_offset_ns_(layout.start_offset_ns),
      scale_ns_(static_cast<std::int64_t>(layout.timestamp_scale_ns)),
      starts_{{contents.first_cluster, true, std::nullopt}},
      longest_stretch_(kFirstStretch) {}

// Spans.

void ClusterMap::load_cues() {
  if (std::exchange(cues_loaded_, true)) return;
  for (const Cue& cue : cues_.all())
    if (cue.cluster > contents_.first_cluster) starts_.push_back({cue.cluster, false, std::nullopt});
}

bool ClusterMap::is_cluster(std::uint64_t offset) {
  const std::optional<FoundElement> found = mkv::read_element(input_, offset, input_.size());
  return found && found->id == Id::cluster;
}

/// False if no cluster stands there: then no such start is left.
bool ClusterMap::look_at(SpanStart& start) {
  if (start.looked_at) return true;
  start.looked_at = is_cluster(start.offset);
  if (start.looked_at) return true;
  drop_false_cues();
  return false;
}

/// All at once, so that it is done once at most.
void ClusterMap::drop_false_cues() {
  std::erase_if(starts_, [&](SpanStart& start) {
    if (start.looked_at || (start.looked_at = is_cluster(start.offset))) return false;
    input_.problem(fmt::format("a cue points at byte {}, where no cluster is; it is not used", start.offset));
    return true;
  });
}

/// The span that `offset` is in, which is not before the first cluster.
ClusterMap::Span ClusterMap::span_of(std::uint64_t offset) {
  load_cues();
  while (true) {
    const auto behind = std::ranges::upper_bound(starts_, offset, {}, &SpanStart::offset);
    const auto start = behind == starts_.begin() ? behind : behind - 1;
    if (!look_at(*start) || (behind != starts_.end() && !look_at(*behind))) continue;
    return {start->offset, behind == starts_.end() ? input_.size() : behind->offset};
  }
}

/// The last span that does not begin later than `time_ns`, or the first, if cue points are in order.
ClusterMap::Span ClusterMap::span_at(std::int64_t time_ns) {
  load_cues();
  std::size_t low = 0;
  std::size_t high = starts_.size();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    SpanStart& start = starts_[middle];
    if (!look_at(start)) {
      low = 0;
      high = starts_.size();
      continue;
    }
    if (!start.time_ns) {
      const std::optional<FoundElement> found = mkv::read_element(input_, start.offset, input_.size());
      start.time_ns = found ? time_of(*found).value_or(0) : 0;
    }
    (*start.time_ns <= time_ns ? low : high) = middle;
  }
  return span_of(starts_[low].offset);
}

// Clusters by their heads.

std::optional<ClusterPlace> ClusterMap::cluster_at(std::uint64_t offset, std::uint64_t limit) {
  const std::optional<FoundElement> found = mkv::read_element(input_, offset, limit);
  return found && found->id == Id::cluster ? std::optional(describe(*found)) : std::nullopt;
}

std::optional<ClusterPlace> ClusterMap::find(const ClusterPlace& behind, std::uint64_t limit) {
  SegmentWalker walker(input_, contents_.segment, behind.next, limit);
  if (behind.next_unsure) walker.skip_to(behind.next, true);
  while (const std::optional<FoundElement> found = walker.next()) {
    if (found->id == Id::cues && !found->cut) saw_cues_ = true;
    if (found->id == Id::cluster) return describe(*found);
  }
  return std::nullopt;
}

/// A cluster ends where its size field says if the segment goes on there; else where what it holds ends.
ClusterPlace ClusterMap::describe(const FoundElement& cluster) {
  ClusterPlace place;
  place.offset = cluster.offset;
  place.element = cluster;
  place.time_ns = time_of(cluster).value_or(0);
  place.next = cluster.end;
  if (!cluster.unknown_size && !cluster.cut && segment_goes_on(input_, cluster.end)) return place;
  ClusterElements elements(input_, cluster);
  while (elements.next()) {
  }
  place.next = elements.position();
  place.next_unsure = elements.damaged();
  return place;
}

std::optional<std::int64_t> ClusterMap::time_of(const FoundElement& cluster) {
  mkv::Children children(input_, cluster);
  while (const std::optional<FoundElement> child = children.next()) {
    if (child->id == Id::simple_block || child->id == Id::block_group) break;
    if (child->id != Id::timestamp) continue;
    const std::optional<std::int64_t> time = cluster_time(input_, *child, scale_ns_);
    return time ? std::optional(*time * scale_ns_) : std::nullopt;
  }
  return std::nullopt;
}

// Clusters by the GENLOCK track's records.

/// Those of the span; null where the records do not list them.
const ClusterMap::Places* ClusterMap::recorded(const Span& span) {
  if (list_of_ != span.from) {
    list_ = read_records(span);
    list_of_ = span.from;
  }
  return list_ ? &*list_ : nullptr;
}

std::optional<ClusterMap::Places> ClusterMap::read_records(const Span& span) {
  if (span.upto == input_.size()) return std::nullopt;
  const CuedBlocks::Block block = records_.first_from(span.upto);
  if (!block) return std::nullopt;
  const std::vector<ClusterRecord>& all = block->metadata.clusters;
  const std::uint64_t start = span.from - contents_.segment.data;
  Places clusters;
  std::uint64_t at = span.from;
  for (auto record = std::ranges::lower_bound(all, start, {}, &ClusterRecord::position);
       record != all.end() && at != span.upto; ++record) {
    if (contents_.segment.data + record->position != at || !is_possible(*record) ||
        record->bytes > span.upto - at)
      return std::nullopt;
    ClusterPlace place;
    place.offset = at;
    place.next = at += record->bytes;
    place.time_ns = count_us(record->time) * 1000 - start_offset_ns_;
    clusters.push_back(place);
    if (!times_recorded_) clusters.back().time_ns = given_out(place).time_ns;
  }
  return at == span.upto ? std::optional(std::move(clusters)) : std::nullopt;
}

/// A recorded place with what the cluster's own head says, as far as it is one. It ends where its head says,
/// or where its place does.
ClusterPlace ClusterMap::given_out(ClusterPlace place) {
  std::optional<FoundElement> found = mkv::read_element(input_, place.offset, place.next);
  bool agrees =
      found && found->id == Id::cluster && !found->unknown_size && !found->cut && found->end == place.next;
  if (found && found->id == Id::cluster) {
    place.element = *found;
    place.element.unknown_size = place.element.cut = false;
    const std::int64_t time_ns = time_of(place.element).value_or(place.time_ns);
    if (time_ns != place.time_ns) agrees = times_recorded_ = false;
    place.time_ns = time_ns;
  } else {
    place.element = {.id = Id::none, .offset = place.offset, .data = place.next, .end = place.next};
  }
  if (!agrees)
    input_.problem(fmt::format(
        "the GENLOCK track's record of the cluster at byte {} says other than the cluster", place.offset));
  return place;
}

std::optional<ClusterPlace> ClusterMap::recorded_at(const Span& span, std::int64_t time_ns) {
  while (const Places* clusters = recorded(span)) {
    const auto later =
        std::ranges::find_if(*clusters, [&](const ClusterPlace& place) { return place.time_ns > time_ns; });
    const bool trusted = times_recorded_;
    const ClusterPlace place = given_out(later == clusters->begin() ? *later : *(later - 1));
    if (trusted == times_recorded_) return place;
    list_of_.reset();
  }
  return std::nullopt;
}

// Clusters by walking.

std::optional<ClusterMap::Anchor> ClusterMap::anchor_between(std::uint64_t from, std::uint64_t limit) const {
  const auto next = std::ranges::upper_bound(anchors_, from, {}, &Anchor::offset);
  return next != anchors_.end() && next->offset < limit ? std::optional(*next) : std::nullopt;
}

/// Clusters from a span's start or an anchor up to the next anchor or `limit`; one that is too long is ended
/// by a new anchor.
const ClusterMap::Places& ClusterMap::stretch(std::uint64_t from, std::uint64_t limit) {
  if (stretch_of_ == from) return stretch_;
  stretch_ = walk(from, limit);
  stretch_of_ = from;
  return stretch_;
}

ClusterMap::Places ClusterMap::walk(std::uint64_t from, std::uint64_t limit) {
  Places clusters;
  const std::optional<Anchor> next = anchor_between(from, limit);
  std::optional<ClusterPlace> place = cluster_at(from, limit);
  while (place && !(next && place->offset == next->offset)) {
    if (clusters.size() == longest_stretch_) {
      add_anchor(*place);
      break;
    }
    clusters.push_back(*place);
    place = find(*place, limit);
  }
  return clusters;
}

void ClusterMap::add_anchor(const ClusterPlace& place) {
  anchors_.insert(std::ranges::upper_bound(anchors_, place.offset, {}, &Anchor::offset),
                  Anchor{place.offset, place.time_ns});
  if (anchors_.size() < kMostAnchors) return;
  // Twice as long stretches, half as many anchors, the new one among them.
  const auto added = std::ranges::find(anchors_, place.offset, &Anchor::offset) - anchors_.begin();
  std::size_t kept = 0;
  for (auto i = static_cast<std::size_t>(added % 2); i < anchors_.size(); i += 2)
    anchors_[kept++] = anchors_[i];
  anchors_.resize(kept);
  longest_stretch_ *= 2;
}

/// The last cluster of the span before `offset`.
std::optional<ClusterPlace> ClusterMap::walked_before(const Span& span, std::uint64_t offset) {
  const auto behind = std::ranges::lower_bound(anchors_, offset, {}, &Anchor::offset);
  std::uint64_t from = span.from;
  if (behind != anchors_.begin()) from = std::max(from, (behind - 1)->offset);
  while (true) {
    const Places& clusters = stretch(from, span.upto);
    if (const auto next = anchor_between(from, std::min(span.upto, offset))) {
      from = next->offset;
      continue;
    }
    const auto at = std::ranges::lower_bound(clusters, offset, {}, &ClusterPlace::offset);
    return at == clusters.begin() ? std::nullopt : std::optional(*(at - 1));
  }
}

std::optional<ClusterPlace> ClusterMap::walked_at(const Span& span, std::int64_t time_ns) {
  const auto first = std::ranges::upper_bound(anchors_, span.from, {}, &Anchor::offset);
  const auto end = std::ranges::lower_bound(anchors_, span.upto, {}, &Anchor::offset);
  const auto later = std::upper_bound(first, end, time_ns,
                                      [](std::int64_t time, const Anchor& a) { return time < a.time_ns; });
  std::uint64_t from = later == first ? span.from : (later - 1)->offset;
  while (true) {
    const Places& clusters = stretch(from, span.upto);
    const std::optional<Anchor> next = anchor_between(from, span.upto);
    if (next && next->time_ns <= time_ns) {
      from = next->offset;
      continue;
    }
    if (clusters.empty()) return std::nullopt;
    const auto behind =
        std::ranges::find_if(clusters, [&](const ClusterPlace& place) { return place.time_ns > time_ns; });
    return behind == clusters.begin() ? *behind : *(behind - 1);
  }
}

// Either way.

std::optional<ClusterPlace> ClusterMap::first_from(std::uint64_t offset) {
  if (offset >= input_.size()) return std::nullopt;
  const Span span = span_of(offset);
  if (const Places* list = recorded(span)) return given_out(list->front());
  return cluster_at(span.from, span.upto);
}

std::optional<ClusterPlace> ClusterMap::after(const ClusterPlace& place) {
  const Span span = span_of(place.offset);
  if (const Places* list = recorded(span)) {
    const auto next = std::ranges::upper_bound(*list, place.offset, {}, &ClusterPlace::offset);
    if (next != list->end()) return given_out(*next);
  } else if (const auto found = find(place, span.upto)) {
    return found;
  }
  return first_from(span.upto);
}

std::optional<ClusterPlace> ClusterMap::before(const ClusterPlace& place) {
  if (place.offset <= contents_.first_cluster) return std::nullopt;
  const Span span = span_of(place.offset - 1);
  if (const Places* list = recorded(span))
    return given_out(*(std::ranges::lower_bound(*list, place.offset, {}, &ClusterPlace::offset) - 1));
  return walked_before(span, place.offset);
}

std::optional<ClusterPlace> ClusterMap::last() {
  if (contents_.first_cluster >= input_.size()) return std::nullopt;
  return walked_before(span_of(input_.size() - 1), input_.size());
}

std::optional<ClusterPlace> ClusterMap::at(std::int64_t time_ns) {
  if (contents_.first_cluster >= input_.size()) return std::nullopt;
  const Span span = span_at(time_ns);
  if (recorded(span) != nullptr) return recorded_at(span, time_ns);
  return walked_at(span, time_ns);
}

}  // namespace genlock::recording
