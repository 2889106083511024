#pragma once

#include <cstddef>
#include <memory>

#include "cli/log_relay.h"
#include "session/event.h"

namespace genlock::cli {

/// The program's log while it lives: all lines, but for the time-outs of subordinates that wait for pulses,
/// which are what must come there. They are printed after all when the wait ends in an error. Any thread.
class ArmedLog {
 public:
  /// On standard error.
  ArmedLog() : ArmedLog(std::make_shared<LogRelay>()) {}
  explicit ArmedLog(std::shared_ptr<LogRelay> lines);
  ~ArmedLog();
  ArmedLog(const ArmedLog&) = delete;
  ArmedLog& operator=(const ArmedLog&) = delete;

  /// To be told every event, which is how it knows who waits.
  void on_event(std::size_t unit, const session::Event& event);

 private:
  struct State;
  const std::shared_ptr<State> state_;  ///< shared with a message that is under way
};

}  // namespace genlock::cli
