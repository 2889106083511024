#pragma once

#include <functional>

#include "recording/check.h"
#include "recording/check_header.h"
#include "recording/file_layout.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// What checking a file found, and what repairing it goes by.
struct CheckedFile {
  CheckReport report;
  SegmentFacts facts;
};

/// check_recording on what has been read of a file; `visit`, if given, gets every item of the walk.
Result<CheckedFile> check_file(mkv::Input& input, const FileContents& contents,
                               const Result<FileLayout>& layout, const CheckOptions& options,
                               const std::function<void(const ScannedItem&)>& visit = {});

}  // namespace genlock::recording
