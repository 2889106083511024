#include "recording/segment_walker.h"

#include <fmt/core.h>

#include <algorithm>

#include "mkv/endian.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

/// Whether an element of this id may stand directly inside a segment, or ends it.
bool stands_in_segment(Id id) {
  const mkv::Element* element = mkv::find_element(id);
  return element != nullptr && (element->parent == Id::segment || element->parent == Id::none);
}

/// Elements in a row that may be unknown; recorders write none.
constexpr int kMostUnknown = 1000;

/// Whether from `offset` on there is element after element, up to one that stands in segments or the end of
/// the file.
bool goes_on(mkv::Input& input, std::uint64_t offset) {
  for (int passed = 0; passed <= kMostUnknown; ++passed) {
    if (offset == input.size()) return true;
    const std::optional<FoundElement> found = mkv::read_element(input, offset, input.size());
    if (!found) return false;
    if (stands_in_segment(found->id)) return true;
    if (found->cut || found->unknown_size) return false;
    offset = found->end;
  }
  return false;
}

/// Whether bytes at the segment's own level are meant as the element that they read as. The ids that stand
/// there have four bytes, which damage does not imitate; anything else, a Void of one byte's id included, is
/// believed where elements go on behind it.
bool is_meant(mkv::Input& input, const FoundElement& found) {
  const mkv::Element* element = mkv::find_element(found.id);
  if (element != nullptr && !element->global && stands_in_segment(found.id)) return true;
  return !found.cut && !found.unknown_size && goes_on(input, found.end);
}

/// Whether these four bytes, which pixels can have as well, are the id of a master directly inside a segment.
bool is_master_id(ByteSpan bytes) {
  if ((bytes[0] & std::byte{0xF0}) != std::byte{0x10}) return false;
  const mkv::Element* element = mkv::find_element(static_cast<Id>(mkv::load_big(bytes)));
  return element != nullptr && element->parent == Id::segment;
}

/// Whether a master of a segment really starts here. A cluster may be cut; of the others all must be there,
/// and something that can follow them.
bool is_master(mkv::Input& input, std::uint64_t offset) {
  const std::optional<FoundElement> master = mkv::read_element(input, offset, input.size());
  if (!master) return false;
  const std::optional<FoundElement> first = mkv::read_element(input, master->data, master->end);
  if (!first) return false;
  if (master->id == Id::cluster)
    return first->id == Id::crc32 || first->id == Id::timestamp || first->id == Id::void_;
  const mkv::Element* element = mkv::find_element(first->id);
  return element != nullptr && (element->global || element->parent == master->id) && !first->cut &&
         !master->cut && !master->unknown_size && goes_on(input, master->end);
}

/// The first look of a search; each one that finds nothing doubles the next.
constexpr std::size_t kFirstLook = 256;

/// Offset of the next master at or after `from`, or `limit`. Looks further only as far as it has come, so
/// that it reads no more than a few times the bytes it passes, whatever they are.
std::uint64_t next_master(mkv::Input& input, std::uint64_t from, std::uint64_t limit) {
  constexpr std::size_t kIdSize = 4;
  std::size_t look = kFirstLook;
  while (from < limit) {
    const ByteSpan chunk = input.peek(from, look);
    if (chunk.size() < kIdSize) break;
    const std::size_t last = chunk.size() - kIdSize;
    std::size_t at = 0;
    while (at <= last && !is_master_id(chunk.subspan(at, kIdSize))) ++at;
    from += at;
    if (at > last) {
      look = std::min(2 * look, mkv::Input::kMaxPeek);
      continue;
    }
    if (from < limit && is_master(input, from)) return from;
    ++from;
    look = kFirstLook;
  }
  return limit;
}

FoundElement up_to(std::uint64_t limit, FoundElement segment) {
  segment.end = limit;
  segment.unknown_size = true;
  return segment;
}

}  // namespace

FoundElement with_true_end(mkv::Input& input, FoundElement master) {
  const mkv::Element* element = mkv::find_element(master.id);
  const bool stands_there =
      element != nullptr && element->type == mkv::ElementType::master && element->parent == Id::segment;
  if (!stands_there) return master;
  mkv::Children inside(input, master);
  while (inside.next()) {
  }
  const bool followed = inside.position() < master.end && !inside.damaged();
  if (!master.unknown_size && !followed) return master;
  master.end = inside.position();
  master.unknown_size = true;
  master.cut = false;
  return master;
}

bool has_whole_child(mkv::Input& input, const FoundElement& master) {
  mkv::Children children(input, master);
  const std::optional<FoundElement> first = children.next();
  return first && !first->cut;
}

bool segment_goes_on(mkv::Input& input, std::uint64_t offset) {
  if (offset >= input.size()) return true;
  const std::optional<FoundElement> found = mkv::read_element(input, offset, input.size());
  return found && is_meant(input, *found);
}

SegmentWalker::SegmentWalker(mkv::Input& input, const FoundElement& segment, std::uint64_t from,
                             std::uint64_t limit)
    : input_(input),
      segment_(up_to(std::min(limit, input.size()), segment)),
      children_(std::in_place, input, segment_) {
  children_->go_to(from);
}

std::optional<FoundElement> SegmentWalker::next() {
  std::optional<FoundElement> found = children_->next();
  if (found && is_meant(input_, *found)) return ended(*found);
  if (!found && !children_->damaged()) return std::nullopt;
  find_master(found ? found->offset : children_->position());
  const std::optional<FoundElement> master = children_->next();
  return master ? std::optional(ended(*master)) : std::nullopt;
}

FoundElement SegmentWalker::ended(const FoundElement& found) {
  if (found.id == Id::cluster) return found;
  const FoundElement element = with_true_end(input_, found);
  if (element.unknown_size) children_->go_to(element.end);
  return element;
}

void SegmentWalker::skip_to(std::uint64_t offset, bool damaged) {
  if (damaged) {
    find_master(offset);
  } else {
    children_->go_to(offset);
  }
}

void SegmentWalker::find_master(std::uint64_t from) {
  const std::uint64_t at = next_master(input_, from, segment_.end);
  if (at < input_.size()) input_.problem(fmt::format("bytes {} to {} are skipped", from, at));
  // Anew: the master may begin within what was taken for an element.
  children_.emplace(input_, segment_);
  children_->go_to(at);
}

}  // namespace genlock::recording
