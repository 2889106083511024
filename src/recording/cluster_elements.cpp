#include "recording/cluster_elements.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace genlock::recording {

using mkv::FoundElement;
using Id = mkv::ElementId;

namespace {

/// Elements that a cluster is looked through for its end; recorders put some ten into one.
constexpr std::size_t kMostPassed = 65536;

}  // namespace

bool belongs_into_cluster(Id id) {
  const mkv::Element* element = mkv::find_element(id);
  return element != nullptr && (element->global || element->parent == Id::cluster);
}

bool is_block(Id id) {
  return id == Id::simple_block || id == Id::block_group;
}

ClusterElements::ClusterElements(mkv::Input& input, const FoundElement& cluster)
    : input_(input), cluster_(cluster), children_(input, cluster), position_(cluster.data) {}

std::optional<ClusterElement> ClusterElements::next() {
  if (damaged_) return std::nullopt;
  const std::optional<FoundElement> child = children_.next();
  if (!child) {
    damaged_ = children_.damaged();
    return std::nullopt;
  }
  ClusterElement found{*child, std::nullopt};
  const bool whole = !child->cut && !child->unknown_size;
  if (whole && is_block(child->id)) found.block = read_block(*child);
  if (!whole && is_block(child->id)) note(*child, child->cut ? "it is cut off" : "it has no size");
  if (!whole || (!is_sound(found) && !fills_rest(child->end))) {
    damaged_ = true;
    if (!child->unknown_size && belongs_into_cluster(child->id)) torn_ = child;
    return std::nullopt;
  }
  position_ = child->end;
  return found;
}

void ClusterElements::note(const FoundElement& block, std::string_view why) {
  input_.problem(fmt::format("the block at byte {}: {}", block.offset, why));
}

bool ClusterElements::is_sound(const ClusterElement& found) const {
  constexpr std::uint64_t kMostOfANumber = 8;
  const Id id = found.element.id;
  if (id == Id::timestamp) return found.element.size() <= kMostOfANumber;
  return belongs_into_cluster(id) && (!is_block(id) || found.block);
}

/// Whether there is element after element up to the end of the cluster, or where that is not known up to an
/// element of the segment.
bool ClusterElements::fills_rest(std::uint64_t from) {
  if (fills_) return true;
  for (std::size_t passed = 0; from < cluster_.end; ++passed) {
    const std::optional<FoundElement> found = mkv::read_element(input_, from, cluster_.end);
    if (!found) return false;
    if ((cluster_.unknown_size || cluster_.cut) && mkv::level_of(found->id) == 1) break;
    if (found->cut || found->unknown_size || passed == kMostPassed) return false;
    from = found->end;
  }
  return fills_ = true;
}

std::optional<BlockElement> ClusterElements::read_block(const FoundElement& element) {
  if (element.id == Id::simple_block) return parse(element);
  std::optional<BlockElement> block = read_group(element);
  if (!block) note(element, "its group is damaged");
  return block;
}

std::optional<BlockElement> ClusterElements::read_group(const FoundElement& group) {
  std::optional<BlockElement> block;
  std::uint64_t duration = 0;
  mkv::Children fields(input_, group);
  while (const std::optional<FoundElement> field = fields.next()) {
    if (field->cut) return std::nullopt;
    if (field->id == Id::block && (block || !(block = parse(*field)))) return std::nullopt;
    if (field->id == Id::block_duration) duration = mkv::uint_value(input_, *field).value_or(0);
  }
  if (!block || fields.damaged() || fields.position() != group.end) return std::nullopt;
  block->duration = duration;
  return block;
}

std::optional<BlockElement> ClusterElements::parse(const FoundElement& element) {
  // Most heads are short; only a long table of frame sizes needs more.
  constexpr std::uint64_t kUsualHead = 64;
  const auto head = [&](std::uint64_t most) {
    return input_.peek(element.data, static_cast<std::size_t>(std::min(element.size(), most)));
  };
  Result<mkv::BlockLayout> layout = mkv::parse_block(head(kUsualHead), element.size());
  if (!layout && element.size() > kUsualHead)
    layout = mkv::parse_block(head(mkv::kLongestBlockHead), element.size());
  if (!layout) {
    note(element, layout.error().message());
    return std::nullopt;
  }
  BlockElement block;
  block.content = {element.data, element.size()};
  block.track = layout->track;
  block.time = layout->time;
  block.frames = std::move(layout->frames);
  for (mkv::Extent& frame : block.frames) frame.offset += element.data;
  return block;
}

}  // namespace genlock::recording
