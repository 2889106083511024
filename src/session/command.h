#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/camera.h"
#include "base/time.h"
#include "device/color_control.h"

// What a session can be told. Plain values, so that they travel to a child process or another host (wire.h).

namespace genlock::session {

/// Opens one unit, by serial number if there is one, else by index.
struct OpenUnit {
  unsigned index = 0;
  std::string serial;
};

/// Sets colour controls, in order. Allowed while the unit is open, before or during streaming.
struct SetControls {
  struct Setting {
    device::ColorControl control;
    device::ControlValue value;
  };
  std::vector<Setting> settings;
};

/// What the cameras will do at Start.
struct Configure {
  CameraConfig camera;
  bool imu = true;
};

/// Records into a file. Given before Start, it takes every capture from the very first on.
struct Record {
  std::filesystem::path file;
  bool overwrite = false;
  std::optional<DeviceTime> from;        ///< captures of earlier device time are left out
  std::optional<DeviceDuration> length;  ///< from the first recorded capture; absent: until StopRecording
  std::optional<DeviceTime> until;       ///< captures of this device time or later are left out
  /// The recording goes on in NAME-part2.mkv and so on when a part has as many bytes, or lasts as long, as
  /// recording::SplitRule says; absent: one file.
  std::optional<std::uint64_t> split_bytes;
  std::optional<DeviceDuration> split_length;
  bool cluster_crc = true;  ///< checksums, by which genlock check finds bytes that changed on the disk
};

/// Starts the cameras and the IMU.
struct Start {};

/// Ends the recording after the last capture received; the cameras go on.
struct StopRecording {};

/// Ends a recording, stops the cameras and closes the unit.
struct Close {};

using Command = std::variant<OpenUnit, SetControls, Configure, Record, Start, StopRecording, Close>;

}  // namespace genlock::session
