#pragma once

#include <deque>
#include <optional>

#include "base/mutex.h"
#include "session/event.h"

namespace genlock::cli {

/// Events on their way from the threads of sessions to the one that prints them, so that a stalled terminal
/// never stalls a recording. Bounded: when nobody prints, progress is dropped first, and nothing but the end
/// is kept for sure.
class EventInbox {
 public:
  static constexpr std::size_t kCapacity = 256;

  /// From a session; `unit` is given back with the event. Never waits.
  void push(const session::Event& event, std::size_t unit = 0);

  /// Somebody wants the recording to end; wakes the reader.
  void request_stop();

  struct Item {
    std::optional<session::Event> event;
    std::size_t unit = 0;
    bool stop = false;  ///< a stop was requested; told once
  };

  /// The next event or the wish to stop; waits for either.
  Item next();

  /// What is there; nothing if there is none.
  std::optional<Item> try_next();

 private:
  std::optional<Item> take() GENLOCK_REQUIRES(mutex_);

  Mutex mutex_;
  CondVar changed_;
  std::deque<Item> events_ GENLOCK_GUARDED_BY(mutex_);
  bool stop_ GENLOCK_GUARDED_BY(mutex_) = false;
};

}  // namespace genlock::cli
