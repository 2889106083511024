#include "recording/in_place_header.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/repair_parts.h"

namespace genlock::recording {

using mkv::FoundElement;
using Code = FindingCode;
using Id = mkv::ElementId;

namespace {

/// More than any recorder writes.
constexpr std::size_t kMostSeeks = 40;

}  // namespace

InPlaceHeader::InPlaceHeader(const DamagedFile& file, const InPlaceClusters& clusters)
    : input_(*file.input),
      contents_(file.contents),
      facts_(file.checked.facts),
      findings_(file.checked.report.findings),
      tail_at_(clusters.end()) {
  tail_.append(clusters.tail().bytes());
  plan(clusters);
}

void InPlaceHeader::plan(const InPlaceClusters& clusters) {
  if (describes_badly()) {
    obstacle_ = "what describes it stands within damage";
    return;
  }
  plan_tags();
  plan_duration();
  plan_checksums();
  plan_sizes();
  plan_cues(clusters);
  plan_seek_head();
  plan_segment_size();
}

/// Whether what describes it would have to be written elsewhere. Tags are: plan_tags().
bool InPlaceHeader::describes_badly() const {
  const auto is_torn = [&](const FoundElement& element) {
    return (element.id == Id::tracks || element.id == Id::attachments) && element.cut &&
           has_whole_child(input_, element);
  };
  const auto stays_unsized = [](const FoundElement& element) {
    return element.unknown_size && element.id != Id::tags && !can_get_size(element);
  };
  return !facts_.hidden.empty() || std::ranges::any_of(contents_.read_from, is_torn) ||
         std::ranges::any_of(facts_.elements, stays_unsized);
}

/// Whether the true size fits in its field, of what nothing else is done to.
bool InPlaceHeader::can_get_size(const FoundElement& element) {
  const bool untouched = element.id == Id::tracks || element.id == Id::attachments ||
                         element.id == Id::chapters || element.id == Id::tags;
  const auto width = static_cast<int>(element.data - element.offset - kIdBytes);
  return untouched && element.size() <= mkv::max_vint(width);
}

void InPlaceHeader::plan_sizes() {
  for (const FoundElement& element : facts_.elements) {
    if (!element.unknown_size || (element.id == Id::tags && tags_anew())) continue;
    std::vector<std::byte> field(static_cast<std::size_t>(element.data - element.offset - kIdBytes));
    mkv::put_vint(element.size(), field);
    last_.push_back({element.offset + kIdBytes, std::move(field)});
    FoundElement sized = element;
    sized.unknown_size = false;
    if (checksum_of(input_, sized) == Checksum::wrong)
      hide(*mkv::read_element(input_, sized.data, sized.end));
  }
}

const FoundElement* InPlaceHeader::find(Id id) const {
  const auto element = std::ranges::find(facts_.elements, id, &FoundElement::id);
  return element == facts_.elements.end() || element->cut ? nullptr : &*element;
}

/// From `from` over the Voids that follow directly, before the clusters.
Region InPlaceHeader::with_room(std::uint64_t from, std::uint64_t to) const {
  for (const FoundElement& element : facts_.elements)
    if (element.id == Id::void_ && element.offset == to && to < facts_.data_begin) to = element.end;
  return {from, to, false, {}};
}

bool InPlaceHeader::fits(std::uint64_t size, const Region& region) {
  return size == region.size() || size + 2 <= region.size();
}

void InPlaceHeader::fill(Region region, mkv::Output& out) {
  if (out.size() < region.size()) mkv::ElementWriter(out).put_void(region.size() - out.size());
  region.bytes = out.to_vector();
  regions_.push_back(std::move(region));
}

/// Whether `old` stays readable while all of `out` but its head is written over it: what is new comes after
/// its end, or takes the place of a Void in it.
bool InPlaceHeader::grows_safely(const FoundElement& old, const mkv::Output& out) {
  std::vector<std::byte> before(static_cast<std::size_t>(old.end - old.offset));
  if (!input_.read(old.offset, before)) return false;
  const std::size_t common = std::min(before.size(), out.size());
  std::size_t same = std::min(kMasterHead, common);
  while (same < common && before[same] == out.bytes()[same]) ++same;
  if (same == before.size()) return true;
  mkv::Children children(input_, old);
  while (const std::optional<FoundElement> child = children.next())
    if (child->offset == old.offset + same) return child->id == Id::void_;
  return false;
}

std::uint64_t InPlaceHeader::append(const mkv::Output& out) {
  const std::uint64_t at = end();
  tail_.append(out.bytes());
  return at;
}

void InPlaceHeader::hide(const FoundElement& element) {
  last_.push_back({element.offset, void_head(element.end - element.offset)});
}

/// One damaged Tags among the header keeps its place, as the stock reader wants it.
bool InPlaceHeader::tags_anew() const {
  const auto tags = std::ranges::count(contents_.read_from, Id::tags, &FoundElement::id);
  const auto stays_unsized = [&](const FoundElement& element) {
    return element.id == Id::tags && element.unknown_size &&
           (facts_.missing_offset_us || !can_get_size(element));
  };
  return facts_.tags_torn || (facts_.tags_changed && tags > 1) ||
         std::ranges::any_of(facts_.elements, stays_unsized);
}

void InPlaceHeader::plan_tags() {
  if (tags_anew()) {
    mkv::Output out;
    put_tags_anew(out, contents_.tags, facts_.missing_offset_us);
    tags_at_ = append(out);
    for (const FoundElement& element : facts_.elements)
      if (element.id == Id::tags && !element.cut) hide(element);
    return;
  }
  const FoundElement* tags = find(Id::tags);
  if (tags != nullptr) tags_at_ = tags->offset;
  const bool wrong = tags != nullptr && checksum_of(input_, *tags) == Checksum::wrong;
  if (!facts_.missing_offset_us && !wrong) return;
  if (tags != nullptr && tags->end - tags->offset > kMostChanged) {
    obstacle_ = "its tags are too large to be changed";
    return;
  }
  mkv::Output out;
  put_tags(out, input_, tags != nullptr ? std::optional(*tags) : std::nullopt, facts_.missing_offset_us);
  const Region region = tags != nullptr ? with_room(tags->offset, tags->end) : Region();
  if (tags != nullptr && fits(out.size(), region) && grows_safely(*tags, out)) return fill(region, out);
  tags_at_ = append(out);
  if (tags != nullptr) hide(*tags);
}

void InPlaceHeader::plan_duration() {
  const FoundElement* info = find(Id::info);
  if (info == nullptr || !found(Code::duration)) return;
  mkv::Children fields(input_, *info);
  while (const std::optional<FoundElement> field = fields.next()) {
    if (field->id != Id::duration || !mkv::real_value(input_, *field)) continue;
    if (field->size() > 0) return put_duration(*field);
    break;
  }
  mkv::Output out;
  if (info->size() <= kMostChanged) put_info(out, input_, *info, duration());
  const Region region = with_room(info->offset, info->end);
  if (out.size() == 0 || !fits(out.size(), region) || !grows_safely(*info, out)) {
    obstacle_ = "there is no room for its duration";
    return;
  }
  fill(region, out);
}

void InPlaceHeader::put_duration(const FoundElement& field) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(field.size()));
  const double value = duration();
  auto narrow = static_cast<float>(value);
  if (narrow < value) narrow = std::nextafter(narrow, std::numeric_limits<float>::infinity());
  mkv::store_big(
      bytes.size() == 4 ? std::bit_cast<std::uint32_t>(narrow) : std::bit_cast<std::uint64_t>(value), bytes);
  last_.push_back({field.data, std::move(bytes)});
}

