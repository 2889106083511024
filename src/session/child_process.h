#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace genlock::session {

/// A program in a process of its own. It does not see SIGINT, SIGTERM and SIGHUP, which whole groups of
/// processes get: whoever started it ends it in order. Its standard output goes where its standard error
/// goes.
class ChildProcess {
 public:
  /// The descriptor by which the program finds its inheritance.
  static constexpr int kInherited = 3;

  /// `command`: the program's file, then its words. `output`: where it prints to; none: this process'
  /// standard error.
  static Result<ChildProcess> start(const std::vector<std::string>& command, const UniqueFd& inherited,
                                    const UniqueFd& output = {});
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();  ///< kills it if it still runs

  int pid() const { return pid_; }
  void kill() const;

  /// Waits for its end, and kills it when it has not come within `patience`. How it ended, in words. Once.
  std::string wait(HostDuration patience);

 private:
  explicit ChildProcess(int pid) : pid_(pid) {}

  int pid_;  ///< -1 once its end is known
};

}  // namespace genlock::session
