#include "base/log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace genlock {
namespace {

class Log : public testing::Test {
 protected:
  void TearDown() override {
    set_log_sink({});
    set_log_level(LogLevel::warning);
  }
};

TEST_F(Log, SinkGetsMessagesOfEveryLevel) {
  std::vector<std::pair<LogLevel, std::string>> got;
  set_log_sink([&](LogLevel level, std::string_view message) { got.emplace_back(level, message); });
  log_error("lost {} frames", 3);
  log_info("started");
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0], std::pair(LogLevel::error, std::string("lost 3 frames")));
  EXPECT_EQ(got[1].first, LogLevel::info);
}

TEST_F(Log, SinkMayLogAndWaitForAnotherThreadThatDoes) {
  std::atomic<int> heard = 0;
  set_log_sink([&](LogLevel, std::string_view message) {
    ++heard;
    if (message != "outer") return;
    log_info("inner");
    std::thread([] { log_info("other"); }).join();
  });
  log_info("outer");
  EXPECT_EQ(heard, 3);
}

TEST_F(Log, StandardErrorShowsOnlyWhatTheLevelAllows) {
  testing::internal::CaptureStderr();
  log_info("quiet {}", "by default");
  log_warning("loud {braces}", fmt::arg("braces", "{}"));
  set_log_level(LogLevel::info);
  log_info("now heard");
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_EQ(shown.find("quiet"), shown.npos);
  EXPECT_NE(shown.find("loud {}"), shown.npos) << "the message is not taken for a format again";
  EXPECT_NE(shown.find("now heard"), shown.npos);
}

TEST_F(Log, LevelsAreReadByNameOrFirstLetter) {
  EXPECT_EQ(log_level_from("warning"), LogLevel::warning);
  EXPECT_EQ(log_level_from("T"), LogLevel::trace);
  EXPECT_FALSE(log_level_from(""));
  EXPECT_FALSE(log_level_from("loud"));
}

}  // namespace
}  // namespace genlock
