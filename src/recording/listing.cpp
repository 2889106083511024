#include "recording/listing.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::recording {
namespace {

/// Of a block: its track number, as the writer's are below 127, time and flags.
constexpr std::uint32_t kBlockHeadBytes = 4;

std::optional<ListedBlock> listed_image(mkv::Input& input, const FileLayout& layout, TrackKind kind,
                                        DeviceTime time, const StoredBlock& block,
                                        const ReaderOptions& options) {
  const std::optional<mkv::Extent> pixels = stored_pixels(input, layout, kind, block, options);
  return pixels ? std::optional(ListedBlock{kind, time, pixels->size}) : std::nullopt;
}

}  // namespace

std::optional<ListedBlock> listed_by_block(mkv::Input& input, const FileLayout& layout,
                                           const StoredBlock& block, const ReaderOptions& options) {
  const DeviceTime time = layout.device_time(block.time_ns);
  if (const std::optional<TrackKind> kind = video_track_of(layout, block))
    return listed_image(input, layout, *kind, time, block, options);
  if (block.track != layout.imu) return std::nullopt;
  const auto samples = std::ranges::count(block.frames, kImuSampleBytes, &mkv::Extent::size);
  if (samples == 0) return std::nullopt;
  return ListedBlock{TrackKind::imu, time, static_cast<std::uint64_t>(samples)};
}

std::optional<ListedBlock> listed_by_index(mkv::Input& input, const FileLayout& layout,
                                           const ClusterRecord& cluster, const BlockPlace& block,
                                           const ReaderOptions& options) {
  const DeviceTime time = cluster.time + device_us(block.after_us);
  StoredBlock stored;
  stored.track = block.track;
  const std::uint64_t at = layout.segment.data + cluster.position + block.offset;
  stored.frames.push_back({at + kBlockHeadBytes, block.bytes - std::min(block.bytes, kBlockHeadBytes)});
  if (const std::optional<TrackKind> kind = video_track_of(layout, stored))
    return listed_image(input, layout, *kind, time, stored, options);
  if (block.track != layout.imu) return std::nullopt;
  return ListedBlock{TrackKind::imu, time, block.frames};
}

std::optional<ListedBlock> IndexComparison::next_indexed() {
  while (at_ < record_->blocks.size()) {
    const BlockPlace& block = record_->blocks[at_++];
    if (const auto listed = listed_by_index(input_, layout_, *record_, block, options_)) return listed;
  }
  return std::nullopt;
}

void IndexComparison::add(const StoredBlock& block) {
  if (!record_) return;
  if (const auto listed = listed_by_block(input_, layout_, block, options_))
    agrees_ = agrees_ && next_indexed() == listed;
}

bool IndexComparison::agrees() {
  if (!record_) return true;
  agrees_ = agrees_ && !next_indexed() && place_.next == place_.offset + record_->bytes;
  if (!agrees_)
    input_.problem(fmt::format("the index does not list what is in the cluster at byte {}", place_.offset));
  return agrees_;
}

}  // namespace genlock::recording
