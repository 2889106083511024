#include "session/child_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace genlock::session {

Result<std::unique_ptr<ChildOutput>> ChildOutput::create(const std::string& name, OnLine on_line) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return error_from_errno(errno, "making a pipe for what the process of " + name + " prints");
  UniqueFd read_end(ends[0]), write_end(ends[1]), quit(eventfd(0, EFD_CLOEXEC));
  if (quit.get() < 0)
    return error_from_errno(errno, "making a pipe for what the process of " + name + " prints");
  std::unique_ptr<ChildOutput> made(
      new ChildOutput(std::move(on_line), std::move(read_end), std::move(write_end), std::move(quit)));
  made->thread_ = Thread("log-" + name, [output = made.get()] { output->read_lines(); });
  return made;
}

ChildOutput::ChildOutput(OnLine on_line, UniqueFd read_end, UniqueFd write_end, UniqueFd quit)
    : on_line_(std::move(on_line)),
      read_end_(std::move(read_end)),
      write_end_(std::move(write_end)),
      quit_(std::move(quit)) {}

ChildOutput::~ChildOutput() {
  const std::uint64_t one = 1;
  static_cast<void>(write(quit_.get(), &one, sizeof one) == sizeof one);
}

void ChildOutput::read_lines() {
  std::array<pollfd, 2> sources{{{read_end_.get(), POLLIN, 0}, {quit_.get(), POLLIN, 0}}};
  while (poll(sources.data(), sources.size(), -1) > 0 || errno == EINTR) {
    const bool quit = sources[1].revents != 0;
    if (!read_some() || quit) break;
  }
  tell_lines(true);
}

/// What is there, a pipe full at most; false when nothing more will come.
bool ChildOutput::read_some() {
  constexpr int kMostChunks = 16;  // of a pipe's usual 64 KiB
  std::array<char, 4096> chunk{};
  for (int i = 0; i < kMostChunks; ++i) {
    const ssize_t n = read(read_end_.get(), chunk.data(), chunk.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n <= 0) return false;
    received_.append(chunk.data(), static_cast<std::size_t>(n));
    tell_lines(false);
  }
  return true;
}

void ChildOutput::tell_lines(bool ended) {
  for (std::size_t end = 0; !received_.empty();) {
    end = std::min(received_.find('\n'), kLongestLine);
    if (end >= received_.size() && !ended) return;
    on_line_(received_.substr(0, end));
    const bool line_break = end < received_.size() && received_[end] == '\n';
    received_.erase(0, end + (line_break ? 1 : 0));
  }
}

}  // namespace genlock::session
