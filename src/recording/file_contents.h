#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/camera.h"
#include "mkv/element_reader.h"

namespace genlock::recording {

struct TrackElement {
  std::uint64_t number = 0;
  std::uint64_t uid = 0;
  std::uint64_t type = 0;
  std::string name;
  std::string codec;
  std::vector<std::byte> codec_private;
  std::uint64_t default_duration_ns = 0;
  Size size;
};

/// Whether it is the GENLOCK track (docs/recording-format.md 2).
bool is_metadata(const TrackElement& track);

struct TagElement {
  std::vector<std::uint64_t> tracks;       ///< UIDs it is about
  std::vector<std::uint64_t> attachments;  ///< UIDs it is about
  std::string name;
  std::string value;

  bool global() const { return tracks.empty() && attachments.empty(); }
};

struct AttachmentElement {
  std::uint64_t uid = 0;
  std::string name;
  mkv::FoundElement data;
};

/// Names a file among those that it is linked with.
using SegmentUid = std::array<std::byte, 16>;

/// What a Matroska file holds besides its clusters. What is beyond the bounds of FileLimits is left out.
struct FileContents {
  mkv::FoundElement segment;
  std::uint64_t segment_claim =
      0;  ///< where it ends by its size field; mkv::kUnknownSize if that says nothing
  bool has_info = false;
  std::uint64_t timestamp_scale_ns = 1'000'000;
  std::optional<double> duration;  ///< in units of the scale
  std::string writing_app;
  std::optional<SegmentUid> uid, previous_uid, next_uid;  ///< this file's, and those of its neighbours
  std::vector<TrackElement> tracks;
  std::vector<TagElement> tags;
  std::vector<AttachmentElement> attachments;
  std::uint64_t first_cluster = 0;           ///< its offset, or the file's end
  std::optional<mkv::FoundElement> cues;     ///< whole
  std::vector<mkv::FoundElement> read_from;  ///< the Info, Tracks, Tags and Attachments, in the order read

  /// What block times count in. A recording whose recorder was killed has no Info yet; all that leave it out
  /// until the end count in us.
  std::uint64_t scale_ns() const;
};

/// Far more than any recording has.
struct FileLimits {
  static constexpr std::size_t kTracks = 1000;
  static constexpr std::size_t kTags = 20'000;
  static constexpr std::size_t kTagTargets = 1000;                     ///< UIDs that one tag is about
  static constexpr std::size_t kTargets = std::size_t{1} << 20;        ///< UIDs of all tags
  static constexpr std::size_t kTextBytes = std::size_t{16} << 20;     ///< of all tags, names and values
  static constexpr std::size_t kPrivateBytes = std::size_t{16} << 20;  ///< of all tracks
  static constexpr std::size_t kAttachments = 1000;
};

enum class ContentsSearch : std::uint8_t {
  usual,       ///< up to the first cluster, and what the seek head points at beyond it
  whole_file,  ///< that, and then all of the file as SegmentScan goes through it
};

/// Reads what describes a recording. Where there is no seek head and no calibration was found, the usual
/// search passes the heads of all clusters as well. Errc::corrupt if it is no Matroska file or has no tracks.
Result<FileContents> read_contents(mkv::Input& input, ContentsSearch search = ContentsSearch::usual);

}  // namespace genlock::recording
