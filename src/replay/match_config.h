#pragma once

#include <string>

#include "recording/recording.h"

namespace genlock::replay {

/// Whether cameras that are started with `asked` give what was recorded: Errc::unsupported names the first
/// setting that differs, and what the recording has.
Status match_config(const CameraConfig& asked, const recording::RecordingInfo& recorded);

/// "MJPG 720P, NFOV_UNBINNED, 5 fps, STANDALONE"
std::string describe(const CameraConfig& config);

}  // namespace genlock::replay
