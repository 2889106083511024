#include "rig/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <sstream>

#include "base/unique_fd.h"

namespace genlock::rig {
namespace {

/// A read gives one record, which is never longer.
constexpr std::size_t kLongestRecord = 8192;
/// Kernels keep less.
constexpr std::size_t kMost = std::size_t{16} << 20;

Result<std::string> read_all(const std::filesystem::path& file) {
  const UniqueFd in(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!in) return error_from_errno(errno, "reading the kernel's log " + file.string());
  std::string text;
  std::array<char, kLongestRecord> piece{};
  while (text.size() < kMost) {
    const ssize_t n = ::read(in.get(), piece.data(), piece.size());
    if (n > 0) text.append(piece.data(), static_cast<std::size_t>(n));
    if (n == 0 || (n < 0 && errno == EAGAIN)) break;                 // all that there is
    const bool goes_on = n > 0 || errno == EINTR || errno == EPIPE;  // EPIPE: old records went away
    if (!goes_on) return error_from_errno(errno, "reading the kernel's log " + file.string());
  }
  return text;
}

/// "6,1234,5678901,-;text": the third is when, in µs. Other lines belong to the record before.
std::optional<KernelMessage> parse(const std::string& line) {
  const std::size_t text = line.find(';');
  const std::size_t first = line.find(','), second = line.find(',', first + 1);
  if (line.starts_with(' ') || text == line.npos || first == line.npos || second == line.npos ||
      second > text)
    return std::nullopt;
  std::int64_t us = 0;
  const auto [end, failed] = std::from_chars(line.data() + second + 1, line.data() + text, us);
  if (failed != std::errc{}) return std::nullopt;
  return KernelMessage{HostTime(std::chrono::microseconds(us)), line.substr(text + 1)};
}

}  // namespace

Result<std::vector<KernelMessage>> read_kernel_log(const std::filesystem::path& root) {
  GENLOCK_ASSIGN(const std::string text, read_all(root / "dev/kmsg"));
  std::vector<KernelMessage> messages;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (auto message = parse(line)) messages.push_back(*std::move(message));
  return messages;
}

}  // namespace genlock::rig
