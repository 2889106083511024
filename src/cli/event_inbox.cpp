#include "cli/event_inbox.h"

#include <algorithm>
#include <utility>

namespace genlock::cli {
namespace {

bool is_end(const session::Event& event) {
  return std::holds_alternative<session::RecordingEnded>(event);
}

}  // namespace

void EventInbox::push(const session::Event& event, std::size_t unit) {
  MutexLock lock(mutex_);
  if (events_.size() >= kCapacity) {
    const auto old =
        std::ranges::find_if(events_, [](const Item& item) { return session::can_be_missed(*item.event); });
    if (old != events_.end())
      events_.erase(old);
    else if (!is_end(event))
      return;
  }
  events_.push_back({.event = event, .unit = unit});
  changed_.notify_all();
}

void EventInbox::request_stop() {
  MutexLock lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

EventInbox::Item EventInbox::next() {
  MutexLock lock(mutex_);
  while (events_.empty() && !stop_) changed_.wait(mutex_);
  if (std::exchange(stop_, false)) return {.event = {}, .unit = 0, .stop = true};
  return *take();
}

std::optional<EventInbox::Item> EventInbox::try_next() {
  MutexLock lock(mutex_);
  return take();
}

std::optional<EventInbox::Item> EventInbox::take() {
  if (events_.empty()) return std::nullopt;
  std::optional<Item> item(std::move(events_.front()));
  events_.pop_front();
  return item;
}

}  // namespace genlock::cli
