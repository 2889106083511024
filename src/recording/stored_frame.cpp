#include "recording/stored_frame.h"

#include <fmt/core.h>

namespace genlock::recording {

std::optional<TrackKind> video_track_of(const FileLayout& layout, const StoredBlock& block) {
  for (TrackKind kind : {TrackKind::color, TrackKind::depth, TrackKind::ir}) {
    const auto& track = layout.video[static_cast<std::size_t>(kind)];
    if (track && track->number == block.track) return kind;
  }
  return std::nullopt;
}

std::optional<mkv::Extent> stored_pixels(mkv::Input& input, const FileLayout& layout, TrackKind kind,
                                         const StoredBlock& block, const ReaderOptions& options) {
  const VideoTrack& track = *layout.video[static_cast<std::size_t>(kind)];
  const mkv::Extent pixels = block.frames.front();
  const std::size_t expected = options.any_image_size ? 0 : image_bytes(track.coding.format, track.size);
  if (expected != 0 && pixels.size != expected) {
    input.problem(fmt::format("the {} image at byte {} has {} bytes instead of {}", to_string(kind),
                              pixels.offset, pixels.size, expected));
  } else if (pixels.size == 0 || pixels.size > kMostImageBytes) {
    input.problem(
        fmt::format("the {} image at byte {} has {} bytes", to_string(kind), pixels.offset, pixels.size));
  } else {
    return pixels;
  }
  return std::nullopt;
}

}  // namespace genlock::recording
