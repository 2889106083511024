#pragma once

#include <functional>

#include "take/recordings.h"

namespace genlock::take {

/// Surveys all recordings, several at a time, and shows each to `visit` with its place in the list: in any
/// order, from one thread at a time. `progress` is called after each with the bytes of the files that are
/// done and of all; it may be empty. The first error, which names its file.
Status survey_all(const std::vector<UnitRecording>& recordings,
                  const std::function<void(std::size_t unit, recording::Survey survey)>& visit,
                  const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace genlock::take
