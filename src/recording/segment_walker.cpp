#include "recording/segment_walker.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "mkv/endian.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

/// Whether a cluster really starts here, and not just its four bytes within pixels.
bool is_cluster(mkv::Input& input, std::uint64_t offset) {
  const std::optional<FoundElement> cluster = mkv::read_element(input, offset, input.size());
  if (!cluster || cluster->id != Id::cluster) return false;
  const std::optional<FoundElement> first = mkv::read_element(input, cluster->data, cluster->end);
  return first && (first->id == Id::crc32 || first->id == Id::timestamp || first->id == Id::void_);
}

/// Whether bytes at the segment's own level are meant as the element that they read as. The ids that stand
/// there have four bytes, which damage does not imitate; anything else, a Void of one byte's id included, is
/// believed where the file ends behind it or another element stands there.
bool is_meant(mkv::Input& input, const FoundElement& found) {
  const auto stands_here = [](Id id) {
    const mkv::Element* element = mkv::find_element(id);
    return element != nullptr && (element->parent == Id::segment || element->parent == Id::none);
  };
  const mkv::Element* element = mkv::find_element(found.id);
  if (element != nullptr && !element->global && stands_here(found.id)) return true;
  if (found.cut || found.unknown_size) return false;
  if (found.end == input.size()) return true;
  const std::optional<FoundElement> behind = mkv::read_element(input, found.end, input.size());
  return behind && stands_here(behind->id);
}

/// The first look of a search; each one that finds nothing doubles the next.
constexpr std::size_t kFirstLook = 256;

/// Offset of the next cluster at or after `from`, or the end of the file. Looks further only as far as it has
/// come, so that it reads no more than a few times the bytes it passes, whatever they are.
std::uint64_t next_cluster(mkv::Input& input, std::uint64_t from) {
  std::array<std::byte, 4> id;
  mkv::store_big(static_cast<std::uint32_t>(Id::cluster), id);
  std::size_t look = kFirstLook;
  while (from < input.size()) {
    const ByteSpan chunk = input.peek(from, look);
    if (chunk.size() < id.size()) break;
    const auto hit = std::search(chunk.begin(), chunk.end(), id.begin(), id.end());
    if (hit == chunk.end()) {
      from += chunk.size() - id.size() + 1;
      look = std::min(2 * look, mkv::Input::kMaxPeek);
      continue;
    }
    from += static_cast<std::uint64_t>(hit - chunk.begin());
    if (is_cluster(input, from)) return from;
    ++from;
    look = kFirstLook;
  }
  return input.size();
}

FoundElement to_end_of_file(const mkv::Input& input, FoundElement segment) {
  segment.end = input.size();
  segment.unknown_size = true;
  return segment;
}

}  // namespace

SegmentWalker::SegmentWalker(mkv::Input& input, const FoundElement& segment, std::uint64_t from)
    : input_(input), segment_(to_end_of_file(input, segment)), children_(std::in_place, input, segment_) {
  children_->go_to(from);
}

std::optional<FoundElement> SegmentWalker::next() {
  std::optional<FoundElement> found = children_->next();
  if (found && !is_meant(input_, *found)) {
    find_cluster(found->offset);
  } else if (found || !children_->damaged()) {
    return found;
  } else {
    find_cluster(children_->position());
  }
  return children_->next();
}

void SegmentWalker::skip_to(std::uint64_t offset, bool damaged) {
  if (damaged) {
    find_cluster(offset);
  } else {
    children_->go_to(offset);
  }
}

void SegmentWalker::find_cluster(std::uint64_t from) {
  const std::uint64_t at = next_cluster(input_, from);
  if (at < input_.size()) input_.problem(fmt::format("bytes {} to {} are skipped", from, at));
  // Anew: the cluster may begin within what was taken for an element.
  children_.emplace(input_, segment_);
  children_->go_to(at);
}

}  // namespace genlock::recording
