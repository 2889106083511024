#include "recording/repair_parts.h"

#include <fmt/core.h>

#include "mkv/element_writer.h"
#include "mkv/vint.h"
#include "recording/format.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

void append_raw(mkv::Output& out, mkv::Input& input, const FoundElement& element) {
  const std::size_t before = out.size();
  const MutableByteSpan room = out.extend(static_cast<std::size_t>(element.end - element.offset));
  if (!input.read(element.offset, room)) out.erase(before, room.size());
}

/// The elements of `master` as they are, but for its Voids, its CRC-32, `except` and what is cut.
void append_children(mkv::Output& out, mkv::Input& input, const FoundElement& master, Id except) {
  mkv::Children children(input, master);
  while (const std::optional<FoundElement> child = children.next()) {
    const bool left_out = child->id == Id::void_ || child->id == Id::crc32 || child->id == except;
    if (!left_out && !child->cut && !child->unknown_size) append_raw(out, input, *child);
  }
}

bool begins_with_crc(mkv::Input& input, const FoundElement& master) {
  const std::optional<FoundElement> first = mkv::read_element(input, master.data, master.end);
  return first && first->id == Id::crc32;
}

}  // namespace

void put_info(mkv::Output& out, mkv::Input& input, const std::optional<FoundElement>& info, double duration) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::info, [&] {
    if (info) {
      append_children(out, input, *info, Id::duration);
    } else {
      writer.put_uint(Id::timestamp_scale, kTimestampScaleNs);
      writer.put_string(Id::muxing_app, "genlock");
      writer.put_string(Id::writing_app, "genlock-" GENLOCK_VERSION);
      writer.put_string(Id::title, "Azure Kinect");
    }
    writer.put_double(Id::duration, duration);
  });
}

namespace {

void put_tag(mkv::ElementWriter& writer, const TagElement& tag) {
  writer.put_master(Id::tag, [&] {
    writer.put_master(Id::targets, [&] {
      for (const std::uint64_t uid : tag.tracks) writer.put_uint(Id::tag_track_uid, uid);
      for (const std::uint64_t uid : tag.attachments) writer.put_uint(Id::tag_attachment_uid, uid);
    });
    writer.put_master(Id::simple_tag, [&] {
      writer.put_string(Id::tag_name, tag.name);
      writer.put_string(Id::tag_string, tag.value);
    });
  });
}

TagElement start_offset_tag(std::int64_t start_offset_us) {
  TagElement tag;
  tag.name = kTagStartOffset;
  tag.value = fmt::format("{}", start_offset_us * 1000);
  return tag;
}

}  // namespace

void put_tags_anew(mkv::Output& out, const std::vector<TagElement>& tags,
                   std::optional<std::int64_t> start_offset_us) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::tags, {.crc = true}, [&] {
    for (const TagElement& tag : tags) put_tag(writer, tag);
    if (start_offset_us) put_tag(writer, start_offset_tag(*start_offset_us));
  });
}

void put_tags(mkv::Output& out, mkv::Input& input, const std::optional<FoundElement>& tags,
              std::optional<std::int64_t> start_offset_us) {
  mkv::ElementWriter writer(out);
  mkv::MasterOptions options{.crc = !tags || begins_with_crc(input, *tags)};
  if (tags && tags->data - tags->offset > kIdBytes)
    options.size_width = static_cast<int>(tags->data - tags->offset - kIdBytes);
  // A narrow field may be too small for what is added.
  const std::uint64_t most = (tags ? tags->size() : 0) + 256;
  if (options.size_width > 0 && most > mkv::max_vint(options.size_width))
    options.size_width = mkv::vint_width(most);
  writer.put_master(Id::tags, options, [&] {
    if (tags) append_children(out, input, *tags, Id::none);
    if (start_offset_us) put_tag(writer, start_offset_tag(*start_offset_us));
  });
}

std::vector<std::byte> void_head(std::uint64_t total) {
  const int width = total - 2 <= mkv::max_vint(1) ? 1 : 8;
  std::vector<std::byte> head(static_cast<std::size_t>(1 + width), static_cast<std::byte>(Id::void_));
  mkv::put_vint(total - 1 - static_cast<std::uint64_t>(width), MutableByteSpan(head).subspan(1));
  return head;
}

}  // namespace genlock::recording
