#include "device/k4a/message_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/thread.h"

namespace genlock::device::k4a {
namespace {

TEST(MessageLog, KeepsTheLastWarningsAndErrorsOnly) {
  MessageLog log;
  log.add(LogLevel::info, "started");
  for (int i = 0; i < 100; ++i) log.add(i % 2 == 0 ? LogLevel::error : LogLevel::warning, std::to_string(i));
  const auto kept = log.since(0);
  ASSERT_EQ(kept.size(), MessageLog::kKept);
  EXPECT_EQ(kept.front().text, "36");
  EXPECT_EQ(kept.back().text, "99");
}

TEST(MessageLog, TellsWhatWasSaidSinceAMarkAndByWhom) {
  MessageLog log;
  log.add(LogLevel::error, "before");
  const std::uint64_t mark = log.mark();
  log.add(LogLevel::error, "mine");
  Thread("other", [&log] { log.add(LogLevel::error, "the other's"); }).join();
  ASSERT_EQ(log.since(mark).size(), 2u);
  const auto mine = log.since(mark, std::this_thread::get_id());
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_EQ(mine[0].text, "mine");
}

TEST(MessageLog, CutsEndlessLines) {
  MessageLog log;
  log.add(LogLevel::error, std::string(5000, 'x'));
  EXPECT_EQ(log.since(0)[0].text.size(), MessageLog::kLongest);
}

// The vendor's line, the bench's, and those of queues that are not the reader's.
TEST(MessageLog, CountsWhatFullQueuesThrewOut) {
  MessageLog log;
  log.add(LogLevel::info,
          "queue_push_internal(). Queue \"Queue_capture\" dropped oldest 5 captures from queue.");
  log.add(LogLevel::info,
          "queue_push_internal(). Queue \"Queue_depth\" dropped oldest 70 captures from queue.");
  log.add(LogLevel::info,
          "queue_push_internal(). Queue \"Queue_imu\" dropped oldest 11 captures from queue.");
  log.add(LogLevel::info, "unit 900002300102: the capture queue is full: dropped oldest, 2 captures");
  EXPECT_EQ(log.losses().captures, 7u);
  EXPECT_EQ(log.losses().imu_samples, 11u);
  EXPECT_TRUE(log.since(0).empty());
}

}  // namespace
}  // namespace genlock::device::k4a
