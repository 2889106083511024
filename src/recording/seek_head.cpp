#include "recording/seek_head.h"

#include "mkv/element_writer.h"
#include "mkv/endian.h"

namespace genlock::recording {

using mkv::FoundElement;
using Id = mkv::ElementId;

std::vector<SeekEntry> read_seek_head(mkv::Input& input, const FoundElement& seek_head,
                                      std::uint64_t segment_data) {
  std::vector<SeekEntry> entries;
  mkv::Children seeks(input, seek_head);
  while (const std::optional<FoundElement> seek = seeks.next()) {
    if (seek->id != Id::seek || entries.size() >= kMostSeekEntries) continue;
    SeekEntry entry;
    mkv::Children fields(input, *seek);
    while (const std::optional<FoundElement> field = fields.next()) {
      if (field->id == Id::seek_id && field->size() <= 4)
        entry.id = static_cast<Id>(mkv::uint_value(input, *field).value_or(0));
      if (field->id == Id::seek_position) entry.offset = mkv::uint_value(input, *field).value_or(0);
    }
    if (entry.offset > ~segment_data) continue;
    entry.offset += segment_data;
    entries.push_back(entry);
  }
  return entries;
}

void put_seek_head(mkv::Output& out, const std::vector<SeekEntry>& entries, std::uint64_t segment_data) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::seek_head, [&] {
    for (const SeekEntry& entry : entries) {
      writer.put_master(Id::seek, [&] {
        std::byte name[4];
        mkv::store_big(static_cast<std::uint32_t>(entry.id), name);
        writer.put_binary(Id::seek_id, name);
        writer.put_uint(Id::seek_position, entry.offset - segment_data);
      });
    }
  });
}

void put_cues(mkv::Output& out, const std::vector<CueEntry>& cues, std::uint64_t segment_data) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::cues, [&] {
    for (std::size_t at = 0; at < cues.size();) {
      const CueEntry& first = cues[at];
      writer.put_master(Id::cue_point, [&] {
        writer.put_uint(Id::cue_time, first.time);
        for (; at < cues.size() && cues[at].time == first.time && cues[at].cluster_at == first.cluster_at;
             ++at) {
          writer.put_master(Id::cue_track_positions, [&] {
            writer.put_uint(Id::cue_track, cues[at].track);
            writer.put_uint(Id::cue_cluster_position, cues[at].cluster_at - segment_data);
            if (cues[at].relative > 0) writer.put_uint(Id::cue_relative_position, cues[at].relative);
          });
        }
      });
    }
  });
}

}  // namespace genlock::recording
