#pragma once

#include "support/recording_support.h"

namespace genlock::test {

/// Records `content` into NAME.mkv, NAME-part2.mkv and so on beside `first`, parts of `duration` each. The
/// files in order. Throws where that does not work.
std::vector<std::filesystem::path> split_recording(const std::filesystem::path& first,
                                                   const recording::RecordingInfo& info,
                                                   const TakeContent& content, DeviceDuration duration);

}  // namespace genlock::test
