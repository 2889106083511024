#include "cli/progress_line.h"

#include <fmt/core.h>
#include <unistd.h>

#include "cli/output.h"

namespace genlock::cli {
namespace {

constexpr std::uint64_t kLong = 256'000'000;  // bytes

}  // namespace

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (percent_ >= 0) put_err(fmt::format("\r{:<{}}\r", "", what_.size() + 6));
}

void ProgressLine::show(std::uint64_t done, std::uint64_t total) {
  if (!terminal_ || total < kLong) return;
  const int percent = static_cast<int>(static_cast<double>(done) / static_cast<double>(total) * 100);
  if (percent == percent_) return;
  percent_ = percent;
  put_err(fmt::format("\r{} {:>3} %", what_, percent));
}

}  // namespace genlock::cli
