#pragma once

#include <cstdint>
#include <vector>

#include "mkv/element_reader.h"
#include "mkv/output.h"

// SeekHead and Cues as lists. Positions in files count from the start of the segment's data; here they are
// file offsets.

namespace genlock::recording {

struct SeekEntry {
  mkv::ElementId id = mkv::ElementId::none;
  std::uint64_t offset = 0;
};

struct CueEntry {
  std::uint64_t time = 0;  ///< in units of the file's scale
  std::uint64_t track = 0;
  std::uint64_t cluster_at = 0;
  std::uint64_t relative = 0;  ///< of the block, from the cluster's data; 0: not said
};

/// At most kMostSeekEntries; what does not fit into the file's offsets is left out.
std::vector<SeekEntry> read_seek_head(mkv::Input& input, const mkv::FoundElement& seek_head,
                                      std::uint64_t segment_data);
inline constexpr std::size_t kMostSeekEntries = 64;

void put_seek_head(mkv::Output& out, const std::vector<SeekEntry>& entries, std::uint64_t segment_data);

/// Calls `visit` with each CueTrackPositions.
template <class Visit>
void for_each_cue(mkv::Input& input, const mkv::FoundElement& cues, std::uint64_t segment_data, Visit visit) {
  using Id = mkv::ElementId;
  mkv::Children points(input, cues);
  while (const auto point = points.next()) {
    if (point->id != Id::cue_point) continue;
    CueEntry cue;
    mkv::Children fields(input, *point);
    while (const auto field = fields.next()) {
      if (field->id == Id::cue_time) cue.time = mkv::uint_value(input, *field).value_or(0);
      if (field->id != Id::cue_track_positions) continue;
      cue.track = cue.cluster_at = cue.relative = 0;
      mkv::Children parts(input, *field);
      while (const auto part = parts.next()) {
        const auto value = [&] { return mkv::uint_value(input, *part).value_or(0); };
        if (part->id == Id::cue_track) cue.track = value();
        if (part->id == Id::cue_cluster_position) cue.cluster_at = segment_data + value();
        if (part->id == Id::cue_relative_position) cue.relative = value();
      }
      visit(*point, cue);
    }
  }
}

/// `cues` in order of time; those of one time and cluster, next to each other, become one CuePoint.
void put_cues(mkv::Output& out, const std::vector<CueEntry>& cues, std::uint64_t segment_data);

}  // namespace genlock::recording
