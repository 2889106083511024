#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "recording/reader.h"

namespace genlock::cli {

/// What `genlock info` knows of one file.
struct FileInfo {
  std::filesystem::path file;
  recording::RecordingInfo info;
  recording::Survey survey;
};

/// Opens and walks a recording.
Result<FileInfo> inspect(const std::filesystem::path& file);

std::string info_text(const FileInfo& file);

/// One JSON object; keys are documented in docs/cli.md. Times are integers in µs, sizes in bytes.
std::string info_json(const FileInfo& file);

}  // namespace genlock::cli
