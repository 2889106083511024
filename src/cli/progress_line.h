#pragma once

#include <cstdint>
#include <string>

namespace genlock::cli {

/// How far long work on one file has come: a line on standard error that is redrawn in place, on a terminal
/// and for files of 256 MB and more only. Gone when it goes.
class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::uint64_t done, std::uint64_t total);

 private:
  const std::string what_;
  const bool terminal_;
  int percent_ = -1;
};

}  // namespace genlock::cli
