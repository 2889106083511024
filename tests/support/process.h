#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace genlock::test {

/// A real program run by a test: its standard output and error together in one text. Killed if it still runs
/// at the end.
class Process {
 public:
  struct Options {
    std::map<std::string, std::string> environment;  ///< on top of the test's own
    std::filesystem::path directory = ".";
    /// Standard input is a terminal of its own, on which type() types; else it is the test's.
    bool terminal = false;
  };

  Process(const std::vector<std::string>& command, const Options& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Reads on until the program has said `text`, behind the first `from` bytes; false if it ended without.
  bool wait_for(std::string_view text, std::size_t from = 0);

  /// Waits for its end; the exit code, or 128 + the signal that ended it.
  int wait();

  void signal(int number) const;

  /// Keys on the program's terminal: "\x03" is Ctrl-C.
  void type(std::string_view keys) const;

  const std::string& output() const { return output_; }

  /// Most memory it had at any time, once wait() has returned.
  std::uint64_t peak_rss_bytes() const { return peak_rss_bytes_; }
  int pid() const { return pid_; }

 private:
  bool read_more();

  int pid_ = -1;
  UniqueFd pipe_;
  UniqueFd keyboard_;  ///< the other end of its terminal
  std::string output_;
  int exit_code_ = -1;
  std::uint64_t peak_rss_bytes_ = 0;
};

}  // namespace genlock::test
