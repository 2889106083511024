#pragma once

#include <cstdint>
#include <algorithm>
#include <deque>
#include <optional>

#include "base/clock.h"

namespace genlock {

/// What a full queue does with one more item.
enum class WhenFull { refuse, drop_oldest };

struct QueueCounters {
  std::uint64_t pushed = 0;   ///< taken in
  std::uint64_t refused = 0;  ///< not taken in: full (refuse) or closed
  std::uint64_t dropped = 0;  ///< thrown away to make room (drop_oldest)
  std::uint64_t popped = 0;
  std::size_t highest = 0;  ///< most items held at once
};

/// A queue between threads that never holds more than `capacity` items. Any number of threads on both sides.
template <class T>
class BoundedQueue {
 public:
  BoundedQueue(std::size_t capacity, WhenFull policy) : capacity_(capacity), policy_(policy) {}

  /// False if the item was refused; it is then unchanged.
  bool push(T&& item) {
    MutexLock lock(mutex_);
    if (closed_ || (items_.size() >= capacity_ && policy_ == WhenFull::refuse)) {
      ++counters_.refused;
      return false;
    }
    if (items_.size() >= capacity_) {
      items_.pop_front();
      ++counters_.dropped;
    }
    items_.push_back(std::move(item));
    ++counters_.pushed;
    counters_.highest = std::max(counters_.highest, items_.size());
    ready_.notify_one();
    return true;
  }

  /// The oldest item; nothing once the deadline has come, or when the queue is closed and empty.
  std::optional<T> pop(Clock& clock, HostTime deadline) {
    MutexLock lock(mutex_);
    while (items_.empty()) {
      if (closed_ || clock.now() >= deadline) return std::nullopt;
      clock.wait(ready_, mutex_, deadline);
    }
    return take_front();
  }

  std::optional<T> try_pop() {
    MutexLock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    return take_front();
  }

  /// No more items come in; what is inside can still be taken out. Wakes every waiting pop.
  void close() {
    MutexLock lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }

  bool closed() const {
    MutexLock lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    MutexLock lock(mutex_);
    return items_.size();
  }
  QueueCounters counters() const {
    MutexLock lock(mutex_);
    return counters_;
  }

 private:
  std::optional<T> take_front() GENLOCK_REQUIRES(mutex_) {
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    ++counters_.popped;
    return item;
  }

  const std::size_t capacity_;
  const WhenFull policy_;
  mutable Mutex mutex_;
  CondVar ready_;
  std::deque<T> items_ GENLOCK_GUARDED_BY(mutex_);
  QueueCounters counters_ GENLOCK_GUARDED_BY(mutex_);
  bool closed_ GENLOCK_GUARDED_BY(mutex_) = false;
};

}  // namespace genlock
