#include "cli/event_inbox.h"

#include <algorithm>
#include <utility>

namespace genlock::cli {
namespace {

bool is_end(const session::Event& event) {
  return std::holds_alternative<session::RecordingEnded>(event);
}

bool can_be_missed(const session::Event& event) {
  return std::holds_alternative<session::Progress>(event) || std::holds_alternative<session::Waiting>(event);
}

}  // namespace

void EventInbox::push(const session::Event& event) {
  MutexLock lock(mutex_);
  if (events_.size() >= kCapacity) {
    const auto old = std::ranges::find_if(events_, can_be_missed);
    if (old != events_.end())
      events_.erase(old);
    else if (!is_end(event))
      return;
  }
  events_.push_back(event);
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
  if (std::exchange(stop_, false)) return {.event = {}, .stop = true};
  return {.event = take()};
}

std::optional<session::Event> EventInbox::try_next() {
  MutexLock lock(mutex_);
  return take();
}

std::optional<session::Event> EventInbox::take() {
  if (events_.empty()) return std::nullopt;
  std::optional<session::Event> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

}  // namespace genlock::cli
