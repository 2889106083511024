#include "cli/armed_log.h"

#include <gmock/gmock.h>

#include "base/log.h"

namespace genlock::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

void log_timeout(const char* serial) {
  log_warning("unit {}: timeout on the streaming endpoint depth: nothing for 2 s", serial);
}

class ArmedLogs : public testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t unit = 0; unit < 2; ++unit)
      log_.on_event(unit, session::Opened{.serial = "90000000010" + std::to_string(unit)});
    log_.on_event(0, session::Started{WiredSyncMode::master});
    log_.on_event(1, session::Started{WiredSyncMode::subordinate});
    testing::internal::CaptureStderr();
  }

  static std::string printed() {
    std::fflush(stderr);
    return testing::internal::GetCapturedStderr();
  }

  ArmedLog log_;
};

TEST_F(ArmedLogs, KeepBackTheTimeoutsOfASubordinateThatWaits) {
  log_timeout("900000000101");
  log_.on_event(1, session::Waiting{});
  log_timeout("900000000101");
  log_.on_event(1, session::Streaming{});
  log_.on_event(1, session::RecordingEnded{.error = "disk full"});
  EXPECT_THAT(printed(), IsEmpty());
}

TEST_F(ArmedLogs, PrintWhatElseIsLogged) {
  log_timeout("900000000100");
  log_error("unit 900000000101: a depth transfer failed");
  log_.on_event(1, session::Streaming{});
  log_timeout("900000000101");
  EXPECT_THAT(printed(), AllOf(HasSubstr("warning: unit 900000000100: timeout"), HasSubstr("error: unit"),
                               HasSubstr("warning: unit 900000000101: timeout")));
}

TEST_F(ArmedLogs, PrintThemWhenTheWaitEndsInAnError) {
  log_timeout("900000000101");
  log_.on_event(1, session::RecordingEnded{.error = "no capture within 360 s"});
  log_.on_event(1, session::RecordingEnded{.error = "no capture within 360 s"});
  EXPECT_EQ(printed(),
            "warning: unit 900000000101: timeout on the streaming endpoint depth: nothing for 2 s\n");
}

}  // namespace
}  // namespace genlock::cli
