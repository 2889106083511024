#include "device/k4a/message_log.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace genlock::device::k4a {
namespace {

/// Which queue a line of dropped frames is about: the finished captures' or the IMU's. What waits for a
/// partner inside the library has queues of its own, whose losses are not the reader's.
enum class Queue { captures, imu, other };

Queue queue_of(std::string_view text) {
  const auto has = [text](std::string_view word) { return text.find(word) != text.npos; };
  if (has("imu") || has("IMU")) return Queue::imu;
  return has("Queue_color") || has("Queue_depth") ? Queue::other : Queue::captures;
}

/// The first number behind "dropped oldest" (facts device.md 3, first row); 0 in any other line.
std::uint64_t dropped_in(std::string_view text) {
  const auto words = text.find("dropped oldest");
  const auto digits = words == text.npos ? words : text.find_first_of("0123456789", words);
  if (digits == text.npos) return 0;
  std::uint64_t count = 0;
  std::from_chars(text.data() + digits, text.data() + text.size(), count);
  return count;
}

}  // namespace

void MessageLog::add(LogLevel level, std::string_view text) {
  const std::uint64_t dropped = level == LogLevel::info ? dropped_in(text) : 0;
  if (level > LogLevel::warning && dropped == 0) return;
  MutexLock lock(mutex_);
  if (dropped == 0) return keep(level, text.substr(0, kLongest));
  const Queue queue = queue_of(text);
  if (queue == Queue::imu) losses_.imu_samples += dropped;
  if (queue == Queue::captures) losses_.captures += dropped;
}

void MessageLog::keep(LogLevel level, std::string_view text) {
  if (kept_.size() == kKept) kept_.pop_front();
  kept_.push_back({next_++, level, std::string(text), std::this_thread::get_id()});
}

std::uint64_t MessageLog::mark() const {
  MutexLock lock(mutex_);
  return next_;
}

std::vector<Message> MessageLog::since(std::uint64_t mark) const {
  MutexLock lock(mutex_);
  std::vector<Message> messages;
  std::ranges::copy_if(kept_, std::back_inserter(messages),
                       [mark](const Message& message) { return message.number >= mark; });
  return messages;
}

std::vector<Message> MessageLog::since(std::uint64_t mark, std::thread::id thread) const {
  std::vector<Message> messages = since(mark);
  std::erase_if(messages, [thread](const Message& message) { return message.thread != thread; });
  return messages;
}

QueueLosses MessageLog::losses() const {
  MutexLock lock(mutex_);
  return losses_;
}

}  // namespace genlock::device::k4a