/// A wrong CRC-32 of anything but the Tags that plan_tags() made anew no longer vouches for it.
void InPlaceHeader::plan_checksums() {
  const FoundElement* tags = find(Id::tags);
  for (const FoundElement& element : facts_.elements) {
    const bool made_anew =
        element.id == Id::tags && (tags_anew() || (tags != nullptr && element.offset == tags->offset));
    if (made_anew || checksum_of(input_, element) != Checksum::wrong) continue;
    const std::optional<FoundElement> crc = mkv::read_element(input_, element.data, element.end);
    if (crc) hide(*crc);
  }
}

void InPlaceHeader::plan_cues(const InPlaceClusters& clusters) {
  const FoundElement* old = find(Id::cues);
  const bool changed = clusters.tail().size() > 0 || clusters.lost_clusters();
  if (!changed && !found(Code::cues) && !found(Code::cues_overwritten)) {
    if (old != nullptr) cues_at_ = old->offset;
    return;
  }
  mkv::Output out;
  put_cues(out, clusters.cues(), contents_.segment.data);
  cues_at_ = append(out);
  for (const FoundElement& element : facts_.elements)
    if (element.id == Id::cues && !element.cut) hide(element);
}

/// The first Voids and SeekHeads that stand together before the clusters.
Region InPlaceHeader::free_room() const {
  Region room;
  for (const FoundElement& element : facts_.elements) {
    if (element.offset >= facts_.data_begin) break;
    const bool free = element.id == Id::void_ || element.id == Id::seek_head;
    if (room.size() > 0 && (!free || element.offset != room.to)) break;
    if (free) room = {room.size() > 0 ? room.from : element.offset, element.end, true, {}};
  }
  return room;
}

