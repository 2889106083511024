#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace genlock::mkv {

/// Identifiers with their length marker, as they stand in a file (RFC 8794 section 5, RFC 9559 section 5).
enum class ElementId : std::uint32_t {
  none = 0,
  ebml = 0x1A45DFA3,
  ebml_version = 0x4286,
  ebml_read_version = 0x42F7,
  ebml_max_id_length = 0x42F2,
  ebml_max_size_length = 0x42F3,
  doc_type = 0x4282,
  doc_type_version = 0x4287,
  doc_type_read_version = 0x4285,
  void_ = 0xEC,
  crc32 = 0xBF,
  segment = 0x18538067,
  seek_head = 0x114D9B74,
  seek = 0x4DBB,
  seek_id = 0x53AB,
  seek_position = 0x53AC,
  info = 0x1549A966,
  segment_uid = 0x73A4,
  prev_uid = 0x3CB923,
  next_uid = 0x3EB923,
  segment_family = 0x4444,
  timestamp_scale = 0x2AD7B1,
  duration = 0x4489,
  date_utc = 0x4461,
  title = 0x7BA9,
  muxing_app = 0x4D80,
  writing_app = 0x5741,
  tracks = 0x1654AE6B,
  track_entry = 0xAE,
  track_number = 0xD7,
  track_uid = 0x73C5,
  track_type = 0x83,
  flag_enabled = 0xB9,
  flag_default = 0x88,
  flag_forced = 0x55AA,
  flag_lacing = 0x9C,
  min_cache = 0x6DE7,
  max_cache = 0x6DF8,
  default_duration = 0x23E383,
  max_block_addition_id = 0x55EE,
  name = 0x536E,
  language = 0x22B59C,
  codec_id = 0x86,
  codec_private = 0x63A2,
  codec_name = 0x258688,
  codec_decode_all = 0xAA,
  video = 0xE0,
  flag_interlaced = 0x9A,
  pixel_width = 0xB0,
  pixel_height = 0xBA,
  display_width = 0x54B0,
  display_height = 0x54BA,
  cluster = 0x1F43B675,
  timestamp = 0xE7,
  position = 0xA7,
  prev_size = 0xAB,
  simple_block = 0xA3,
  block_group = 0xA0,
  block = 0xA1,
  block_duration = 0x9B,
  reference_block = 0xFB,
  cues = 0x1C53BB6B,
  cue_point = 0xBB,
  cue_time = 0xB3,
  cue_track_positions = 0xB7,
  cue_track = 0xF7,
  cue_cluster_position = 0xF1,
  cue_relative_position = 0xF0,
  cue_duration = 0xB2,
  cue_block_number = 0x5378,
  attachments = 0x1941A469,
  attached_file = 0x61A7,
  file_description = 0x467E,
  file_name = 0x466E,
  file_media_type = 0x4660,
  file_data = 0x465C,
  file_uid = 0x46AE,
  chapters = 0x1043A770,
  tags = 0x1254C367,
  tag = 0x7373,
  targets = 0x63C0,
  target_type_value = 0x68CA,
  target_type = 0x63CA,
  tag_track_uid = 0x63C5,
  tag_edition_uid = 0x63C9,
  tag_chapter_uid = 0x63C4,
  tag_attachment_uid = 0x63C6,
  simple_tag = 0x67C8,
  tag_name = 0x45A3,
  tag_language = 0x447A,
  tag_default = 0x4484,
  tag_string = 0x4487,
  tag_binary = 0x4485,
};

/// DateUTC counts ns from 2001-01-01 (RFC 8794 section 7.6): this much after 1970.
inline constexpr std::int64_t kEpoch2001 = 978'307'200'000'000'000;

enum class ElementType : std::uint8_t { master, uint, sint, real, string, utf8, date, binary };

/// What the standard says about an element. The writer, the reader and inspectors go by the one table of
/// these.
struct Element {
  ElementId id = ElementId::none;
  std::string_view name;
  ElementType type = ElementType::binary;
  ElementId parent = ElementId::none;  ///< none: stands at the top of the file, or anywhere when `global`
  bool global = false;                 ///< Void and CRC-32, allowed in every master
};

/// Every element Genlock knows, each once.
std::span<const Element> all_elements();

/// Null for an id that is not in the table.
const Element* find_element(ElementId id);

/// Masters above an element: 0 for EBML and Segment, 1 for Cluster, -1 for ids that are unknown or global.
int level_of(ElementId id);

/// The element's name, or "unknown element".
std::string_view name_of(ElementId id);

}  // namespace genlock::mkv
