#include "recording/block_reader.h"

#include <fmt/core.h>

#include <utility>

namespace genlock::recording {

using mkv::FoundElement;
using Id = mkv::ElementId;

std::optional<std::int64_t> cluster_time(mkv::Input& input, const FoundElement& timestamp,
                                         std::int64_t scale_ns) {
  const std::optional<std::uint64_t> value = mkv::uint_value(input, timestamp);
  if (!value) return std::nullopt;
  if (*value <= static_cast<std::uint64_t>(kTimeLimitNs / scale_ns)) return static_cast<std::int64_t>(*value);
  input.problem(fmt::format("the cluster time at byte {} is impossible", timestamp.offset));
  return std::nullopt;
}

BlockReader::BlockReader(mkv::Input& input, const FoundElement& cluster, std::uint64_t timestamp_scale_ns)
    : input_(input), elements_(input, cluster), scale_ns_(static_cast<std::int64_t>(timestamp_scale_ns)) {
  if (cluster.cut)
    input_.problem(fmt::format("the cluster at byte {} is cut off by the end of the file", cluster.offset));
}

std::optional<StoredBlock> BlockReader::next() {
  while (std::optional<ClusterElement> found = elements_.next()) {
    if (found->element.id == Id::timestamp) take_time(found->element);
    if (!found->block) continue;
    if (std::optional<StoredBlock> block = take(*found)) return block;
  }
  return std::nullopt;
}

/// A cluster has one time: where there is another, it is not known which one what follows goes by.
void BlockReader::take_time(const FoundElement& timestamp) {
  cluster_time_ = std::exchange(timed_, true) ? std::nullopt : cluster_time(input_, timestamp, scale_ns_);
}

std::optional<StoredBlock> BlockReader::take(ClusterElement& found) {
  if (!cluster_time_) {
    input_.problem(fmt::format("the block at byte {}: its cluster has no time", found.element.offset));
    return std::nullopt;
  }
  BlockElement& block = *found.block;
  StoredBlock stored;
  stored.track = block.track;
  stored.time_ns = (*cluster_time_ + block.time) * scale_ns_;
  if (block.duration <= static_cast<std::uint64_t>(kTimeLimitNs / scale_ns_))
    stored.duration_ns = static_cast<std::int64_t>(block.duration) * scale_ns_;
  stored.frames = std::move(block.frames);
  return stored;
}

}  // namespace genlock::recording
