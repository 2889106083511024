#include "recording/cues.h"

#include "mkv/element_writer.h"

namespace genlock::recording {
namespace {

using Id = mkv::ElementId;

void put_cue(mkv::ElementWriter& writer, const CuePlace& cue, std::uint64_t metadata_track) {
  const auto put = [&](std::uint64_t track, std::optional<std::uint64_t> block_at) {
    writer.put_master(Id::cue_track_positions, [&] {
      writer.put_uint(Id::cue_track, track);
      writer.put_uint(Id::cue_cluster_position, cue.position);
      if (block_at) writer.put_uint(Id::cue_relative_position, *block_at);
    });
  };
  if (cue.track != 0) put(cue.track, std::nullopt);
  if (cue.metadata_at) put(metadata_track, cue.metadata_at);
}

}  // namespace

void put_cues(mkv::Output& out, std::span<const CuePlace> cues, std::uint64_t metadata_track,
              DeviceTime start_offset) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::cues, [&] {
    for (const CuePlace& cue : cues) {
      writer.put_master(Id::cue_point, [&] {
        writer.put_uint(Id::cue_time, static_cast<std::uint64_t>(count_us(cue.time - start_offset)));
        put_cue(writer, cue, metadata_track);
      });
    }
  });
}

}  // namespace genlock::recording
