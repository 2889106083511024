#include "cli/stop_signals.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/thread.h"
#include "base/unique_fd.h"

namespace genlock::cli {
namespace {

bool ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t stop_set() {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!ignored(signal)) sigaddset(&set, signal);
  return set;
}

}  // namespace

struct StopSignals::Impl {
  std::function<void(int)> on_signal;
  sigset_t blocked = stop_set();
  sigset_t before;
  UniqueFd signals;
  UniqueFd quit;
  Thread thread;

  void listen() const {
    std::array<pollfd, 2> sources{{{signals.get(), POLLIN, 0}, {quit.get(), POLLIN, 0}}};
    while (poll(sources.data(), sources.size(), -1) > 0 || errno == EINTR) {
      if (sources[1].revents != 0) return;
      signalfd_siginfo info{};
      if (sources[0].revents != 0 && read(signals.get(), &info, sizeof info) == sizeof info)
        on_signal(static_cast<int>(info.ssi_signo));
    }
  }
};

StopSignals::StopSignals(std::function<void(int)> on_signal) : impl_(std::make_unique<Impl>()) {
  impl_->on_signal = std::move(on_signal);
  pthread_sigmask(SIG_BLOCK, &impl_->blocked, &impl_->before);
  impl_->signals = UniqueFd(signalfd(-1, &impl_->blocked, SFD_CLOEXEC));
  impl_->quit = UniqueFd(eventfd(0, EFD_CLOEXEC));
  impl_->thread = Thread("signals", [impl = impl_.get()] { impl->listen(); });
}

StopSignals::~StopSignals() {
  const std::uint64_t one = 1;
  static_cast<void>(write(impl_->quit.get(), &one, sizeof one) == sizeof one);
  impl_->thread.join();
  pthread_sigmask(SIG_SETMASK, &impl_->before, nullptr);
}

}  // namespace genlock::cli
