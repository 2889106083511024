#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "recording/reader.h"
#include "sync/monitor.h"

namespace genlock::take {

/// The recording of one unit, as sync sees it.
struct UnitRecording {
  std::unique_ptr<recording::Reader> reader;
  sync::UnitDescription unit;  ///< named by its first file
  /// The track that stands for the depth stream: IR where it is alone.
  recording::TrackKind depth_track = recording::TrackKind::depth;

  const std::filesystem::path& file() const { return reader->files().front(); }

  /// The stream that frames of this track are observed as; nothing of IR beside depth.
  std::optional<sync::Stream> stream_of(recording::TrackKind track) const;
};

/// One for each unit; of a split recording any part stands for all. The error names the file that cannot be
/// read.
Result<std::vector<UnitRecording>> open_recordings(const std::vector<std::filesystem::path>& files);

std::vector<sync::UnitDescription> descriptions(const std::vector<UnitRecording>& recordings);

/// Reader::survey(); its error names the file.
Result<recording::Survey> survey(const UnitRecording& recording);

/// Shows the monitor all that a recording holds. `unit` is its index in the monitor's list.
void observe(sync::Monitor& monitor, std::size_t unit, const UnitRecording& recording,
             const recording::Survey& survey);

}  // namespace genlock::take
