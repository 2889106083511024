#include "device/k4a/call_thread.h"

#include <fmt/core.h>

#include <atomic>

namespace genlock::device::k4a {
namespace {

std::atomic<bool> abandoned = false;

Error hanging(const std::string& call) {
  return Error(Errc::io,
               fmt::format("{} has not returned: the library hangs; unplug the unit, end this program and "
                           "start it again",
                           call));
}

}  // namespace

struct CallThread::State {
  Mutex turn;  ///< held by the caller whose call is made; taken before `mutex`
  Mutex mutex;
  CondVar changed;
  std::function<void()> job GENLOCK_GUARDED_BY(mutex);  ///< given, not yet begun
  bool done GENLOCK_GUARDED_BY(mutex) = false;
  bool ending GENLOCK_GUARDED_BY(mutex) = false;
  std::string hangs_in GENLOCK_GUARDED_BY(mutex);  ///< empty: it does not

  std::function<void()> next_job() {
    MutexLock lock(mutex);
    while (!job && !ending) changed.wait(mutex);
    return std::exchange(job, nullptr);
  }

  /// False when nobody waits any more.
  bool finish_job() {
    MutexLock lock(mutex);
    done = true;
    changed.notify_all();
    return hangs_in.empty();
  }

  void serve() {
    for (auto current = next_job(); current; current = next_job()) {
      current();
      current = nullptr;  // what it owns goes here, not on the caller's thread
      if (!finish_job()) return;
    }
  }
};

CallThread::CallThread(const std::string& name)
    : state_(std::make_shared<State>()), thread_(name, [state = state_] { state->serve(); }) {}

CallThread::~CallThread() {
  bool stuck = false;
  {
    MutexLock lock(state_->mutex);
    state_->ending = true;
    stuck = !state_->hangs_in.empty();
    state_->changed.notify_all();
  }
  if (stuck) thread_.abandon();
}

Status CallThread::perform(const std::string& doing, HostDuration limit, std::function<void()> job) {
  MutexLock my_turn(state_->turn);
  MutexLock lock(state_->mutex);
  if (!state_->hangs_in.empty()) return hanging(state_->hangs_in);
  Clock& clock = system_clock();
  const HostTime deadline = deadline_after(clock, limit);
  state_->job = std::move(job);
  state_->done = false;
  state_->changed.notify_all();
  while (!state_->done && clock.now() < deadline) clock.wait(state_->changed, state_->mutex, deadline);
  if (state_->done) return {};
  state_->hangs_in = doing;
  abandoned = true;
  return hanging(doing);
}

bool CallThread::hangs() const {
  MutexLock lock(state_->mutex);
  return !state_->hangs_in.empty();
}

bool CallThread::any_abandoned() {
  return abandoned;
}

}  // namespace genlock::device::k4a
