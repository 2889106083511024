#pragma once

#include <deque>
#include <optional>

#include "base/mutex.h"
#include "session/event.h"

namespace genlock::rig {

/// Events of all units on their way from the sessions' threads to the one that leads a take. Bounded: when
/// that one falls behind, what can be missed goes first, then anything but the end of a recording.
class TakeInbox {
 public:
  static constexpr std::size_t kCapacity = 8192;  ///< ten seconds of a hundred units

  /// Never waits. Any thread, as all but next().
  void push(std::size_t unit, session::Event event);

  /// The user wants the take to end; asked once more: at once.
  void request_stop();

  /// Wakes the reader without an event.
  void wake();

  struct Item {
    std::size_t unit = 0;
    std::optional<session::Event> event;
    int stops = 0;  ///< how often a stop was asked for so far
  };

  /// The next event. Without one when the reader was woken, or a stop asked for since the last call.
  Item next();

  /// The next event that is there already; wakes and stops are left to next().
  std::optional<Item> try_next();

  /// Events that found no room and will be missed.
  std::uint64_t lost() const;

  /// Drops all events: of sessions that are gone.
  void clear();

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Item> events_ GENLOCK_GUARDED_BY(mutex_);
  int stops_ GENLOCK_GUARDED_BY(mutex_) = 0;
  bool woken_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::uint64_t lost_ GENLOCK_GUARDED_BY(mutex_) = 0;
};

}  // namespace genlock::rig
