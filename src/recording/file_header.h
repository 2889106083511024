#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mkv/element_writer.h"
#include "recording/format.h"
#include "recording/recording.h"
#include "recording/segment_identity.h"

namespace genlock::recording {

struct WriterOptions;

/// One track as the header describes it.
struct TrackPlan {
  TrackRole role = TrackRole::color;
  std::uint64_t number = 0;
  std::uint64_t uid = 0;
  std::string name;
  PixelFormat format = PixelFormat::mjpg;  ///< of video tracks
  Size size;
  std::size_t custom = 0;  ///< of custom tracks: index into RecordingInfo::custom_tracks
  bool laced = false;      ///< consecutive data share a block that keeps the first and the last time
};

/// Bytes to be put over others of the same number.
struct Patch {
  std::uint64_t offset = 0;
  std::vector<std::byte> bytes;
};

/// What stands before the first cluster, with room for what is known later (docs/recording-format.md 3). Each
/// patch replaces Void elements or a fixed-width field, and the file is whole before and after it.
class FileHeader {
 public:
  /// Errc::invalid if the info contradicts itself or describes no track.
  static Result<FileHeader> make(const RecordingInfo& info, const WriterOptions& options,
                                 const SegmentIdentity& identity);

  const SegmentIdentity& identity() const { return identity_; }
  const std::vector<TrackPlan>& tracks() const { return tracks_; }
  /// Number of the GENLOCK track.
  std::uint64_t metadata_track() const { return metadata_track_; }
  ByteSpan bytes() const { return out_.bytes(); }

  /// Offsets inside SeekHead and Cues count from here.
  static constexpr std::uint64_t kSegmentData = 52;

  /// To be written before the first cluster: nothing is lost if that is cut short. `pulse` is that of the
  /// first image, where a take counts them.
  Patch start_offset(DeviceTime offset, std::optional<std::int64_t> pulse) const;

  /// `cues` is the file offset of the Cues, if there are any.
  Patch seek_head(std::optional<std::uint64_t> cues) const;
  Patch duration(DeviceDuration duration) const;

  /// The part that follows. Only of a recording that may be split.
  Patch next_part(const SegmentIdentity::Uid& uid) const;

  /// `end` is the file offset one past the segment.
  Patch segment_size(std::uint64_t end) const;

 private:
  FileHeader(const RecordingInfo& info, const WriterOptions& options, const SegmentIdentity& identity);
  void plan_tracks();
  void put_ebml_header(mkv::ElementWriter& writer);
  void put_segment_start(mkv::ElementWriter& writer);
  void put_info(mkv::ElementWriter& writer, const WriterOptions& options);
  void put_identity(mkv::ElementWriter& writer);
  void put_tracks(mkv::ElementWriter& writer);
  void put_track(mkv::ElementWriter& writer, const TrackPlan& track);
  void put_video(mkv::ElementWriter& writer, const TrackPlan& track);
  void put_custom_track(mkv::ElementWriter& writer, const CustomTrack& track);
  void put_attachments(mkv::ElementWriter& writer);
  struct Start {
    DeviceTime offset;
    std::optional<std::int64_t> pulse;
  };
  void put_tags(mkv::ElementWriter& writer, const std::optional<Start>& start) const;
  void put_track_tags(mkv::ElementWriter& writer) const;
  void put_global_tags(mkv::ElementWriter& writer) const;

  bool has_attachments() const { return !info_.raw_calibration.empty() || !info_.attachments.empty(); }

  RecordingInfo info_;
  SegmentIdentity identity_;
  std::vector<TrackPlan> tracks_;
  std::uint64_t metadata_track_ = 0;
  std::uint64_t calibration_uid_ = 0;
  std::vector<std::uint64_t> attachment_uids_;  ///< of RecordingInfo::attachments
  mkv::Output out_;
  std::uint64_t info_at_ = 0, duration_at_ = 0, next_part_at_ = 0, tracks_at_ = 0, attachments_at_ = 0,
                tags_at_ = 0;
};

}  // namespace genlock::recording
