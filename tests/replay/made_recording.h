#pragma once

#include "replay/provider.h"
#include "support/recording_support.h"

namespace genlock::replay {

/// A recording made for a test, of a unit at rest.
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

/// Frame `number` as it is recorded, without host times.
Capture made_capture(const MadeRecording& made, int number);

/// Written by recording::Writer. Adds a test failure when that does not work.
std::vector<std::byte> write_recording(const MadeRecording& made);

/// `bytes`, to be opened as often as wanted.
Recording recording_in_memory(const std::string& name, std::vector<std::byte> bytes);

}  // namespace genlock::replay
