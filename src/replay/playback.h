#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "base/result.h"
#include "base/time.h"

namespace genlock::replay {

/// One stream of a recording on its way to a caller. Paced, what is due waits in a queue, of which the oldest
/// fall out, as in a live unit; unpaced, every item waits to be taken. An error of the recording
/// comes after everything before it, and stays. One thread at a time.
template <class T>
class Playback {
 public:
  struct Source {
    std::function<Result<std::optional<T>>()> fetch;  ///< the next item of the recording; nothing at its end
    std::function<HostTime(const T&)> due;            ///< when it comes
    std::size_t capacity;                             ///< of the queue
    bool paced;
  };

  explicit Playback(Source source) : source_(std::move(source)) {}

  /// The oldest item that has come by `now` and was not taken yet.
  Result<std::optional<T>> take(HostTime now) {
    if (source_.paced) receive(now);
    if (!waiting_.empty()) return pop();
    if (look_ahead() && source_.due(*ahead_) <= now) return take_ahead();
    if (failure_) return *failure_;
    return std::optional<T>();
  }

  /// Forgets what has come by `now`; unpaced, nothing has.
  void skip_to(HostTime now) {
    if (source_.paced) receive(now);
    waiting_.clear();
  }

  bool ended() const { return ended_ && waiting_.empty(); }

  /// When the next item comes; the far future if that is not known. To be asked after take() gave nothing.
  HostTime next_due() const { return ahead_ ? source_.due(*ahead_) : HostTime::max(); }

  /// Items that fell out of the queue.
  std::uint64_t dropped() const { return dropped_; }

 private:
  void receive(HostTime now) {
    while (look_ahead() && source_.due(*ahead_) <= now) {
      waiting_.push_back(*take_ahead());
      if (waiting_.size() <= source_.capacity) continue;
      waiting_.pop_front();
      ++dropped_;
    }
  }

  /// Whether there is an item behind those that have come.
  bool look_ahead() {
    if (ahead_ || ended_ || failure_) return ahead_.has_value();
    auto next = source_.fetch();
    if (!next) {
      failure_ = next.error();
      return false;
    }
    ahead_ = *std::move(next);
    ended_ = !ahead_;
    return ahead_.has_value();
  }

  std::optional<T> take_ahead() { return std::exchange(ahead_, std::nullopt); }

  std::optional<T> pop() {
    std::optional<T> item(std::move(waiting_.front()));
    waiting_.pop_front();
    return item;
  }

  const Source source_;
  std::optional<T> ahead_;  ///< fetched, has not come yet
  std::deque<T> waiting_;   ///< has come, not taken yet
  std::optional<Error> failure_;
  bool ended_ = false;
  std::uint64_t dropped_ = 0;
};

}  // namespace genlock::replay
