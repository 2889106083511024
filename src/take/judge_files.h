#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "sync/report.h"

namespace genlock::take {

/// Reads the recordings of a take, one of each unit, and judges it (docs/verify.md). Pixels are not read. Of
/// a split recording any part stands for all. The error names the file that cannot be read.
Result<sync::Report> judge_files(const std::vector<std::filesystem::path>& files);

}  // namespace genlock::take
