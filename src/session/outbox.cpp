#include "session/outbox.h"

#include <algorithm>

namespace genlock::session {
namespace {

bool missed_least(const Message& message) {
  const auto* event = std::get_if<Event>(&message);
  return event != nullptr && can_be_missed(*event);
}

bool must_be_kept(const Message& message) {
  const auto* event = std::get_if<Event>(&message);
  return event == nullptr || std::holds_alternative<RecordingEnded>(*event);
}

}  // namespace

void Outbox::push(Message message) {
  MutexLock lock(mutex_);
  if (messages_.size() >= kCapacity) {
    const auto old = std::ranges::find_if(messages_, missed_least);
    if (old != messages_.end())
      messages_.erase(old);
    else if (!must_be_kept(message))
      return;
  }
  messages_.push_back(std::move(message));
  changed_.notify_all();
}

std::optional<Message> Outbox::next(HostDuration patience) {
  MutexLock lock(mutex_);
  Clock& clock = system_clock();
  const HostTime deadline = deadline_after(clock, patience);
  while (messages_.empty() && !closed_ && clock.now() < deadline) clock.wait(changed_, mutex_, deadline);
  if (messages_.empty()) return std::nullopt;
  std::optional<Message> message(std::move(messages_.front()));
  messages_.pop_front();
  return message;
}

void Outbox::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool Outbox::closed() {
  MutexLock lock(mutex_);
  return closed_;
}

}  // namespace genlock::session
