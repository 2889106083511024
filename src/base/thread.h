#pragma once

#include <functional>
#include <string>
#include <thread>

namespace genlock {

/// A named thread that is joined when its owner goes. The owner must have made the body return by then.
/// Signals to the program are left to the program's other threads, and a write beyond the limit of file size
/// (SIGXFSZ) or to a pipe that nobody reads (SIGPIPE) is an error of that write.
class Thread {
 public:
  Thread() = default;

  /// `name` shows in ps and debuggers; the system keeps its first 15 characters.
  Thread(const std::string& name, std::function<void()> body);
  Thread(Thread&&) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread() { join(); }

  void join();

  /// Gives the thread up: it is stuck in code of others that may never return, and runs until the program ends.
  /// What its body uses must stay until then.
  void abandon();

 private:
  std::thread thread_;
};

/// For work that nobody waits for: when the calling thread wakes up it does not take the processor from one that
/// runs, as those that hand work to it (SCHED_BATCH). A thread whose scheduling the program has chosen keeps it.
void stay_in_background();

}  // namespace genlock
