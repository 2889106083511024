#include "mkv/element_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>

#include "mkv/endian.h"
#include "mkv/vint.h"

namespace genlock::mkv {
namespace {

constexpr std::size_t kLongestHead = 12;  // 4 of id, 8 of size
constexpr std::size_t kSmall = 1024;      // content that is likely to be in the window with its neighbours

/// Whether `id` is `inside` or one of the masters over it.
bool is_self_or_above(ElementId id, const Element* inside) {
  for (; inside != nullptr; inside = find_element(inside->parent))
    if (id == inside->id) return true;
  return false;
}

}  // namespace

std::optional<FoundElement> read_element(Input& input, std::uint64_t offset, std::uint64_t limit) {
  if (offset >= limit) return std::nullopt;
  const ByteSpan head =
      input.peek(offset, static_cast<std::size_t>(std::min<std::uint64_t>(kLongestHead, limit - offset)));
  const std::optional<Vint> id = get_id(head);
  if (!id) return std::nullopt;
  const std::optional<Vint> size = get_vint(head.subspan(static_cast<std::size_t>(id->width)));
  if (!size) return std::nullopt;
  FoundElement found;
  found.id = static_cast<ElementId>(id->value);
  found.offset = offset;
  found.data = offset + static_cast<std::uint64_t>(id->width + size->width);
  found.unknown_size = size->value == kUnknownSize;
  found.cut = !found.unknown_size && size->value > limit - found.data;
  found.end = found.unknown_size || found.cut ? limit : found.data + size->value;
  return found;
}

bool Children::ends_master(ElementId id) const {
  const Element* element = find_element(id);
  if (element == nullptr || element->global || element->parent == master_.id) return false;
  const Element* master = find_element(master_.id);
  return master != nullptr && master->parent != ElementId::none &&
         (element->parent == ElementId::none ||
          is_self_or_above(element->parent, find_element(master->parent)));
}

std::optional<FoundElement> Children::stop(std::string problem) {
  input_.problem(std::move(problem));
  damaged_ = true;
  return std::nullopt;
}

std::optional<FoundElement> Children::next() {
  if (damaged_) return std::nullopt;
  if (unknown_) {
    Children inside(input_, *unknown_);
    while (inside.next()) {
    }
    at_ = inside.position();
    damaged_ = inside.damaged();
    unknown_.reset();
  }
  if (at_ >= master_.end || damaged_) return std::nullopt;
  const std::optional<FoundElement> found = read_element(input_, at_, master_.end);
  if (!found) {
    const bool at_end = master_.end - at_ < kLongestHead && master_.end == input_.size();
    return stop(fmt::format("{} at byte {}: {} at byte {}", name_of(master_.id), master_.offset,
                            at_end ? "the file ends within the head of an element" : "no valid element",
                            at_));
  }
  if (ends_master(found->id)) {
    if (!master_.unknown_size && !master_.cut)
      input_.problem(fmt::format("{} at byte {} claims to reach byte {}, but {} follows at byte {}",
                                 name_of(master_.id), master_.offset, master_.end, name_of(found->id),
                                 found->offset));
    return std::nullopt;
  }
  floor_ = found->data;
  if (found->unknown_size) {
    const Element* element = find_element(found->id);
    if (element == nullptr || element->type != ElementType::master)
      return stop(fmt::format("{} at byte {} has no size", name_of(found->id), found->offset));
    if (element->parent != master_.id)
      return stop(fmt::format("{} at byte {} has no size and does not belong into {}", element->name,
                              found->offset, name_of(master_.id)));
    unknown_ = found;
    at_ = found->data;
  } else {
    at_ = found->end;
  }
  return found;
}

std::optional<std::uint64_t> uint_value(Input& input, const FoundElement& element) {
  if (!element.cut && element.size() <= 8) {
    const ByteSpan content = input.peek(element.data, static_cast<std::size_t>(element.size()));
    if (content.size() == element.size()) return load_big(content);
  }
  input.problem(fmt::format("{} at byte {} is no number", name_of(element.id), element.offset));
  return std::nullopt;
}

std::optional<double> real_value(Input& input, const FoundElement& element) {
  const std::optional<std::uint64_t> bits = uint_value(input, element);
  if (!bits) return std::nullopt;
  if (element.size() == 0) return 0.0;
  if (element.size() == 4)
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(*bits)));
  if (element.size() == 8) return std::bit_cast<double>(*bits);
  input.problem(
      fmt::format("{} at byte {} has {} bytes", name_of(element.id), element.offset, element.size()));
  return std::nullopt;
}

std::optional<WallTime> date_value(Input& input, const FoundElement& element) {
  const std::optional<std::uint64_t> bits = uint_value(input, element);
  if (!bits || element.size() != 8) return std::nullopt;
  return WallTime(
      std::chrono::nanoseconds(static_cast<std::int64_t>(*bits + static_cast<std::uint64_t>(kEpoch2001))));
}

std::optional<std::string> string_value(Input& input, const FoundElement& element) {
  const std::optional<std::vector<std::byte>> bytes = binary_value(input, element, Input::kMaxPeek);
  if (!bytes) return std::nullopt;
  const auto end = std::find(bytes->begin(), bytes->end(), std::byte{0});
  return std::string(reinterpret_cast<const char*>(bytes->data()),
                     static_cast<std::size_t>(end - bytes->begin()));
}

std::optional<std::vector<std::byte>> binary_value(Input& input, const FoundElement& element,
                                                   std::size_t most) {
  if (!element.cut && element.size() <= most) {
    const auto size = static_cast<std::size_t>(element.size());
    if (size <= kSmall) {
      const ByteSpan content = input.peek(element.data, size);
      if (content.size() == size) return std::vector<std::byte>(content.begin(), content.end());
    } else {
      std::vector<std::byte> bytes(size);
      if (input.read(element.data, bytes)) return bytes;
    }
  }
  input.problem(fmt::format("{} at byte {}: {}", name_of(element.id), element.offset,
                            element.cut ? "the file ends before it does" : "too large"));
  return std::nullopt;
}

}  // namespace genlock::mkv
