#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "sync/report.h"

namespace genlock::cli {

/// Reads the recordings of a take, one of each unit, and judges it (docs/verify.md). Pixels are not read. Of
/// a split recording any part stands for all. The error names the file that cannot be read.
Result<sync::Report> verify_files(const std::vector<std::filesystem::path>& files);

/// For people: a table, findings in sentences, and a last line that begins with IN SYNC or NOT IN SYNC ("NOT
/// IN SYNC: refused" for files of different takes; or, for one file without faults, NOTHING TO COMPARE).
/// Lines of at most 100 columns as long as unit names are short.
std::string verify_text(const sync::Report& report);

/// One JSON object; keys are documented in docs/verify.md. Times are numbers in µs.
std::string verify_json(const sync::Report& report);

/// 0 in sync, 1 not in sync or refused, 2 unreadable.
int verify_exit_code(const Result<sync::Report>& report);

}  // namespace genlock::cli
