#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <map>

#include "cli/recorder_process.h"

// genlock record: several units at once, each in a process of its own or all in one.

namespace genlock {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Process;
using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::Le;

const std::vector<std::string> kSmall{"-c", "720p", "-d", "NFOV_2X2BINNED", "--buffer", "512"};

/// Over an odd library with two units, recorded as a.mkv and b.mkv.
class OddPair : public test::RecorderProcess {
 protected:
  void SetUp() override {}

  static std::string library() { return std::string(GENLOCK_ODD_FOLDER) + "/plain/libk4a.so.1.4"; }

  std::unique_ptr<Process> record(const std::string& odd, const std::vector<std::string>& more,
                                  const std::string& second = "1") {
    std::vector<std::string> words{program("genlock"), "record", "--libk4a", library(), "-r", "30"};
    words.insert(words.end(), kSmall.begin(), kSmall.end());
    words.insert(words.end(), more.begin(), more.end());
    for (const char* word : {"--", "--device", "0", "a.mkv", "--", "--device"}) words.push_back(word);
    words.insert(words.end(), {second, "b.mkv"});
    return std::make_unique<Process>(
        words,
        Process::Options{{{"ODD_K4A", "paced units=2 " + odd}, {"GENLOCK_BENCH", ""}}, folder_.path()});
  }
};

TEST_F(OddPair, CrashOfALibraryCostsItsOwnUnitOnly) {
  const auto recorder = record("read=crash read_after=60", {"-l", "3"});
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("a: error: the process of a "),
                    AnyOf(HasSubstr("signal 11"), HasSubstr("exit code")),  // a sanitizer catches the signal
                    HasSubstr("a.mkv is readable, genlock repair completes it"), HasSubstr("b: done")));
  EXPECT_EQ(frames("b.mkv"), (std::vector<std::uint64_t>{90, 90, 90})) << "30 of them after the crash";
  EXPECT_THAT(frames("a.mkv"), Each(Le(60U)));
  EXPECT_GT(frames("a.mkv")[0], 0U);
  EXPECT_FALSE(info("a.mkv")["finalised"]);
  const auto repaired = start("", {"genlock", "repair", "a.mkv", "whole.mkv"});
  repaired->wait();
  EXPECT_TRUE(info("whole.mkv")["finalised"]);
  EXPECT_THAT(files_in_folder(), testing::UnorderedElementsAre("a.mkv", "b.mkv", "whole.mkv"));
}

TEST_F(OddPair, ProcessThatStandsStillIsEndedAndNamed) {
  const auto recorder = record("read=freeze read_after=60 read_unit=1", {"-l", "3"});
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), AllOf(HasSubstr("b: error: the process of b gave no sign of life for 10 s"),
                                        HasSubstr("a: done")));
  EXPECT_EQ(frames("a.mkv"), (std::vector<std::uint64_t>{90, 90, 90}));
  EXPECT_GT(frames("b.mkv")[0], 0U);
}

TEST_F(OddPair, ReadThatNeverReturnsEndsItsOwnRecordingWithoutIsolationToo) {
  const auto recorder = record("read=hang read_after=60", {"--isolation", "none", "-l", "3"});
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("a: error: unit 000011590212: reading captures has not returned"),
                    HasSubstr("b: done")));
  EXPECT_EQ(frames("a.mkv"), (std::vector<std::uint64_t>{60, 60, 60}));
  EXPECT_TRUE(info("a.mkv")["finalised"]);
  EXPECT_EQ(frames("b.mkv"), (std::vector<std::uint64_t>{90, 90, 90}));
}

TEST_F(OddPair, EndsWhenAUnitCannotBeStarted) {
  for (const std::string isolation : {"process", "none"}) {
    const auto recorder = record("", {"--isolation", isolation}, "2");
    EXPECT_EQ(recorder->wait(), 1);
    EXPECT_THAT(recorder->output(), HasSubstr("genlock record: b: there is no unit 2"));
    EXPECT_FALSE(fs::exists(folder_ / "b.mkv"));
    const bool begun = fs::exists(folder_ / "a.mkv");  // a capture of a may have come before b failed
    EXPECT_TRUE(!begun || info("a.mkv")["finalised"]);
    fs::remove(folder_ / "a.mkv");
  }
}

