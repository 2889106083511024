#include "recording/cued_blocks.h"

#include <algorithm>

namespace genlock::recording {
namespace {

/// Blocks that are kept: of sixteen seconds, if these are not longer than any recorder's.
constexpr std::size_t kMostKnown = 16;
constexpr std::uint64_t kMostKnownBytes = std::uint64_t{4} << 20;

std::uint64_t bytes_of(const CuedBlocks::Block& block) {
  return block ? block->block_end - block->cluster.data : 0;
}

}  // namespace

CuedBlocks::Block CuedBlocks::at(const Cue& cue) {
  const auto known = std::ranges::find(known_, cue.cluster, &Known::cluster);
  if (known != known_.end()) {
    known_.splice(known_.begin(), known_, known);
  } else {
    known_.push_front({cue.cluster, read(cue)});
    known_bytes_ += bytes_of(known_.front().block);
    forget_some();
  }
  return known_.front().block;
}

CuedBlocks::Block CuedBlocks::first_from(std::uint64_t cluster) {
  const std::vector<Cue>& leading = cues_.leading_to_metadata();
  const auto cue = std::ranges::lower_bound(leading, cluster, {}, &Cue::cluster);
  return cue == leading.end() ? nullptr : at(*cue);
}

std::shared_ptr<const ClusterRecord> CuedBlocks::record_of(std::uint64_t cluster) {
  const Block block = first_from(cluster + 1);
  if (!block) return nullptr;
  const std::uint64_t position = cluster - layout_.segment.data;
  const std::vector<ClusterRecord>& all = block->metadata.clusters;
  const auto record = std::ranges::lower_bound(all, position, {}, &ClusterRecord::position);
  if (record == all.end() || record->position != position) return nullptr;
  return {block, &*record};
}

CuedBlocks::Block CuedBlocks::read(const Cue& cue) {
  if (!cue.metadata_at || !layout_.metadata) return nullptr;
  const auto next = std::ranges::upper_bound(cues_.all(), cue.cluster, {}, &Cue::cluster);
  const std::uint64_t limit = next == cues_.all().end() ? input_.size() : next->cluster;
  std::optional<CuedMetadata> found = read_cued_metadata(input_, *layout_.metadata, cue, limit);
  return found ? std::make_shared<const CuedMetadata>(*std::move(found)) : nullptr;
}

void CuedBlocks::forget_some() {
  while (known_.size() > 1 && (known_.size() > kMostKnown || known_bytes_ > kMostKnownBytes)) {
    known_bytes_ -= bytes_of(known_.back().block);
    known_.pop_back();
  }
}

}  // namespace genlock::recording
