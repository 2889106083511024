#include "recording/file_header.h"

#include <fmt/core.h>

#include <algorithm>

#include "mkv/endian.h"
#include "recording/writer.h"

namespace genlock::recording {
namespace {

using mkv::ElementWriter;
using Id = mkv::ElementId;

// Sizes of the stock recorder's Void elements, so that SeekHead and Info stand where its files have them.
constexpr std::size_t kSeekHeadRoom = 1027;
constexpr std::size_t kInfoRoom = 259;
constexpr std::size_t kTagsSlack = 1027;
constexpr std::size_t kDurationElement = 11;  // id 2, size 1, double
constexpr std::size_t kNextPartElement = 20;  // id 3, size 1, 16 bytes
constexpr std::uint64_t kSegmentSizeAt = 44;
constexpr std::size_t kLongestWritingApp = 64;
constexpr std::size_t kMostTracks = 126;  // so that a block's track number takes one byte

Error invalid(std::string what) {
  return Error(Errc::invalid, std::move(what));
}

bool is_color_format(PixelFormat format) {
  return format <= PixelFormat::bgra32;
}

Status check_custom_tracks(const RecordingInfo& info) {
  std::vector<std::string_view> names{kMetadataTrack};
  if (info.color_track) names.push_back(kColorTrack);
  if (info.depth_track) names.push_back(kDepthTrack);
  if (info.ir_track) names.push_back(kIrTrack);
  if (info.imu_track) names.push_back(kImuTrack);
  for (const CustomTrack& track : info.custom_tracks) {
    if (!is_track_name(track.name))
      return invalid(fmt::format("track name \"{}\": only A-Z 0-9 - _ are allowed", track.name));
    if (std::ranges::find(names, track.name) != names.end())
      return invalid(fmt::format("two tracks are called {}: each needs a name of its own", track.name));
    names.push_back(track.name);
  }
  if (names.size() <= kMostTracks) return {};
  return invalid(fmt::format("{} tracks: a recording has at most {}", names.size(), kMostTracks));
}

Status check(const RecordingInfo& info) {
  const CameraConfig& config = info.config;
  const bool no_tracks = !info.color_track && !info.depth_track && !info.ir_track && !info.imu_track &&
                         info.custom_tracks.empty();
  if (no_tracks && (config.color_on() || config.depth_on()))
    return invalid("a recording needs at least one track where a camera is on");
  if (info.color_track && !(config.color_on() && is_color_format(config.color_format)))
    return invalid("a colour track needs a resolution and one of MJPG, NV12, YUY2, BGRA");
  if (info.ir_track && !config.depth_on()) return invalid("an IR track needs a depth mode");
  if (info.depth_track && !has_depth_image(config.depth_mode))
    return invalid(fmt::format("depth mode {} has no depth images", to_string(config.depth_mode)));
  for (const auto& [name, value] : info.tags)
    if (!is_tag_name(name))
      return invalid(fmt::format("tag name \"{}\": only A-Z 0-9 - _ . are allowed", name));
  return check_custom_tracks(info);
}

/// Identifiers of tracks and attachments: random, 60 bits, never 0.
class Uids {
 public:
  explicit Uids(std::optional<std::uint64_t> seed) : random_(seed ? *seed : fresh_seed()) {}
  std::uint64_t next() { return (random_() >> 4) | 1; }

