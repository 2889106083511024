#include "cli/output.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>

namespace genlock::cli {
namespace {

void put(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void put_out(std::string_view text) {
  put(STDOUT_FILENO, text);
}
void put_err(std::string_view text) {
  put(STDERR_FILENO, text);
}

int fail(std::string_view program, std::string_view what, int exit_code) {
  put_err(fmt::format("{}: {}\n", program, what));
  return exit_code;
}

int fail_as(std::string_view program, const Error& error) {
  return fail(program, error.message(), error.code() == Errc::invalid ? kUsage : kFailed);
}

}  // namespace genlock::cli
