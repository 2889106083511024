#pragma once

#include "recording/part.h"

namespace genlock::recording {

/// Reader::survey(). `known_problems` of the parts together come first.
Result<Survey> survey_parts(std::vector<std::unique_ptr<Part>>& parts,
                            std::vector<std::string> known_problems, ReaderOptions options, SurveyFrom from);

}  // namespace genlock::recording
