// The message handler: facts k4a-abi.md B7 and G4 38.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "k4a/k4a.h"

namespace {

struct Line {
  k4a_log_level_t level;
  std::string file;
  int line;
  std::string message;
};

using Lines = std::vector<Line>;

void keep(void* context, k4a_log_level_t level, const char* file, const int line, const char* message) {
  static_cast<Lines*>(context)->push_back({level, file, line, message});
}

void count(void* context, k4a_log_level_t, const char*, const int, const char*) {
  ++*static_cast<std::atomic<int>*>(context);
}

void fail_once() {
  k4a_image_release(nullptr);
}

class MessageHandler : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF), K4A_RESULT_SUCCEEDED);
  }

  static k4a_result_t set(k4a_logging_message_cb_t* handler, void* context, int level) {
    return k4a_set_debug_message_handler(handler, context, static_cast<k4a_log_level_t>(level));
  }

  Lines lines_;
};

TEST_F(MessageHandler, HearsWhyACallFailedAndWhere) {
  ASSERT_EQ(set(keep, &lines_, K4A_LOG_LEVEL_ERROR), K4A_RESULT_SUCCEEDED);
  fail_once();
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].level, K4A_LOG_LEVEL_ERROR);
  EXPECT_EQ(lines_[0].file, "image.cpp");
  EXPECT_GT(lines_[0].line, 0);
  EXPECT_EQ(lines_[0].message, "k4a_image_release: the image handle is null");
}

TEST_F(MessageHandler, HearsNothingMilderThanItsLevel) {
  ASSERT_EQ(set(keep, &lines_, K4A_LOG_LEVEL_CRITICAL), K4A_RESULT_SUCCEEDED);
  fail_once();
  ASSERT_EQ(set(keep, &lines_, K4A_LOG_LEVEL_OFF), K4A_RESULT_SUCCEEDED);
  fail_once();
  EXPECT_TRUE(lines_.empty());
}

TEST_F(MessageHandler, StaysAloneUntilItIsTakenAway) {
  std::atomic<int> counted = 0;
  ASSERT_EQ(set(keep, &lines_, K4A_LOG_LEVEL_CRITICAL), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(set(count, &counted, K4A_LOG_LEVEL_TRACE), K4A_RESULT_FAILED);
  EXPECT_EQ(set(nullptr, nullptr, 77), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(set(count, &counted, K4A_LOG_LEVEL_TRACE), K4A_RESULT_SUCCEEDED);
  fail_once();
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(set(nullptr, nullptr, 0), K4A_RESULT_SUCCEEDED);
  fail_once();
  EXPECT_EQ(counted, 1);
}

TEST_F(MessageHandler, TheSameOneAgainBringsAnotherContext) {
  Lines others;
  ASSERT_EQ(set(keep, &lines_, K4A_LOG_LEVEL_ERROR), K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(set(keep, &others, K4A_LOG_LEVEL_ERROR), K4A_RESULT_SUCCEEDED);
  fail_once();
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(others.size(), 1U);
  EXPECT_EQ(set(nullptr, nullptr, 0), K4A_RESULT_SUCCEEDED);
}

TEST_F(MessageHandler, LevelsThatDoNotExistAreRefused) {
  EXPECT_EQ(set(keep, &lines_, -1), K4A_RESULT_FAILED);
  EXPECT_EQ(set(keep, &lines_, 6), K4A_RESULT_FAILED);
  fail_once();
  EXPECT_TRUE(lines_.empty());
}

TEST_F(MessageHandler, IsNotCalledAnyMoreOnceItIsTakenAway) {
  std::atomic<int> counted = 0;
  ASSERT_EQ(set(count, &counted, K4A_LOG_LEVEL_ERROR), K4A_RESULT_SUCCEEDED);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) fail_once();
    });
  EXPECT_EQ(set(nullptr, nullptr, 0), K4A_RESULT_SUCCEEDED);
  const int when_taken_away = counted;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counted, when_taken_away);
}

}  // namespace
