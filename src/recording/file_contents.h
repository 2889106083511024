#pragma once

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

/// What a Matroska file holds besides its clusters.
struct FileContents {
  mkv::FoundElement segment;
  std::uint64_t segment_claim =
      0;  ///< where it ends by its size field; mkv::kUnknownSize if that says nothing
  bool has_info = false;
  std::uint64_t timestamp_scale_ns = 1'000'000;
  std::optional<double> duration;  ///< in units of the scale
  std::string writing_app;
  std::vector<TrackElement> tracks;
  std::vector<TagElement> tags;
  std::vector<AttachmentElement> attachments;
  std::uint64_t first_cluster = 0;        ///< its offset, or the file's end
  std::optional<mkv::FoundElement> cues;  ///< whole
};

/// Reads everything up to the first cluster, and what the seek head points at beyond it. Where there is no
/// seek head and no calibration was found, the heads of all clusters are passed as well. Errc::corrupt if it
/// is no Matroska file or has no tracks.
Result<FileContents> read_contents(mkv::Input& input);

}  // namespace genlock::recording
