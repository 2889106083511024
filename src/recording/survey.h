#pragma once

#include "recording/part.h"

namespace genlock::recording {

/// Reader::survey() of one file.
Result<Survey> survey_file(const Part& part, ReaderOptions options, std::vector<std::string> known_problems);

}  // namespace genlock::recording
