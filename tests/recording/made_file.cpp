#include "made_file.h"

#include "mkv/block.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"

namespace genlock::test {
namespace {

using mkv::ElementWriter;
using Id = mkv::ElementId;

constexpr std::size_t kSeekHeadBytes = 64;

ByteSpan span_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

void put_track(ElementWriter& writer, const MadeTrack& track) {
  writer.put_master(Id::track_entry, [&] {
    writer.put_uint(Id::track_number, track.number);
    writer.put_uint(Id::track_uid, 1000 + track.number);
    writer.put_uint(Id::track_type, track.type);
    writer.put_string(Id::name, track.name);
    writer.put_string(Id::codec_id, track.codec);
    if (!track.codec_private.empty()) writer.put_binary(Id::codec_private, span_of(track.codec_private));
    if (track.period_ns > 0) writer.put_uint(Id::default_duration, track.period_ns);
    if (track.type != recording::kTrackTypeVideo) return;
    writer.put_master(Id::video, [&] {
      writer.put_uint(Id::pixel_width, static_cast<std::uint64_t>(track.size.width));
      writer.put_uint(Id::pixel_height, static_cast<std::uint64_t>(track.size.height));
    });
  });
}

void put_block(mkv::Output& out, ElementWriter& writer, const MadeBlock& block, std::int64_t cluster_us) {
  std::vector<ByteSpan> frames;
  for (const std::string& frame : block.frames) frames.push_back(span_of(frame));
  const mkv::BlockHead head{block.track, static_cast<std::int16_t>(block.time_us - cluster_us), 0x80};
  if (block.duration_us == 0) {
    mkv::put_laced_block(writer, out, Id::simple_block, head, frames);
    return;
  }
  writer.put_master(Id::block_group, [&] {
    mkv::put_laced_block(writer, out, Id::block, {head.track, head.time, 0}, frames);
    writer.put_uint(Id::block_duration, static_cast<std::uint64_t>(block.duration_us));
  });
}

void put_head(ElementWriter& writer, const MadeFile& file) {
  writer.put_master(Id::info, [&] {
    writer.put_uint(Id::timestamp_scale, recording::kTimestampScaleNs);
    for (const auto& [id, uid] :
         {std::pair(Id::segment_uid, file.uid), std::pair(Id::prev_uid, file.previous_uid),
          std::pair(Id::next_uid, file.next_uid)}) {
      std::string bytes = uid;
      bytes.resize(16);
      if (!uid.empty()) writer.put_binary(id, span_of(bytes));
    }
  });
  writer.put_master(Id::tracks, [&] {
    for (const MadeTrack& track : file.tracks) put_track(writer, track);
  });
  writer.put_master(Id::attachments, [&] {
    for (const auto& [name, data] : file.attachments) {
      writer.put_master(Id::attached_file, [&, &name = name, &data = data] {
        writer.put_string(Id::file_name, name);
        writer.put_uint(Id::file_uid, 1);
        writer.put_binary(Id::file_data, span_of(data));
      });
    }
  });
  writer.put_master(Id::tags, [&] {
    for (const auto& [name, value] : file.tags) {
      writer.put_master(Id::tag, [&, &name = name, &value = value] {
        writer.put_master(Id::simple_tag, [&] {
          writer.put_string(Id::tag_name, name);
          writer.put_string(Id::tag_string, value);
        });
      });
    }
  });
}

}  // namespace

MadeTrack video_track(std::uint64_t number, std::string_view name, PixelFormat format, Size size, int fps) {
  const auto info = recording::bitmap_info(format, size);
  return {.number = number,
          .name = std::string(name),
          .type = recording::kTrackTypeVideo,
          .codec = std::string(recording::kVideoCodec),
          .codec_private = std::string(reinterpret_cast<const char*>(info.data()), info.size()),
          .size = size,
          .period_ns = 1'000'000'000 / static_cast<std::uint64_t>(fps)};
}

MadeTrack imu_track(std::uint64_t number) {
  return {.number = number,
          .name = std::string(recording::kImuTrack),
          .codec = std::string(recording::kImuCodec),
          .codec_private = {},
          .size = {}};
}

std::string imu_bytes(std::int64_t time_us) {
  std::array<std::byte, recording::kImuSampleBytes> bytes{};
  mkv::store_little(static_cast<std::uint64_t>(time_us) * 1000, MutableByteSpan(bytes).first(8));
  mkv::store_little(static_cast<std::uint64_t>(time_us) * 1000, MutableByteSpan(bytes).subspan(20, 8));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> MadeFile::bytes() const {
  mkv::Output out;
  ElementWriter writer(out);
  writer.put_master(Id::ebml, [&] { writer.put_string(Id::doc_type, "matroska"); });
  std::size_t data = 0;
  std::size_t seek_head_at = 0;
  std::size_t cues_at = 0;
  writer.put_master(Id::segment, {.size_width = 8}, [&] {
    data = seek_head_at = out.size();
    writer.put_void(kSeekHeadBytes);
    put_head(writer, *this);
    std::vector<std::pair<std::int64_t, std::size_t>> cues;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      const std::int64_t time = clusters[i].front().time_us;
      if (cue_every > 0 && i % cue_every == 0) cues.emplace_back(time, out.size() - data);
      writer.put_master(Id::cluster, {.size_width = 8}, [&] {
        writer.put_uint(Id::timestamp, static_cast<std::uint64_t>(time));
        for (const MadeBlock& block : clusters[i]) put_block(out, writer, block, time);
      });
    }
    if (cues.empty()) return;
    cues_at = out.size() - data;
    writer.put_master(Id::cues, [&] {
      for (const auto& [time, position] : cues) {
        writer.put_master(Id::cue_point, [&, time = time, position = position] {
          writer.put_uint(Id::cue_time, static_cast<std::uint64_t>(time));
          writer.put_master(Id::cue_track_positions, [&] {
            writer.put_uint(Id::cue_track, 1);
            writer.put_uint(Id::cue_cluster_position, position);
          });
        });
      }
    });
  });
  std::vector<std::byte> file(out.bytes().begin(), out.bytes().end());
  if (cues_at == 0) return file;
  mkv::Output head;
  ElementWriter seek(head);
  // The table knows SeekHead inside a Segment only.
  seek.put_master(Id::segment, {.size_width = 8}, [&] {
    seek.put_master(Id::seek_head, [&] {
      seek.put_master(Id::seek, [&] {
        std::array<std::byte, 4> id;
        mkv::store_big(static_cast<std::uint32_t>(Id::cues), id);
        seek.put_binary(Id::seek_id, id);
        seek.put_uint(Id::seek_position, cues_at);
      });
    });
    seek.put_void(kSeekHeadBytes - (head.size() - 12));
  });
  std::ranges::copy(head.bytes().subspan(12, kSeekHeadBytes),
                    file.begin() + static_cast<std::ptrdiff_t>(seek_head_at));
  return file;
}

}  // namespace genlock::test
