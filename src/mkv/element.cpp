#include "mkv/element.h"

#include <algorithm>
#include <array>

namespace genlock::mkv {
namespace {

using Id = ElementId;
using enum ElementType;

constexpr Element kElements[] = {
    {Id::ebml, "EBML", master},
    {Id::ebml_version, "EBMLVersion", uint, Id::ebml},
    {Id::ebml_read_version, "EBMLReadVersion", uint, Id::ebml},
    {Id::ebml_max_id_length, "EBMLMaxIDLength", uint, Id::ebml},
    {Id::ebml_max_size_length, "EBMLMaxSizeLength", uint, Id::ebml},
    {Id::doc_type, "DocType", string, Id::ebml},
    {Id::doc_type_version, "DocTypeVersion", uint, Id::ebml},
    {Id::doc_type_read_version, "DocTypeReadVersion", uint, Id::ebml},
    {Id::void_, "Void", binary, Id::none, true},
    {Id::crc32, "CRC-32", binary, Id::none, true},
    {Id::segment, "Segment", master},
    {Id::seek_head, "SeekHead", master, Id::segment},
    {Id::seek, "Seek", master, Id::seek_head},
    {Id::seek_id, "SeekID", binary, Id::seek},
    {Id::seek_position, "SeekPosition", uint, Id::seek},
    {Id::info, "Info", master, Id::segment},
    {Id::segment_uid, "SegmentUUID", binary, Id::info},
    {Id::prev_uid, "PrevUUID", binary, Id::info},
    {Id::next_uid, "NextUUID", binary, Id::info},
    {Id::segment_family, "SegmentFamily", binary, Id::info},
    {Id::timestamp_scale, "TimestampScale", uint, Id::info},
    {Id::duration, "Duration", real, Id::info},
    {Id::date_utc, "DateUTC", date, Id::info},
    {Id::title, "Title", utf8, Id::info},
    {Id::muxing_app, "MuxingApp", utf8, Id::info},
    {Id::writing_app, "WritingApp", utf8, Id::info},
    {Id::tracks, "Tracks", master, Id::segment},
    {Id::track_entry, "TrackEntry", master, Id::tracks},
    {Id::track_number, "TrackNumber", uint, Id::track_entry},
    {Id::track_uid, "TrackUID", uint, Id::track_entry},
    {Id::track_type, "TrackType", uint, Id::track_entry},
    {Id::flag_enabled, "FlagEnabled", uint, Id::track_entry},
    {Id::flag_default, "FlagDefault", uint, Id::track_entry},
    {Id::flag_forced, "FlagForced", uint, Id::track_entry},
    {Id::flag_lacing, "FlagLacing", uint, Id::track_entry},
    {Id::min_cache, "MinCache", uint, Id::track_entry},
    {Id::max_cache, "MaxCache", uint, Id::track_entry},
    {Id::default_duration, "DefaultDuration", uint, Id::track_entry},
    {Id::max_block_addition_id, "MaxBlockAdditionID", uint, Id::track_entry},
    {Id::name, "Name", utf8, Id::track_entry},
    {Id::language, "Language", string, Id::track_entry},
    {Id::codec_id, "CodecID", string, Id::track_entry},
    {Id::codec_private, "CodecPrivate", binary, Id::track_entry},
    {Id::codec_name, "CodecName", utf8, Id::track_entry},
    {Id::codec_decode_all, "CodecDecodeAll", uint, Id::track_entry},
    {Id::video, "Video", master, Id::track_entry},
    {Id::flag_interlaced, "FlagInterlaced", uint, Id::video},
    {Id::pixel_width, "PixelWidth", uint, Id::video},
    {Id::pixel_height, "PixelHeight", uint, Id::video},
    {Id::display_width, "DisplayWidth", uint, Id::video},
    {Id::display_height, "DisplayHeight", uint, Id::video},
    {Id::cluster, "Cluster", master, Id::segment},
    {Id::timestamp, "Timestamp", uint, Id::cluster},
    {Id::position, "Position", uint, Id::cluster},
    {Id::prev_size, "PrevSize", uint, Id::cluster},
    {Id::simple_block, "SimpleBlock", binary, Id::cluster},
    {Id::block_group, "BlockGroup", master, Id::cluster},
    {Id::block, "Block", binary, Id::block_group},
    {Id::block_duration, "BlockDuration", uint, Id::block_group},
    {Id::reference_block, "ReferenceBlock", sint, Id::block_group},
    {Id::cues, "Cues", master, Id::segment},
    {Id::cue_point, "CuePoint", master, Id::cues},
    {Id::cue_time, "CueTime", uint, Id::cue_point},
    {Id::cue_track_positions, "CueTrackPositions", master, Id::cue_point},
    {Id::cue_track, "CueTrack", uint, Id::cue_track_positions},
    {Id::cue_cluster_position, "CueClusterPosition", uint, Id::cue_track_positions},
    {Id::cue_relative_position, "CueRelativePosition", uint, Id::cue_track_positions},
    {Id::cue_duration, "CueDuration", uint, Id::cue_track_positions},
    {Id::cue_block_number, "CueBlockNumber", uint, Id::cue_track_positions},
    {Id::attachments, "Attachments", master, Id::segment},
    {Id::attached_file, "AttachedFile", master, Id::attachments},
    {Id::file_description, "FileDescription", utf8, Id::attached_file},
    {Id::file_name, "FileName", utf8, Id::attached_file},
    {Id::file_media_type, "FileMediaType", string, Id::attached_file},
    {Id::file_data, "FileData", binary, Id::attached_file},
    {Id::file_uid, "FileUID", uint, Id::attached_file},
    {Id::chapters, "Chapters", master, Id::segment},
    {Id::tags, "Tags", master, Id::segment},
    {Id::tag, "Tag", master, Id::tags},
    {Id::targets, "Targets", master, Id::tag},
    {Id::target_type_value, "TargetTypeValue", uint, Id::targets},
    {Id::target_type, "TargetType", string, Id::targets},
    {Id::tag_track_uid, "TagTrackUID", uint, Id::targets},
    {Id::tag_edition_uid, "TagEditionUID", uint, Id::targets},
    {Id::tag_chapter_uid, "TagChapterUID", uint, Id::targets},
    {Id::tag_attachment_uid, "TagAttachmentUID", uint, Id::targets},
    {Id::simple_tag, "SimpleTag", master, Id::tag},
    {Id::tag_name, "TagName", utf8, Id::simple_tag},
    {Id::tag_language, "TagLanguage", string, Id::simple_tag},
    {Id::tag_default, "TagDefault", uint, Id::simple_tag},
    {Id::tag_string, "TagString", utf8, Id::simple_tag},
    {Id::tag_binary, "TagBinary", binary, Id::simple_tag},
};

constexpr auto sorted_by_id() {
  std::array<Element, std::size(kElements)> sorted{};
  std::copy(std::begin(kElements), std::end(kElements), sorted.begin());
  std::sort(sorted.begin(), sorted.end(), [](const Element& a, const Element& b) { return a.id < b.id; });
  return sorted;
}

constexpr auto kById = sorted_by_id();

}  // namespace

std::span<const Element> all_elements() {
  return kElements;
}

const Element* find_element(ElementId id) {
  const auto at =
      std::lower_bound(kById.begin(), kById.end(), id,
                       [](const Element& element, ElementId wanted) { return element.id < wanted; });
  return at != kById.end() && at->id == id ? &*at : nullptr;
}

int level_of(ElementId id) {
  const Element* element = find_element(id);
  if (element == nullptr || element->global) return -1;
  int level = 0;
  for (; element->parent != ElementId::none; element = find_element(element->parent)) ++level;
  return level;
}

std::string_view name_of(ElementId id) {
  const Element* element = find_element(id);
  return element != nullptr ? element->name : std::string_view("unknown element");
}

}  // namespace genlock::mkv
