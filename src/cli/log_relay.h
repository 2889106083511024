#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "cli/output.h"

namespace genlock::cli {

/// Takes lines of the log, this program's and those of the units' processes, to whoever prints them at the
/// time; to standard error while there is nobody. Any thread.
class LogRelay {
 public:
  /// A line without its line break.
  using Print = std::function<void(const std::string&)>;

  void print(const std::string& line) {
    MutexLock lock(mutex_);
    if (target_) return target_(line);
    put_err(line + "\n");
  }

  /// Who prints from now on; empty: nobody. The one before is not under way any more once it has returned.
  void lead_to(Print target) {
    MutexLock lock(mutex_);
    target_ = std::move(target);
  }

 private:
  Mutex mutex_;
  Print target_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::cli