TEST_F(OddPair, CtrlCEndsAllInOrderThoughTheWholeGroupGetsIt) {
  const auto recorder = record("paced", {});
  ASSERT_TRUE(recorder->wait_for("b: recording into b.mkv")) << recorder->output();
  for (const fs::path& task : fs::directory_iterator("/proc/" + std::to_string(recorder->pid()) + "/task")) {
    std::ifstream children(task / "children");
    for (int child = 0; children >> child;) kill(child, SIGINT);
  }
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("Stopping recording..."), HasSubstr("a: done"), HasSubstr("b: done")));
  for (const char* file : {"a.mkv", "b.mkv"}) EXPECT_TRUE(info(file)["finalised"]) << file;
}

// Nobody is left then to be told anything, so the files must be in order without.
TEST_F(OddPair, FilesAreCompletedWhenTheProgramItselfIsKilled) {
  const auto recorder = record("", {});
  ASSERT_TRUE(recorder->wait_for("b: recording into b.mkv")) << recorder->output();
  recorder->signal(SIGKILL);
  EXPECT_EQ(recorder->wait(), 128 + SIGKILL) << "all that write to its output have ended";
  for (const char* file : {"a.mkv", "b.mkv"}) EXPECT_TRUE(info(file)["finalised"]) << file;
}

class BenchPair : public test::RecorderProcess {
 protected:
  /// A subordinate and its master for one second; the events by unit, without progress.
  std::map<std::string, std::vector<std::string>> record_pair(const std::string& isolation) {
    fs::remove_all(state_directory());
    std::vector<std::string> words{
        "genlock", "record", "--isolation=" + isolation, "--json", "--force", "-r", "30", "-l", "1"};
    words.insert(words.end(), kSmall.begin(), kSmall.end());
    for (const char* word : {"--", "--serial", "900002300102", "--external-sync", "sub", "sub1.mkv", "--",
                             "--serial", "900001400101", "--external-sync", "master", "master.mkv"})
      words.push_back(word);
    const auto recorder = start("", words);
    EXPECT_EQ(recorder->wait(), 0) << recorder->output();
    std::map<std::string, std::vector<std::string>> events;
    std::istringstream lines(recorder->output());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("warning: ")) continue;  // of the bench's log, which goes to standard error
      const json event = json::parse(line, nullptr, false);
      EXPECT_FALSE(event.is_discarded()) << line;
      if (event.is_discarded() || event["event"] == "progress" || event["event"] == "waiting") continue;
      events[event["unit"]].push_back(event["event"]);
    }
    return events;
  }
};

TEST_F(BenchPair, GivesTheSameEventsAndSynchronousFilesEitherWay) {
  std::map<std::string, std::vector<std::string>> events[2];
  for (const int isolated : {0, 1}) {
    events[isolated] = record_pair(isolated != 0 ? "process" : "none");
    for (const char* file : {"sub1.mkv", "master.mkv"})
      EXPECT_EQ(frames(file), (std::vector<std::uint64_t>{30, 30, 30})) << file;
    std::string said;
    EXPECT_EQ(verify({"master.mkv", "sub1.mkv"}, said), 0) << said;
  }
  EXPECT_EQ(events[0], events[1]);
  EXPECT_EQ(events[0]["sub1"],
            (std::vector<std::string>{"opened", "started", "recording_started", "recording_ended"}));
}

/// Command lines that must be refused, and why.
class RecordWords : public test::RecorderProcess {
 protected:
  void SetUp() override {}
  std::string refusal(std::vector<std::string> words) {
    words.insert(words.begin(), {program("genlock"), "record"});
    Process refused(words, {.environment = {}, .directory = folder_.path()});
    EXPECT_EQ(refused.wait(), 2);
    EXPECT_TRUE(files_in_folder().empty());
    return refused.output();
  }
};

TEST_F(RecordWords, ThatMakeNoSenseAreRefused) {
  EXPECT_THAT(refusal({}), HasSubstr("Usage: genlock record"));
  EXPECT_THAT(refusal({"--isolation", "thread", "a.mkv"}), HasSubstr("--isolation is process or none"));
  EXPECT_THAT(refusal({"a.mkv", "--isolation"}), HasSubstr("--isolation is process or none"));
  EXPECT_THAT(refusal({"--", "a.mkv", "--", "b/a.mkv"}), HasSubstr("two units have the name \"a\""));
  EXPECT_THAT(refusal({"-l", "5", "--", "a.mkv", "--", "--serial", "1"}), HasSubstr("no output file"));
  EXPECT_THAT(refusal({"--rate", "7", "--", "a.mkv"}), HasSubstr("genlock record: --rate: 7 is none of"));
  EXPECT_THAT(refusal({"--list"}), HasSubstr("genlock list"));
}

}  // namespace
}  // namespace genlock
