#pragma once

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

/// What check and repair go by.
struct Description {
  FileContents contents;
  Result<FileLayout> layout;
};

/// Of the whole file; only of what readers come to, where the rest would make the file one that they refuse.
Result<Description> read_description(mkv::Input& input);

/// check_recording on what has been read of a file.
Result<CheckedFile> check_file(mkv::Input& input, const FileContents& contents,
                               const Result<FileLayout>& layout, const CheckOptions& options);

}  // namespace genlock::recording
