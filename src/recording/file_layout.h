#pragma once

#include <array>
#include <optional>

#include "recording/file_contents.h"
#include "recording/format.h"
#include "recording/reader.h"

namespace genlock::recording {

struct VideoTrack {
  std::uint64_t number = 0;
  PixelCoding coding;
  Size size;
  std::int64_t delay_ns = 0;  ///< added to block times before images are grouped into captures
};

/// What a file's contents mean to a reader of recordings.
struct FileLayout {
  mkv::FoundElement segment;
  std::uint64_t first_cluster = 0;
  std::uint64_t timestamp_scale_ns = 1;
  std::int64_t start_offset_ns = 0;
  std::int64_t frame_period_ns = 0;                ///< as the tracks say; of 30 fps where there is no video
  std::array<std::optional<VideoTrack>, 3> video;  ///< colour, depth, IR: by TrackKind
  std::optional<std::uint64_t> imu, metadata;      ///< track numbers
  std::vector<TrackInfo> tracks;                   ///< what Reader::tracks() gives
  RecordingInfo info;

  DeviceTime device_time(std::int64_t file_time_ns) const;
};

/// Errc::corrupt if the contents contradict themselves (facts: docs/recording-format.md 4).
Result<FileLayout> make_layout(mkv::Input& input, const FileContents& contents);

}  // namespace genlock::recording
