#pragma once

#include "recording/file_contents.h"
#include "recording/file_layout.h"
#include "recording/reader.h"

namespace genlock::recording {

/// Reader::survey().
Result<Survey> survey_file(const ByteSource& source, const FileContents& contents, const FileLayout& layout,
                           std::vector<std::string> known_problems);

}  // namespace genlock::recording
