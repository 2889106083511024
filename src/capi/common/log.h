#pragma once

#include <string_view>

#include "base/result.h"
#include "k4a/k4atypes.h"

// The log of one library as facts k4a-abi.md F and B7 have it: to standard output or a file as the
// environment says, and to a program's message handler. All functions may be called from any thread and never
// throw.

namespace genlock::capi {

/// A place in the source. A default argument Where::here() is the caller's place, as with
/// std::source_location, which clang 14 does not have.
struct Where {
  const char* file;
  int line;

  static constexpr Where here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

/// The environment variable that sends this library's log to a file. Defined by each library.
const char* log_file_variable();

/// One line. Longer messages are cut to 1023 bytes, line breaks become blanks.
void log_line(k4a_log_level_t level, std::string_view file, int line, std::string_view message) noexcept;

/// One line for whoever runs the program: to standard error where neither file nor standard output shows it.
void log_notice(k4a_log_level_t level, std::string_view message, const Where& where = Where::here()) noexcept;

/// From now on what the C++ parts of this library log goes to its log, like any other line. Before, it goes
/// where a program would have it. Cheap to call again.
void log_own_parts() noexcept;

/// The line of a call that failed.
void log_failure(const char* function, std::string_view message, const Where& where) noexcept;

/// What k4a_set_debug_message_handler says. Returns when no call of the handler before is under way.
Status set_message_handler(k4a_logging_message_cb_t* handler, void* context, k4a_log_level_t level);

}  // namespace genlock::capi
