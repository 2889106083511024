#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/thread.h"

namespace genlock::device::k4a {

/// How long calls into a library may take, in real time. A healthy unit takes 2 s to start and up to 10 s to
/// open, when it is still booting (facts device.md 3); every USB command gives up after 2 s.
struct CallLimits {
  HostDuration open = std::chrono::seconds(30);
  HostDuration start = std::chrono::seconds(30);
  HostDuration stop = std::chrono::seconds(10);
  HostDuration close = std::chrono::seconds(10);
  HostDuration command = std::chrono::seconds(10);
  HostDuration read = std::chrono::seconds(10);  ///< beyond what it was asked to wait
};

/// The thread on which one unit's calls are made that may never return. When one does not, the thread is left
/// where it hangs, until the program ends, and so is everything that the call uses; all later calls fail at
/// once. See any_abandoned(). Any thread; one call at a time is made, others wait for their turn.
class CallThread {
 public:
  explicit CallThread(const std::string& name);
  ~CallThread();
  CallThread(const CallThread&) = delete;
  CallThread& operator=(const CallThread&) = delete;

  /// What `call` returns, or Errc::io if it has not returned within `limit` (negative: none). `call` must own
  /// what it uses.
  template <class T>
  Result<T> run(const std::string& doing, HostDuration limit, std::function<Result<T>()> call) {
    auto result = std::make_shared<std::optional<Result<T>>>();
    GENLOCK_TRY(perform(doing, limit, [result, call = std::move(call)] { result->emplace(call()); }));
    return std::move(**result);
  }

  bool hangs() const;

  /// Whether some call of this program hangs. Such a program should end by _exit: the library's own clean-up
  /// at exit may wait for the call.
  static bool any_abandoned();

 private:
  struct State;
  Status perform(const std::string& doing, HostDuration limit, std::function<void()> job);

  const std::shared_ptr<State> state_;
  Thread thread_;
};

}  // namespace genlock::device::k4a
