#pragma once

#include <optional>
#include <vector>

#include "cli/recorder_options.h"

namespace genlock::cli {

/// Where the units of one recording have their sessions.
enum class Isolation : std::uint8_t {
  process,  ///< each in a process of its own: a libk4a that crashes costs its own unit only
  none,     ///< all in this one
};

/// What the command line of genlock record asks for: one recorder's options for each unit, in the order in
/// which they are started.
struct RecordRequest {
  Isolation isolation = Isolation::process;
  std::vector<RecorderOptions> units;
};

/// The request, or the exit code after usage or an error has been printed.
struct ParsedRecordRequest {
  std::optional<RecordRequest> request;
  int exit_code = 0;
};

/// `words`: all behind "genlock record". Those before the first "--" are for all units, and each "--" begins
/// the words of one more.
ParsedRecordRequest parse_record_request(const std::vector<std::string>& words);

}  // namespace genlock::cli
