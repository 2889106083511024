#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/capture.h"

namespace genlock::recording {

/// What a K4A recording says about itself: written before the first frame, read back at opening.
struct RecordingInfo {
  CameraConfig config;
  bool color_track = false;
  bool depth_track = false;
  bool ir_track = false;
  bool imu_track = false;
  std::optional<Version> color_firmware;
  std::optional<Version> depth_firmware;
  std::string serial;      ///< empty where the file does not say
  Buffer raw_calibration;  ///< JSON without a trailing NUL; empty where the file has none
  std::map<std::string, std::string>
      tags;                 ///< every global tag of the file by name; on writing, additional ones
  std::string writing_app;  ///< read only
  bool simulated = false;   ///< GENLOCK_SIMULATED tag
  HostIdentity host;        ///< empty in files of the stock recorder
  DeviceTime start_offset;  ///< device time of file time 0; read only
};

/// Config and identity of a live unit put into what a file says. `imu` tells whether there is an IMU track.
RecordingInfo info_from_unit(const CameraConfig& config, bool imu, const std::string& serial,
                             const HardwareVersion& version, const Buffer& raw_calibration, bool simulated,
                             const HostIdentity& host);

enum class TrackKind : std::uint8_t { color, depth, ir, imu };
std::string_view to_string(TrackKind kind);  ///< "color", "depth", "ir", "imu"

}  // namespace genlock::recording
