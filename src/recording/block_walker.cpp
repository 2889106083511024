#include "recording/block_walker.h"

#include <fmt/core.h>

#include <limits>

namespace genlock::recording {

using mkv::FoundElement;
using Id = mkv::ElementId;

namespace {

/// File times stay below this, so that adding a start offset cannot overflow: 73 years.
constexpr std::int64_t kTimeLimitNs = std::numeric_limits<std::int64_t>::max() / 4;

}  // namespace

BlockWalker::BlockWalker(mkv::Input& input, const FoundElement& segment, std::uint64_t first_cluster,
                         std::uint64_t timestamp_scale_ns)
    : input_(input),
      segment_(input, segment, first_cluster),
      scale_ns_(static_cast<std::int64_t>(timestamp_scale_ns)) {}

std::optional<StoredBlock> BlockWalker::next() {
  while (cluster_ || open_cluster()) {
    while (const std::optional<FoundElement> child = cluster_->next())
      if (std::optional<StoredBlock> block = read_child(*child)) return block;
    leave_cluster();
  }
  return std::nullopt;
}

bool BlockWalker::open_cluster() {
  while (const std::optional<FoundElement> found = segment_.next()) {
    if (found->id == Id::cues && !found->cut) saw_cues_ = true;
    if (found->id != Id::cluster) continue;
    if (found->cut)
      input_.problem(fmt::format("the cluster at byte {} is cut off by the end of the file", found->offset));
    cluster_.emplace(input_, *found);
    cluster_at_ = found->offset;
    cluster_time_.reset();
    return true;
  }
  return false;
}

void BlockWalker::leave_cluster() {
  segment_.skip_to(cluster_->position(), cluster_->damaged());
  cluster_.reset();
}

std::optional<StoredBlock> BlockWalker::read_child(const FoundElement& child) {
  if (child.id == Id::timestamp) set_time(child);
  if (child.id == Id::simple_block) return read_block(child);
  if (child.id == Id::block_group) return read_group(child);
  return std::nullopt;
}

void BlockWalker::set_time(const FoundElement& timestamp) {
  const std::optional<std::uint64_t> value = mkv::uint_value(input_, timestamp);
  if (!value) return;
  if (*value > static_cast<std::uint64_t>(kTimeLimitNs / scale_ns_)) {
    input_.problem(fmt::format("the cluster at byte {} has an impossible time", cluster_at_));
    return;
  }
  cluster_time_ = static_cast<std::int64_t>(*value);
}

std::optional<StoredBlock> BlockWalker::read_group(const FoundElement& group) {
  std::optional<StoredBlock> block;
  mkv::Children children(input_, group);
  while (const std::optional<FoundElement> child = children.next())
    if (child->id == Id::block && !block) block = read_block(*child);
  if (group.unknown_size) cluster_->go_to(children.position());
  return block;
}

std::optional<StoredBlock> BlockWalker::read_block(const FoundElement& block) {
  const auto give_up = [&](std::string_view why) {
    input_.problem(fmt::format("the block at byte {}: {}", block.offset, why));
    return std::nullopt;
  };
  if (block.cut) return give_up("it is cut off");
  if (!cluster_time_) return give_up("its cluster has no time");
  constexpr std::size_t kUsualHead = 64;
  ByteSpan head =
      input_.peek(block.data, static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), kUsualHead)));
  const bool laced = head.size() >= 4 && (head[3] & std::byte{0x06}) != std::byte{0};
  if (laced || (!head.empty() && head[0] < std::byte{0x80}))
    head = input_.peek(
        block.data, static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), mkv::kLongestBlockHead)));
  Result<mkv::BlockLayout> layout = mkv::parse_block(head, block.size());
  if (!layout) return give_up(layout.error().message());
  StoredBlock stored;
  stored.track = layout->track;
  stored.time_ns = (*cluster_time_ + layout->time) * scale_ns_;
  stored.frames = std::move(layout->frames);
  for (mkv::Extent& frame : stored.frames) frame.offset += block.data;
  return stored;
}

}  // namespace genlock::recording
