#include "recording/metadata_index.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::recording {

Metadata read_metadata(mkv::Input& input, std::span<const mkv::Extent> frames) {
  Metadata metadata;
  for (const mkv::Extent& frame : frames) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(frame.size, kMostMetadataBytes)));
    if (!input.read(frame.offset, bytes)) return metadata;
    if (!read_records(bytes, metadata))
      input.problem(fmt::format("the GENLOCK block at byte {} ends within a record", frame.offset));
  }
  return metadata;
}

std::optional<CuedMetadata> read_cued_metadata(mkv::Input& input, std::uint64_t track, const Cue& cue,
                                               std::uint64_t limit) {
  const auto cluster = mkv::read_element(input, cue.cluster, limit);
  if (!cluster || cluster->id != mkv::ElementId::cluster || !cue.metadata_at) return std::nullopt;
  if (*cue.metadata_at >= cluster->size()) return std::nullopt;
  const auto block = mkv::read_element(input, cluster->data + *cue.metadata_at, cluster->end);
  if (!block || block->id != mkv::ElementId::simple_block || block->cut) return std::nullopt;
  const std::uint64_t head_bytes = std::min<std::uint64_t>(block->size(), 64);
  const auto layout =
      mkv::parse_block(input.peek(block->data, static_cast<std::size_t>(head_bytes)), block->size());
  if (!layout || layout->track != track || layout->lacing != mkv::Lacing::none) return std::nullopt;
  mkv::Extent frame = layout->frames.front();
  frame.offset += block->data;
  return CuedMetadata{*cluster, block->end, read_metadata(input, {&frame, 1})};
}

void FrameRecords::add(const std::vector<FrameRecord>& records) {
  for (const FrameRecord& record : records)
    records_.insert_or_assign({record.device_time, record.track}, record);
}

const FrameRecord* FrameRecords::find(TrackKind track, DeviceTime time) const {
  const auto found = records_.find({time, track});
  return found == records_.end() ? nullptr : &found->second;
}

void FrameRecords::forget_before(DeviceTime time) {
  records_.erase(records_.begin(), records_.lower_bound({time, TrackKind::color}));
}

}  // namespace genlock::recording
