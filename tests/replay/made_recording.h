#pragma once

#include "recording/writer.h"
#include "replay/provider.h"

namespace genlock::replay {

/// A recording made for a test: flat pictures, a unit at rest.
struct MadeRecording {
  std::string serial = "000011590212";
  CameraConfig config{.color_resolution = ColorResolution::r720p,
                      .depth_mode = DepthMode::nfov_2x2binned,
                      .rate = FrameRate::fps30};
  int frames = 10;
  TickDuration first = device_ticks(9000);  ///< stamp of the first frame
  bool imu = true;                          ///< a sample every 600 µs from the first frame to the last
  std::optional<SyncJacks> jacks;
  std::vector<int> without_color;  ///< numbers of frames that lost their colour
};

/// The pixel value of frame `number`, in every image.
inline std::byte shade(int number) {
  return static_cast<std::byte>(number + 1);
}

Capture made_capture(const MadeRecording& made, int number);

/// Written by recording::Writer, kept in memory. Adds a test failure when that does not work.
std::vector<std::byte> write_recording(const MadeRecording& made);

/// `bytes`, to be opened as often as wanted.
Recording recording_in_memory(const std::string& name, std::vector<std::byte> bytes);

/// Writes whatever `write` writes to a Writer for `info`, and gives the file's bytes.
std::vector<std::byte> written(const recording::RecordingInfo& info,
                               const std::function<void(recording::Writer&)>& write);

}  // namespace genlock::replay
