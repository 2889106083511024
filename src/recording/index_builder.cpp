#include "recording/index_builder.h"

#include <algorithm>
#include <limits>

namespace genlock::recording {
namespace {

/// Most clusters that wait for a block: half an hour of them.
constexpr std::size_t kMostPending = 65536;

template <class Narrow>
bool fits(std::int64_t value) {
  return value >= 0 && value <= static_cast<std::int64_t>(std::numeric_limits<Narrow>::max());
}

}  // namespace

bool MetadataBlock::torn() const {
  return (records.empty() ? 0 : records.back().offset + records.back().bytes.size()) < bytes.size();
}

IndexBuilder::IndexBuilder(const Result<FileLayout>& layout, std::optional<std::int64_t> start_offset_us) {
  if (!layout || layout->timestamp_scale_ns != kTimestampScaleNs) return;
  track_ = layout->metadata;
  start_offset_us_ = start_offset_us.value_or(layout->start_offset_ns / 1000);
}

std::optional<MetadataBlock> IndexBuilder::block_of(mkv::Input& input, const ScannedCluster& cluster) const {
  if (!on() || cluster.blocks.empty() || cluster.blocks.front().track != *track_) return std::nullopt;
  const ScannedBlock& first = cluster.blocks.front();
  if (first.frames != 1 || first.first_frame.size > kMostMetadataBytes) return std::nullopt;
  MetadataBlock block;
  block.at = first.first_frame.offset;
  block.bytes.resize(static_cast<std::size_t>(first.first_frame.size));
  if (!input.read(block.at, block.bytes)) return std::nullopt;
  block.records = split_records(block.bytes);
  return block;
}

void IndexBuilder::add(const ScannedCluster& cluster, std::uint64_t position, std::uint64_t bytes,
                       std::span<const std::uint64_t> content_offsets) {
  if (!on()) return;
  const std::optional<ClusterRecord> record = record_of(cluster, position, bytes, content_offsets);
  mkv::Output out;
  if (record && pending_.size() < kMostPending) put_record(out, *record);
  // Without the record of one the index is not whole, and readers walk: so be it.
  if (out.size() > 0) pending_.emplace_back(out.bytes().begin(), out.bytes().end());
}

void IndexBuilder::add(const ScannedCluster& cluster, std::uint64_t segment_data) {
  if (!on()) return;
  std::vector<std::uint64_t> offsets;
  for (const ScannedBlock& block : cluster.blocks)
    offsets.push_back(block.content.offset - cluster.element.offset);
  add(cluster, cluster.element.offset - segment_data, cluster.end - cluster.element.offset, offsets);
}

std::optional<ClusterRecord> IndexBuilder::record_of(const ScannedCluster& cluster, std::uint64_t position,
                                                     std::uint64_t bytes,
                                                     std::span<const std::uint64_t> offsets) const {
  if (!cluster.time) return std::nullopt;
  ClusterRecord record{
      .position = position, .bytes = bytes, .time = device_time_us(start_offset_us_ + *cluster.time)};
  for (std::size_t i = 0; i < cluster.blocks.size(); ++i) {
    const ScannedBlock& block = cluster.blocks[i];
    const std::int64_t after = block.time - *cluster.time;
    const std::uint64_t span = block.duration > 0 ? block.duration - 1 : 0;
    const bool told = fits<std::uint16_t>(after) && span <= 65535 && block.track <= 255 &&
                      block.frames <= 256 && offsets[i] <= 0xFFFFFFFF && block.content.size <= 0xFFFFFFFF;
    if (!told) return std::nullopt;
    record.blocks.push_back({.offset = static_cast<std::uint32_t>(offsets[i]),
                             .bytes = static_cast<std::uint32_t>(block.content.size),
                             .after_us = static_cast<std::uint16_t>(after),
                             .span_us = static_cast<std::uint16_t>(span),
                             .track = static_cast<std::uint8_t>(block.track),
                             .frames = static_cast<std::uint16_t>(block.frames)});
  }
  return record;
}

bool IndexBuilder::expects(ByteSpan record) const {
  return std::ranges::any_of(pending_,
                             [&](const Record& known) { return std::ranges::equal(known, record); });
}

bool IndexBuilder::matches(const MetadataBlock& block) const {
  std::size_t next = 0;
  for (const RawRecord& record : block.records) {
    if (!record.cluster) continue;
    if (next >= pending_.size() || !std::ranges::equal(pending_[next], record.bytes)) return false;
    ++next;
  }
  return next == pending_.size() && !block.torn();
}

mkv::Output join_records(const std::optional<MetadataBlock>& others,
                         const std::vector<IndexBuilder::Record>& index) {
  mkv::Output out;
  if (others)
    for (const RawRecord& record : others->records)
      if (!record.cluster) out.append(record.bytes);
  for (const IndexBuilder::Record& record : index) out.append(record);
  return out;
}

}  // namespace genlock::recording
