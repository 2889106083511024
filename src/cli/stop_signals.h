#pragma once

#include <functional>
#include <memory>

namespace genlock::cli {

/// Catches SIGINT, SIGTERM and SIGHUP for the whole program, from its making on: make it before any thread.
/// Each one calls `on_signal` on a thread of its own, which the destructor stops.
class StopSignals {
 public:
  explicit StopSignals(std::function<void(int signal)> on_signal);
  ~StopSignals();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::cli
