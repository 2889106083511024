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

/// Sets colour controls, in order, and reads them back: fails where the unit made something else of one, with
/// a Warning where it rounded as units are documented to. Allowed while the unit is open, before or during
/// streaming.
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

/// A global tag of a recording: A-Z 0-9 - _ in its name.
struct Tag {
  std::string name;
  std::string value;
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
  std::vector<Tag> tags;
  /// The recording is one of a take: it waits for BeginAt, ends with the pulse that it is told, numbers its
  /// frames, and tells of each (event.h: Streaming, Frames). `from`, `length` and `until` are not used.
  bool by_pulses = false;
};

/// Lets a recording that goes by pulses begin with the captures of pulse `first` and end with those of
/// `last`. The unit's own count (PulseCount) plus `shift` is the take's. Errc::too_late: the unit is past the
/// pulse, nothing was changed and it can be told another. Errc::state: it has begun, or gives nothing yet.
struct BeginAt {
  std::int64_t first = 0;
  std::optional<std::int64_t> last;
  std::int64_t shift = 0;
};

/// Ends a recording that has begun by pulses with the captures of pulse `last`, whatever it was told before.
/// Errc::too_late as above.
struct EndAt {
  std::int64_t last = 0;
};

/// Starts the cameras and the IMU.
struct Start {};

/// Ends the recording after the last capture received; the cameras go on.
struct StopRecording {};

/// Ends a recording, stops the cameras and closes the unit.
struct Close {};

using Command =
    std::variant<OpenUnit, SetControls, Configure, Record, BeginAt, EndAt, Start, StopRecording, Close>;

}  // namespace genlock::session
