#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sync/report.h"

namespace genlock::cli {

/// What the recorder made of a take, as take.json has it.
struct RecorderWord {
  std::string advice;   ///< empty where it said none: recordings without a take, or one that has not ended
  bool forced = false;  ///< recorded although doctor found errors
};

/// For people: a table, findings in sentences, the recorder's word, and a last line that begins with IN SYNC
/// or NOT IN SYNC ("NOT IN SYNC: refused" for files of different takes; or, for one file without faults,
/// NOTHING TO COMPARE). Lines of at most 100 columns as long as unit names are short.
std::string verify_text(const sync::Report& report, const RecorderWord& word = {});

/// "master", for people.
std::string_view role_name(WiredSyncMode mode);

/// That line, without its end.
std::string verdict_line(const sync::Report& report);

/// One JSON object; keys are documented in docs/verify.md. Times are numbers in µs.
std::string verify_json(const sync::Report& report, const RecorderWord& word = {});

/// 0 in sync, 1 not in sync or refused, 2 unreadable.
int verify_exit_code(const Result<sync::Report>& report);

}  // namespace genlock::cli
