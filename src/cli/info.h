#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "recording/reader.h"

namespace genlock::cli {

/// What `genlock info` knows of one file, or of the split recording that it is a part of.
struct FileInfo {
  std::filesystem::path file;
  std::vector<std::filesystem::path> parts;  ///< all files of the recording, in order
  recording::RecordingInfo info;
  recording::Survey survey;
};

/// Opens and walks a recording.
Result<FileInfo> inspect(const std::filesystem::path& file);

std::string info_text(const FileInfo& file);

/// One JSON object; keys are documented in docs/cli.md. Times are integers in µs, sizes in bytes.
std::string info_json(const FileInfo& file);

}  // namespace genlock::cli
