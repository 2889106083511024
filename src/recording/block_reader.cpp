#include "recording/block_reader.h"

#include <fmt/core.h>

#include <algorithm>

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
    : input_(input),
      children_(input, cluster),
      cluster_at_(cluster.offset),
      scale_ns_(static_cast<std::int64_t>(timestamp_scale_ns)) {
  if (cluster.cut)
    input_.problem(fmt::format("the cluster at byte {} is cut off by the end of the file", cluster_at_));
}

std::optional<StoredBlock> BlockReader::next() {
  while (const std::optional<FoundElement> child = children_.next())
    if (std::optional<StoredBlock> block = read_child(*child)) return block;
  return std::nullopt;
}

std::optional<StoredBlock> BlockReader::read_child(const FoundElement& child) {
  if (child.id == Id::timestamp) {
    if (const auto time = cluster_time(input_, child, scale_ns_)) cluster_time_ = time;
  }
  if (child.id == Id::simple_block) return read_block(child);
  if (child.id == Id::block_group) return read_group(child);
  return std::nullopt;
}

std::optional<StoredBlock> BlockReader::read_group(const FoundElement& group) {
  std::optional<StoredBlock> block;
  mkv::Children children(input_, group);
  while (const std::optional<FoundElement> child = children.next()) {
    if (child->id == Id::block && !block) block = read_block(*child);
    if (child->id == Id::block_duration && block) set_duration(*block, *child);
  }
  if (group.unknown_size) children_.go_to(children.position());
  return block;
}

void BlockReader::set_duration(StoredBlock& block, const FoundElement& duration) {
  const std::optional<std::uint64_t> value = mkv::uint_value(input_, duration);
  if (value && *value <= static_cast<std::uint64_t>(kTimeLimitNs / scale_ns_))
    block.duration_ns = static_cast<std::int64_t>(*value) * scale_ns_;
}

std::optional<StoredBlock> BlockReader::read_block(const FoundElement& block) {
  const auto give_up = [&](std::string_view why) {
    input_.problem(fmt::format("the block at byte {}: {}", block.offset, why));
    return std::nullopt;
  };
  if (block.cut) return give_up("it is cut off");
  if (!cluster_time_) return give_up("its cluster has no time");
  // Most heads are short; only a long table of frame sizes needs more.
  constexpr std::uint64_t kUsualHead = 64;
  const auto head = [&](std::uint64_t most) {
    return input_.peek(block.data, static_cast<std::size_t>(std::min(block.size(), most)));
  };
  Result<mkv::BlockLayout> layout = mkv::parse_block(head(kUsualHead), block.size());
  if (!layout && block.size() > kUsualHead)
    layout = mkv::parse_block(head(mkv::kLongestBlockHead), block.size());
  if (!layout) return give_up(layout.error().message());
  StoredBlock stored;
  stored.track = layout->track;
  stored.time_ns = (*cluster_time_ + layout->time) * scale_ns_;
  stored.frames = std::move(layout->frames);
  for (mkv::Extent& frame : stored.frames) frame.offset += block.data;
  return stored;
}

}  // namespace genlock::recording
