// genlock bench watch as a process: on a terminal, which it leaves as it was, and in a pipe.

#include <gmock/gmock.h>
#include <signal.h>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::cli {
namespace {

using test::Process;
using testing::EndsWith;
using testing::HasSubstr;

class BenchWatch : public testing::Test {
 protected:
  std::unique_ptr<Process> run(const std::vector<std::string>& words) const {
    return std::make_unique<Process>(
        words, Process::Options{.environment = {{"GENLOCK_BENCH", "default"},
                                                {"GENLOCK_STATE_DIR", (folder_ / "state").string()}}});
  }
  const std::string program_ = std::string(GENLOCK_PROGRAMS) + "/genlock";
  const test::TemporaryFolder folder_;
};

TEST_F(BenchWatch, DrawsOnATerminalAndGivesItBackOnEverySignal) {
  for (const char* signal : {"INT", "TERM"}) {
    // script(1) makes the terminal; timeout sends the signal once the picture has been drawn some times.
    const auto process = run(
        {"script", "-qec",
         "timeout --foreground -s " + std::string(signal) + " 2 " + program_ + " bench watch", "/dev/null"});
    process->wait();
    const std::string& drawn = process->output();
    EXPECT_THAT(drawn, HasSubstr("\x1b[?1049h\x1b[?25l\x1b[H"));
    EXPECT_THAT(drawn, HasSubstr("master --> sub1 --> sub2"));
    EXPECT_THAT(drawn, EndsWith("\x1b[?25h\x1b[?1049l"));
  }
}

TEST_F(BenchWatch, SaysInAPipeWhatChanges) {
  const auto process = run({program_, "bench", "watch"});
  ASSERT_TRUE(process->wait_for("sub2: free")) << process->output();
  EXPECT_EQ(run({program_, "bench", "set", "sub1", "stall", "depth", "on"})->wait(), 0);
  ASSERT_TRUE(process->wait_for("stalled: depth")) << process->output();
  process->signal(SIGINT);
  EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(process->output().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace genlock::cli
