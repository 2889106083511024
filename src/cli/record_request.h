#pragma once

#include <optional>
#include <vector>

#include "cli/recorder_options.h"
#include "rig/rig.h"

namespace genlock::cli {

using rig::Isolation;

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
