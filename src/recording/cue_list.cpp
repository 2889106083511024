#include "recording/cue_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "recording/block_reader.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

}  // namespace

const std::vector<Cue>& CueList::all() {
  if (!std::exchange(read_, true) && contents_.cues) read();
  return cues_;
}

const std::vector<Cue>& CueList::leading_to_metadata() {
  (void)all();
  return to_metadata_;
}

void CueList::read() {
  mkv::Children points(input_, *contents_.cues);
  while (const std::optional<FoundElement> point = points.next()) {
    if (point->id != Id::cue_point) continue;
    if (cues_.size() == kMost) {
      input_.problem(fmt::format("there are more than {} cue points; the others are ignored", kMost));
      break;
    }
    if (const std::optional<Cue> cue = read_point(*point)) cues_.push_back(*cue);
  }
  std::ranges::stable_sort(cues_, {}, &Cue::cluster);
  const auto same = [](const Cue& a, const Cue& b) { return a.cluster == b.cluster; };
  cues_.erase(std::unique(cues_.begin(), cues_.end(), same), cues_.end());
  std::ranges::copy_if(cues_, std::back_inserter(to_metadata_),
                       [](const Cue& cue) { return cue.metadata_at.has_value(); });
}

std::optional<Cue> CueList::read_point(const FoundElement& point) {
  const auto scale = static_cast<std::int64_t>(layout_.timestamp_scale_ns);
  std::int64_t time_ns = 0;
  std::optional<Cue> cue;
  mkv::Children fields(input_, point);
  while (const std::optional<FoundElement> field = fields.next()) {
    if (field->id == Id::cue_time) time_ns = cluster_time(input_, *field, scale).value_or(0) * scale;
    if (field->id == Id::cue_track_positions) read_positions(*field, cue);
  }
  if (cue) cue->time_ns = time_ns;
  return cue;
}

void CueList::read_positions(const FoundElement& positions, std::optional<Cue>& cue) {
  std::optional<std::uint64_t> track, cluster, relative;
  mkv::Children fields(input_, positions);
  while (const std::optional<FoundElement> field = fields.next()) {
    if (field->id == Id::cue_track) track = mkv::uint_value(input_, *field);
    if (field->id == Id::cue_cluster_position) cluster = mkv::uint_value(input_, *field);
    if (field->id == Id::cue_relative_position) relative = mkv::uint_value(input_, *field);
  }
  if (!cluster || *cluster >= input_.size() - contents_.segment.data) return;
  if (!cue) cue = Cue{0, contents_.segment.data + *cluster, std::nullopt};
  if (track && track == layout_.metadata && cue->cluster == contents_.segment.data + *cluster)
    cue->metadata_at = relative;
}

}  // namespace genlock::recording
