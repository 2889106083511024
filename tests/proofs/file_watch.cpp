#include "proofs/file_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace genlock::test {

FileWatch::FileWatch(const std::filesystem::path& folder)
    : changes_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  const int watch = inotify_add_watch(changes_.get(), folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO);
  if (watch < 0) throw std::runtime_error("cannot watch " + folder.string());
}

bool FileWatch::wait_until(int pid, const std::function<bool()>& condition) {
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  std::array<pollfd, 2> wanted{pollfd{changes_.get(), POLLIN, 0}, pollfd{process.get(), POLLIN, 0}};
  while (!condition()) {
    if (wanted[1].revents != 0) return false;
    if (poll(wanted.data(), wanted.size(), -1) < 0) continue;
    std::array<char, 4096> events{};
    while (read(changes_.get(), events.data(), events.size()) > 0) {
    }
  }
  return true;
}

}  // namespace genlock::test
