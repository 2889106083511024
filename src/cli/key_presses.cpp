#include "cli/key_presses.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/thread.h"
#include "base/unique_fd.h"

namespace genlock::cli {
namespace {

bool has_terminal() {
  return isatty(STDIN_FILENO) != 0 && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

}  // namespace

struct KeyPresses::Impl {
  std::function<void(char)> on_key;
  termios before{};
  UniqueFd quit;
  Thread thread;

  void listen() const {
    std::array<pollfd, 2> sources{{{STDIN_FILENO, POLLIN, 0}, {quit.get(), POLLIN, 0}}};
    while (poll(sources.data(), sources.size(), -1) > 0 || errno == EINTR) {
      if (sources[1].revents != 0) return;
      char key = 0;
      if (sources[0].revents == 0) continue;
      if (read(STDIN_FILENO, &key, 1) != 1) return;  // the terminal is gone
      on_key(key);
    }
  }
};

KeyPresses::KeyPresses(std::function<void(char)> on_key) {
  termios terminal{};
  if (!has_terminal() || tcgetattr(STDIN_FILENO, &terminal) != 0) return;
  impl_ = std::make_unique<Impl>();
  impl_->on_key = std::move(on_key);
  impl_->before = terminal;
  impl_->quit = UniqueFd(eventfd(0, EFD_CLOEXEC));
  terminal.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
  impl_->thread = Thread("keys", [impl = impl_.get()] { impl->listen(); });
}

KeyPresses::~KeyPresses() {
  if (!impl_) return;
  const std::uint64_t one = 1;
  static_cast<void>(write(impl_->quit.get(), &one, sizeof one) == sizeof one);
  impl_->thread.join();
  tcsetattr(STDIN_FILENO, TCSANOW, &impl_->before);
}

}  // namespace genlock::cli
