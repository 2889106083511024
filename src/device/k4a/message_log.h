#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/mutex.h"

namespace genlock::device::k4a {

/// A line of a library's log.
struct Message {
  std::uint64_t number = 0;  ///< counts from 1 over all that the library ever said
  LogLevel level = LogLevel::error;
  std::string text;
  std::thread::id thread;  ///< that said it
};

/// Frames that a library says it threw out of its full queues.
struct QueueLosses {
  std::uint64_t captures = 0;
  std::uint64_t imu_samples = 0;
};

/// What a library says in its log, which is the only place where it gives reasons: the last warnings and
/// errors. Any thread.
class MessageLog {
 public:
  static constexpr std::size_t kKept = 64;
  static constexpr std::size_t kLongest = 400;  ///< characters of a line; the rest is cut off

  void add(LogLevel level, std::string_view text);

  /// The number that the next message will have.
  std::uint64_t mark() const;

  /// Messages from number `mark` on that are still kept, oldest first: all of them, or those of one thread.
  std::vector<Message> since(std::uint64_t mark) const;
  std::vector<Message> since(std::uint64_t mark, std::thread::id thread) const;

  QueueLosses losses() const;

 private:
  void keep(LogLevel level, std::string_view text) GENLOCK_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::uint64_t next_ GENLOCK_GUARDED_BY(mutex_) = 1;
  std::deque<Message> kept_ GENLOCK_GUARDED_BY(mutex_);
  QueueLosses losses_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::device::k4a
