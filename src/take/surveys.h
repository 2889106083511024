#pragma once

#include <functional>
#include <vector>

#include "take/recordings.h"

namespace genlock::take {

using SurveysProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Surveys of all recordings, several at a time. `progress` is called after each, from one thread at a time,
/// with the bytes of the files that are done and of all. The first error, which names its file.
Result<std::vector<recording::Survey>> survey_all(const std::vector<UnitRecording>& recordings,
                                                  const SurveysProgress& progress);

}  // namespace genlock::take
