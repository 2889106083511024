#include "rig/take_inbox.h"

#include <algorithm>
#include <utility>

namespace genlock::rig {

void TakeInbox::push(std::size_t unit, session::Event event) {
  MutexLock lock(mutex_);
  if (events_.size() >= kCapacity) {
    const auto old =
        std::ranges::find_if(events_, [](const Item& item) { return session::can_be_missed(*item.event); });
    if (old != events_.end()) {
      events_.erase(old);
    } else if (!std::holds_alternative<session::RecordingEnded>(event)) {
      ++lost_;
      return;
    }
  }
  events_.push_back({.unit = unit, .event = std::move(event)});
  changed_.notify_all();
}

void TakeInbox::request_stop() {
  MutexLock lock(mutex_);
  ++stops_;
  woken_ = true;
  changed_.notify_all();
}

void TakeInbox::wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

TakeInbox::Item TakeInbox::next() {
  MutexLock lock(mutex_);
  while (events_.empty() && !woken_) changed_.wait(mutex_);
  Item item;
  if (!std::exchange(woken_, false)) {
    item = std::move(events_.front());
    events_.pop_front();
  }
  item.stops = stops_;
  return item;
}

std::optional<TakeInbox::Item> TakeInbox::try_next() {
  MutexLock lock(mutex_);
  if (events_.empty()) return std::nullopt;
  std::optional<Item> item(std::move(events_.front()));
  events_.pop_front();
  return item;
}

std::uint64_t TakeInbox::lost() const {
  MutexLock lock(mutex_);
  return lost_;
}

void TakeInbox::clear() {
  MutexLock lock(mutex_);
  events_.clear();
}

}  // namespace genlock::rig
