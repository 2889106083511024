#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sync/report.h"

namespace genlock::cli {

/// For people: a table, findings in sentences, and a last line that begins with IN SYNC or NOT IN SYNC ("NOT
/// IN SYNC: refused" for files of different takes; or, for one file without faults, NOTHING TO COMPARE).
/// Lines of at most 100 columns as long as unit names are short.
std::string verify_text(const sync::Report& report);

/// "master", for people.
std::string_view role_name(WiredSyncMode mode);

/// That line, without its end.
std::string verdict_line(const sync::Report& report);

/// One JSON object; keys are documented in docs/verify.md. Times are numbers in µs.
std::string verify_json(const sync::Report& report);

/// 0 in sync, 1 not in sync or refused, 2 unreadable.
int verify_exit_code(const Result<sync::Report>& report);

}  // namespace genlock::cli
