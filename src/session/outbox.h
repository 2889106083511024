#pragma once

#include <deque>
#include <optional>

#include "base/clock.h"
#include "base/mutex.h"
#include "session/wire.h"

namespace genlock::session {

/// Messages on their way from a session's threads to the one that sends them, in order, so that a process
/// that does not read never stalls a recording. Bounded: when nobody sends, events that are missed least go
/// first; replies and the end of a recording are always kept (a session has one of each at a time).
class Outbox {
 public:
  static constexpr std::size_t kCapacity = 256;

  /// Never waits.
  void push(Message message);

  /// The next message; nothing when none came within `patience`, or all have been given after close().
  std::optional<Message> next(HostDuration patience);

  /// Nothing more comes.
  void close();
  bool closed();

 private:
  Mutex mutex_;
  CondVar changed_;
  std::deque<Message> messages_ GENLOCK_GUARDED_BY(mutex_);
  bool closed_ GENLOCK_GUARDED_BY(mutex_) = false;
};

}  // namespace genlock::session
