#include "base/helper_thread.h"

#include <unistd.h>

#include <system_error>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/thread.h"

namespace genlock {
namespace {

/// Waking a thread takes 10 to 40 us on a virtual machine: what is likely to come sooner is waited for awake.
constexpr HostDuration kAwake = std::chrono::microseconds(50);

/// Jobs without help after one that was kept waiting: where others want the processors, waiting for a slice
/// of time takes longer than any job.
constexpr int kAlone = 32;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

/// Waits for `condition` without giving the processor up, for kAwake at most; gives what it is then.
template <class Condition>
bool becomes_soon(const Condition& condition) {
  const HostTime last = system_clock().now() + kAwake;
  while (!condition()) {
    if (system_clock().now() > last) return false;
    for (int i = 0; i < 8; ++i) pause();
  }
  return true;
}

}  // namespace

/// The thread, and one job at a time that it shares with a caller.
class HelperThread::Helper {
 public:
  explicit Helper(const std::string& name) : thread_(name, [this] { help(); }) {}

  ~Helper() {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
    }
    offered_.notify_one();
  }

  bool is_of_this_process() const { return process_ == ::getpid(); }

  /// False: it was done, but the thread kept the caller waiting.
  bool share(const Job& job) {
    job_ = job;
    next_ = 0;
    {
      MutexLock lock(mutex_);
      state_ = State::offered;
    }
    offered_.notify_one();
    do_pieces();
    State untouched = State::offered;
    return state_.compare_exchange_strong(untouched, State::none) || wait_for_helper();
  }

 private:
  enum class State { none, offered, joined };

  void do_pieces() {
    for (std::size_t piece = next_++; piece < job_.pieces; piece = next_++) job_.call(job_.work, piece);
  }

  bool is_done() const { return state_ == State::none; }

  /// False: not soon.
  bool wait_for_helper() {
    if (becomes_soon([this] { return is_done(); })) return true;
    MutexLock lock(mutex_);
    while (!is_done()) done_.wait(mutex_);
    return false;
  }

  /// The thread.
  void help() {
    stay_in_background();
    while (wait_for_offer()) {
      State offered = State::offered;
      if (!state_.compare_exchange_strong(offered, State::joined)) continue;
      do_pieces();
      MutexLock lock(mutex_);
      state_ = State::none;
      done_.notify_one();
    }
  }

  bool is_offered() const { return state_ == State::offered; }

  /// Stays awake for the next job only after one that came soon. False: stop.
  bool wait_for_offer() {
    const HostTime since = system_clock().now();
    if (often_ && becomes_soon([this] { return is_offered(); })) return true;
    MutexLock lock(mutex_);
    while (!is_offered() && !stopping_) offered_.wait(mutex_);
    often_ = system_clock().now() - since < kAwake;
    return !stopping_;
  }

  const pid_t process_ = ::getpid();

  std::atomic<State> state_ = State::none;
  std::atomic<std::size_t> next_ = 0;  ///< piece
  Job job_;                            ///< changes only while nobody has joined
  bool often_ = false;                 ///< the thread's: jobs follow one another closely

  Mutex mutex_;
  CondVar offered_, done_;
  bool stopping_ GENLOCK_GUARDED_BY(mutex_) = false;
  Thread thread_;  ///< last: it uses the others
};

HelperThread::HelperThread(std::string name) : name_(std::move(name)) {}

/// In a child by fork() the thread is not there, and what it waits for can be neither used nor destroyed.
HelperThread::~HelperThread() {
  if (helper_ && !helper_->is_of_this_process()) (void)helper_.release();
}

/// Null where there is none to help.
HelperThread::Helper* HelperThread::helper() {
  if (!std::exchange(tried_, true)) helper_ = make_helper();
  return helper_ && helper_->is_of_this_process() ? helper_.get() : nullptr;
}

std::unique_ptr<HelperThread::Helper> HelperThread::make_helper() const {
  if (std::thread::hardware_concurrency() < 2) return nullptr;
  try {
    return std::make_unique<Helper>(name_);
  } catch (const std::system_error&) {
    return nullptr;  // no more threads to be had
  }
}

bool HelperThread::run_with_help(const Job& job) {
  if (alone_ > 0) {
    --alone_;
    return false;
  }
  Helper* const helper = this->helper();
  if (helper != nullptr && !helper->share(job)) alone_ = kAlone;
  return helper != nullptr;
}

void HelperThread::run(const Job& job) {
  if (job.pieces > 1 && !busy_.test_and_set(std::memory_order_acquire)) {
    const bool done = run_with_help(job);
    busy_.clear(std::memory_order_release);
    if (done) return;
  }
  for (std::size_t piece = 0; piece < job.pieces; ++piece) job.call(job.work, piece);
}

}  // namespace genlock
