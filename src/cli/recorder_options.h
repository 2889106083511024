#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/camera.h"
#include "base/log.h"
#include "cli/units.h"

namespace genlock::cli {

/// What the command line of k4arecorder asks for, checked as far as it can be without a unit.
struct RecorderOptions {
  UnitChoice units;
  bool list = false;
  unsigned device = 0;
  std::string serial;
  std::optional<DeviceDuration> length;
  CameraConfig camera;
  bool imu = true;
  std::optional<DeviceDuration> exposure;  ///< absent: left as it is
  std::optional<int> gain;                 ///< absent: left as it is
  std::filesystem::path file;
  std::size_t buffer_mb = 0;  ///< most data waiting for the disk; 0: two seconds of the cameras'
  std::optional<std::uint64_t> split_bytes;
  std::optional<DeviceDuration> split_length;
  bool cluster_crc = true;
  bool force = false;
  bool json = false;
  bool quiet = false;
};

/// The options, or the exit code after usage or an error has been printed.
struct ParsedRecorderOptions {
  std::optional<RecorderOptions> options;
  int exit_code = 0;
};

/// `program` begins the message of an error.
ParsedRecorderOptions parse_recorder_options(int argc, const char* const* argv,
                                             const std::string& program = "k4arecorder");

}  // namespace genlock::cli