std::vector<SeekEntry> InPlaceHeader::seeks(std::uint64_t info_at) const {
  std::vector<SeekEntry> entries{{Id::info, info_at}};
  if (cues_at_) entries.push_back({Id::cues, *cues_at_});
  const FoundElement* tags = find(Id::tags);
  const auto add = [&](const FoundElement& element) {
    if (element.id == Id::info || (element.id == Id::tags && tags_anew())) return;
    const bool is_first_tags = tags != nullptr && element.offset == tags->offset;
    if (!element.cut && entries.size() < kMostSeeks)
      entries.push_back({element.id, is_first_tags ? *tags_at_ : element.offset});
  };
  if (tags_at_ && (tags_anew() || tags == nullptr)) entries.push_back({Id::tags, *tags_at_});
  for (const FoundElement& element : contents_.read_from) add(element);
  for (const FoundElement& element : facts_.elements)
    if (element.id == Id::chapters) add(element);
  return entries;
}

void InPlaceHeader::plan_seek_head() {
  const FoundElement* info = find(Id::info);
  // A torn element at the end goes away with what the SeekHead says of it.
  const bool moved = tail_.size() > 0 || std::ranges::any_of(facts_.elements, &FoundElement::cut);
  if (info != nullptr && !moved && !found(Code::seek_head) && find(Id::seek_head) != nullptr) return;
  Region room = free_room();
  mkv::Output new_info;
  if (info == nullptr) put_info(new_info, input_, std::nullopt, duration());
  mkv::Output out;
  const std::uint64_t info_at =
      info != nullptr ? info->offset : room.to - std::min<std::uint64_t>(new_info.size(), room.size());
  put_seek_head(out, seeks(info_at), contents_.segment.data);
  const Region rest{room.from, room.to - std::min<std::uint64_t>(new_info.size(), room.size()), true, {}};
  const bool taken = std::ranges::any_of(
      regions_, [&](const Region& other) { return other.from < room.to && other.to > room.from; });
  if (taken || !fits(out.size(), rest)) {
    obstacle_ = "there is no room before its clusters for what is missing";
    return;
  }
  for (const FoundElement& element : facts_.elements) {
    const bool replaced = element.offset >= room.from && element.offset < room.to;
    if (element.id == Id::seek_head && !element.cut && !replaced) hide(element);
  }
  if (out.size() < rest.size()) mkv::ElementWriter(out).put_void(rest.size() - out.size());
  out.append(new_info.bytes());
  fill(room, out);
}

void InPlaceHeader::plan_segment_size() {
  const std::uint64_t at = contents_.segment.offset + kIdBytes;
  std::vector<std::byte> field(static_cast<std::size_t>(contents_.segment.data - at));
  const std::uint64_t size = end() - contents_.segment.data;
  if (size > mkv::max_vint(static_cast<int>(field.size()))) {
    obstacle_ = "the field of the segment's size is too narrow";
    return;
  }
  mkv::put_vint(size, field);
  last_.push_back({at, std::move(field)});
}

}  // namespace genlock::recording
