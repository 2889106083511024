#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/thread.h"
#include "base/unique_fd.h"

namespace genlock::session {

/// What another process prints, line by line. That process never waits: what it prints while nobody reads and
/// the pipe is full is lost.
///
/// Threads: "log-<name>" reads; ended by the destructor, after what is in the pipe then.
class ChildOutput {
 public:
  static constexpr std::size_t kLongestLine = 4096;  ///< bytes; a longer one comes as several

  /// A line without its line break. On the thread above.
  using OnLine = std::function<void(const std::string&)>;

  static Result<std::unique_ptr<ChildOutput>> create(const std::string& name, OnLine on_line);
  ~ChildOutput();
  ChildOutput(const ChildOutput&) = delete;
  ChildOutput& operator=(const ChildOutput&) = delete;

  /// Where the process prints to; to be closed here once it has it.
  const UniqueFd& write_end() const { return write_end_; }
  void close_write_end() { write_end_ = UniqueFd(); }

 private:
  ChildOutput(OnLine on_line, UniqueFd read_end, UniqueFd write_end, UniqueFd quit);
  void read_lines();
  bool read_some();
  void tell_lines(bool ended);

  const OnLine on_line_;
  const UniqueFd read_end_;
  UniqueFd write_end_;
  const UniqueFd quit_;
  std::string received_;  ///< of a line that is not whole yet
  Thread thread_;
};

}  // namespace genlock::session
