#pragma once

namespace genlock::cli {

/// Exit codes of k4arecorder and genlock; verify has its own (verify_report.h).
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,  ///< it did not work, or data were lost; the message says what is on disk
  kUsage = 2,   ///< the command line is wrong; nothing was touched
};

}  // namespace genlock::cli