 private:
  std::mt19937_64 random_;
};

WallTime now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

Buffer without_trailing_nuls(const Buffer& text) {
  std::size_t size = text.size();
  while (size > 0 && text.bytes()[size - 1] == std::byte{0}) --size;
  return text.slice(0, size);
}

std::string ns_text(DeviceDuration duration) {
  return fmt::format("{}", count_us(duration) * 1000);
}

struct Target {
  std::string_view type;
  Id id = Id::none;
  std::uint64_t uid = 0;
};

void put_tag(ElementWriter& writer, const Target& target, std::string_view name, std::string_view value) {
  writer.put_master(Id::tag, [&] {
    writer.put_master(Id::targets, [&] {
      if (target.id == Id::none) return;
      writer.put_string(Id::target_type, target.type);
      writer.put_uint(target.id, target.uid);
    });
    writer.put_master(Id::simple_tag, [&] {
      writer.put_string(Id::tag_name, name);
      writer.put_string(Id::tag_string, value);
    });
  });
}

std::string uid_tag(const TrackPlan& track) {
  switch (track.role) {
    case TrackRole::color:
      return std::string(kTagColorTrack);
    case TrackRole::depth:
      return std::string(kTagDepthTrack);
    case TrackRole::ir:
      return std::string(kTagIrTrack);
    case TrackRole::imu:
      return std::string(kTagImuTrack);
    case TrackRole::metadata:
    case TrackRole::custom:
      break;
  }
  return fmt::format("{}{}", kTagCustomTrack, track.name);
}

std::string_view codec_of(const TrackPlan& track, const RecordingInfo& info) {
  switch (track.role) {
    case TrackRole::color:
    case TrackRole::depth:
    case TrackRole::ir:
      return kVideoCodec;
    case TrackRole::imu:
      return kImuCodec;
    case TrackRole::metadata:
      return kMetadataCodec;
    case TrackRole::custom:
      break;
  }
  return info.custom_tracks[track.custom].codec_id;
}

}  // namespace

Result<FileHeader> FileHeader::make(const RecordingInfo& info, const WriterOptions& options,
                                    const SegmentIdentity& identity) {
  GENLOCK_TRY(check(info));
  if (options.writing_app.size() > kLongestWritingApp)
    return invalid("the name of the writing program is too long");
  return FileHeader(info, options, identity);
}

FileHeader::FileHeader(const RecordingInfo& info, const WriterOptions& options,
                       const SegmentIdentity& identity)
    : info_(info), identity_(identity) {
  info_.raw_calibration = without_trailing_nuls(info.raw_calibration);
  plan_tracks();
  Uids uids(options.uid_seed);
  for (TrackPlan& track : tracks_) track.uid = uids.next();
  calibration_uid_ = uids.next();
  for (std::size_t i = 0; i < info.attachments.size(); ++i) attachment_uids_.push_back(uids.next());

  ElementWriter writer(out_);
  put_ebml_header(writer);
  put_segment_start(writer);
  writer.put_void(kSeekHeadRoom);
  put_info(writer, options);
  put_tracks(writer);
  put_attachments(writer);
  tags_at_ = out_.size();
  put_tags(writer, std::nullopt);
  writer.put_void(kTagsSlack);
}

void FileHeader::plan_tracks() {
  const CameraConfig& config = info_.config;
  const auto add = [&](bool wanted, TrackPlan track) {
    if (!wanted) return;
    track.number = tracks_.size() + 1;
    tracks_.push_back(std::move(track));
  };
  const Size depth_size = image_size(config.depth_mode);
  add(info_.color_track, {.role = TrackRole::color,
                          .name = std::string(kColorTrack),
                          .format = config.color_format,
                          .size = image_size(config.color_resolution)});
  add(info_.depth_track, {.role = TrackRole::depth,
                          .name = std::string(kDepthTrack),
                          .format = PixelFormat::depth16,
                          .size = depth_size});
  add(info_.ir_track, {.role = TrackRole::ir,
                       .name = std::string(kIrTrack),
                       .format = PixelFormat::ir16,
                       .size = depth_size});
  add(info_.imu_track, {.role = TrackRole::imu, .name = std::string(kImuTrack), .size = {}});
  add(true, {.role = TrackRole::metadata, .name = std::string(kMetadataTrack), .size = {}});
  metadata_track_ = tracks_.size();
  for (std::size_t i = 0; i < info_.custom_tracks.size(); ++i)
    add(true, {.role = TrackRole::custom,
               .name = info_.custom_tracks[i].name,
               .size = {},
               .custom = i,
               .laced = info_.custom_tracks[i].high_frequency});
}

void FileHeader::put_ebml_header(ElementWriter& writer) {
  writer.put_master(Id::ebml, [&] {
    writer.put_uint(Id::ebml_version, 1);
    writer.put_uint(Id::ebml_read_version, 1);
    writer.put_uint(Id::ebml_max_id_length, 4);
    writer.put_uint(Id::ebml_max_size_length, 8);
    writer.put_string(Id::doc_type, "matroska");
    writer.put_uint(Id::doc_type_version, 4);  // CueRelativePosition
    writer.put_uint(Id::doc_type_read_version, 2);
  });
}

void FileHeader::put_segment_start(ElementWriter& writer) {
  writer.put_master(Id::segment, {.size_width = 8, .unknown_size = true}, [] {});
}

void FileHeader::put_info(ElementWriter& writer, const WriterOptions& options) {
  info_at_ = out_.size();
  writer.put_master(Id::info, [&] {
    put_identity(writer);
    writer.put_uint(Id::timestamp_scale, kTimestampScaleNs);
    writer.put_string(Id::muxing_app, "genlock");
    writer.put_string(Id::writing_app,
                      options.writing_app.empty() ? "genlock-" GENLOCK_VERSION : options.writing_app);
    writer.put_date(Id::date_utc, options.date.value_or(now()));
    writer.put_string(Id::title, "Azure Kinect");
    if (identity_.may_go_on) writer.put_void(kNextPartElement);
    writer.put_void(kDurationElement);
  });
  duration_at_ = out_.size() - kDurationElement;
  next_part_at_ = duration_at_ - kNextPartElement;
  writer.put_void(info_at_ + kInfoRoom - out_.size());
}

void FileHeader::put_identity(ElementWriter& writer) {
  writer.put_binary(Id::segment_uid, identity_.uid);
  if (identity_.previous) writer.put_binary(Id::prev_uid, *identity_.previous);
  writer.put_binary(Id::segment_family, identity_.clock);
}

void FileHeader::put_tracks(ElementWriter& writer) {
  tracks_at_ = out_.size();
  writer.put_master(Id::tracks, [&] {
    for (const TrackPlan& track : tracks_) put_track(writer, track);
  });
}

void FileHeader::put_track(ElementWriter& writer, const TrackPlan& track) {
  const auto is_video = [&] {
    return track.role == TrackRole::custom
               ? info_.custom_tracks[track.custom].kind == CustomTrack::Kind::video
               : track.role <= TrackRole::ir;
  };
  writer.put_master(Id::track_entry, [&] {
    writer.put_uint(Id::track_number, track.number);
    writer.put_uint(Id::track_uid, track.uid);
    writer.put_uint(Id::track_type, is_video() ? kTrackTypeVideo : kTrackTypeSubtitle);
    writer.put_string(Id::codec_id, codec_of(track, info_));
    writer.put_string(Id::name, track.name);
    if (track.role <= TrackRole::ir) put_video(writer, track);
    if (track.role == TrackRole::custom) put_custom_track(writer, info_.custom_tracks[track.custom]);
  });
}

void FileHeader::put_video(ElementWriter& writer, const TrackPlan& track) {
  writer.put_binary(Id::codec_private, bitmap_info(track.format, track.size));
  writer.put_uint(Id::default_duration, static_cast<std::uint64_t>(1'000'000'000 / fps(info_.config.rate)));
  writer.put_master(Id::video, [&] {
    writer.put_uint(Id::pixel_width, static_cast<std::uint64_t>(track.size.width));
    writer.put_uint(Id::pixel_height, static_cast<std::uint64_t>(track.size.height));
  });
}

void FileHeader::put_custom_track(ElementWriter& writer, const CustomTrack& track) {
  if (!track.codec_private.empty()) writer.put_binary(Id::codec_private, track.codec_private.bytes());
  if (track.kind != CustomTrack::Kind::video) return;
  if (track.frames_per_second > 0)
    writer.put_uint(Id::default_duration, 1'000'000'000 / track.frames_per_second);
  writer.put_master(Id::video, [&] {
    writer.put_uint(Id::pixel_width, track.width);
    writer.put_uint(Id::pixel_height, track.height);
  });
}

void FileHeader::put_attachments(ElementWriter& writer) {
  attachments_at_ = out_.size();
  if (!has_attachments()) return;
  const auto put = [&](std::string_view name, const Buffer& data, std::uint64_t uid) {
    writer.put_master(Id::attached_file, [&] {
      writer.put_string(Id::file_name, name);
      writer.put_string(Id::file_media_type, kAttachmentMediaType);
      writer.put_binary(Id::file_data, data.bytes());
      writer.put_uint(Id::file_uid, uid);
    });
  };
  writer.put_master(Id::attachments, [&] {
    if (!info_.raw_calibration.empty()) put(kCalibrationFile, info_.raw_calibration, calibration_uid_);
    for (std::size_t i = 0; i < info_.attachments.size(); ++i)
      put(info_.attachments[i].name, info_.attachments[i].data, attachment_uids_[i]);
  });
}

void FileHeader::put_tags(ElementWriter& writer, const std::optional<Start>& start) const {
  writer.put_master(Id::tags, {.crc = true}, [&] {
    put_track_tags(writer);
    if (!info_.raw_calibration.empty())
      put_tag(writer, {"ATTACHMENT", Id::tag_attachment_uid, calibration_uid_}, kTagCalibration,
              kCalibrationFile);
    put_global_tags(writer);
    if (!start) return;
    put_tag(writer, {}, kTagStartOffset, ns_text(start->offset.time_since_epoch()));
    if (start->pulse) put_tag(writer, {}, kTagFirstPulse, fmt::format("{}", *start->pulse));
  });
}

void FileHeader::put_track_tags(ElementWriter& writer) const {
  const CameraConfig& config = info_.config;
  for (const TrackPlan& track : tracks_) {
    const Target target{"TRACK", Id::tag_track_uid, track.uid};
    put_tag(writer, target, uid_tag(track), fmt::format("{}", track.uid));
    if (track.role == TrackRole::color)
      put_tag(writer, target, kTagColorMode, color_mode_name(config.color_format, config.color_resolution));
    if (track.role == TrackRole::depth) put_tag(writer, target, kTagDepthMode, to_string(config.depth_mode));
    if (track.role == TrackRole::ir)
      put_tag(writer, target, kTagIrMode, info_.depth_track ? "ACTIVE" : "PASSIVE");
    if (track.role == TrackRole::imu) put_tag(writer, target, kTagImuMode, "ON");
  }
}

void FileHeader::put_global_tags(ElementWriter& writer) const {
  const CameraConfig& config = info_.config;
  const auto put = [&](bool wanted, std::string_view name, std::string_view value) {
    if (wanted) put_tag(writer, {}, name, value);
  };
  put(info_.ir_track && !info_.depth_track, kTagDepthMode, to_string(config.depth_mode));
  put(info_.color_track && info_.ir_track, kTagDepthDelay, ns_text(config.depth_delay_off_color));
  put(true, kTagSyncMode, to_string(config.sync_mode));
  put(config.sync_mode == WiredSyncMode::subordinate, kTagSubordinateDelay, ns_text(config.delay_off_master));
  if (info_.color_firmware) put(true, kTagColorFirmware, to_string(*info_.color_firmware));
  if (info_.depth_firmware) put(true, kTagDepthFirmware, to_string(*info_.depth_firmware));
  put(!info_.serial.empty(), kTagSerial, info_.serial);
  put(info_.simulated, kTagSimulated, "1");
  put(!info_.host.name.empty(), kTagHostName, info_.host.name);
  put(!info_.host.boot_id.empty(), kTagBootId, info_.host.boot_id);
  put(true, kTagClockId, identity_.clock_id());
  put(true, kTagPart, fmt::format("{}", identity_.part));
  for (const auto& [name, value] : info_.tags) put(!is_own_tag(name), name, value);
}

Patch FileHeader::start_offset(DeviceTime offset, std::optional<std::int64_t> pulse) const {
  mkv::Output out;
  ElementWriter writer(out);
  put_tags(writer, Start{offset, pulse});
  writer.put_void(out_.size() - tags_at_ - out.size());
  return {tags_at_, out.to_vector()};
}

Patch FileHeader::seek_head(std::optional<std::uint64_t> cues) const {
  mkv::Output out;
  ElementWriter writer(out);
  const auto put = [&](Id id, std::uint64_t at) {
    writer.put_master(Id::seek, [&] {
      std::byte name[4];
      mkv::store_big(static_cast<std::uint32_t>(id), name);
      writer.put_binary(Id::seek_id, name);
      writer.put_uint(Id::seek_position, at - kSegmentData);
    });
  };
  writer.put_master(Id::seek_head, [&] {
    put(Id::info, info_at_);
    put(Id::tracks, tracks_at_);
    if (has_attachments()) put(Id::attachments, attachments_at_);
    put(Id::tags, tags_at_);
    if (cues) put(Id::cues, *cues);
  });
  writer.put_void(kSeekHeadRoom - out.size());
  return {kSegmentData, out.to_vector()};
}

Patch FileHeader::duration(DeviceDuration duration) const {
  mkv::Output out;
  ElementWriter(out).put_double(Id::duration, static_cast<double>(count_us(duration)));
  return {duration_at_, out.to_vector()};
}

Patch FileHeader::next_part(const SegmentIdentity::Uid& uid) const {
  mkv::Output out;
  ElementWriter(out).put_binary(Id::next_uid, uid);
  return {next_part_at_, out.to_vector()};
}

Patch FileHeader::segment_size(std::uint64_t end) const {
  std::vector<std::byte> bytes(8);
  mkv::put_vint(end - kSegmentData, bytes);
  return {kSegmentSizeAt, std::move(bytes)};
}

}  // namespace genlock::recording
