#include <gmock/gmock.h>

#include <fstream>

#include "cli/recorder_process.h"

// The programs over an installed libk4a: here over odd ones (tests/odd_k4a).

namespace genlock {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Process;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LibraryProcess : public test::RecorderProcess {
 protected:
  void SetUp() override {}

  static fs::path library(const std::string& build) {
    return fs::path(GENLOCK_ODD_FOLDER) / build / "libk4a.so.1.4";
  }

  /// `odd` says what the library does; an environment variable that is empty counts as not set.
  std::unique_ptr<Process> run(std::vector<std::string> command, const std::string& odd,
                               std::map<std::string, std::string> environment = {}) {
    command[0] = program(command[0]);
    environment.insert({{"ODD_K4A", odd}, {"GENLOCK_BENCH", ""}, {"GENLOCK_LIBK4A", ""}});
    return std::make_unique<Process>(command, Process::Options{environment, folder_.path()});
  }

  std::unique_ptr<Process> record(std::vector<std::string> words, const std::string& odd) {
    words.insert(words.begin(),
                 {"k4arecorder", "--libk4a", library("plain"), "-c", "720p", "-d", "NFOV_2X2BINNED"});
    return run(std::move(words), odd);
  }
};

TEST_F(LibraryProcess, RecordsAUnitOfTheLibrary) {
  const auto recorder = record({"-r", "30", "-l", "1", "a.mkv"}, "paced");
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("Device serial number: 000011590212\n"), Not(HasSubstr("simulated"))));
  const json file = info("a.mkv");
  EXPECT_EQ(frames("a.mkv"), (std::vector<std::uint64_t>{30, 30, 30}));
  EXPECT_EQ(file["serial"], "000011590212");
  EXPECT_EQ(file["simulated"], false);
  EXPECT_EQ(file["calibration_bytes"], 39);
  EXPECT_TRUE(file["problems"].empty());
}

TEST_F(LibraryProcess, SilentStreamIsNamedWithTheReasonThatTheLibraryGave) {
  const auto recorder = record({"-r", "30", "a.mkv"}, "paced silent_after=5 transfers=failed_later");
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("color, depth silent"), HasSubstr("a USB transfer failed")));
  EXPECT_EQ(frames("a.mkv"), (std::vector<std::uint64_t>{5, 5, 5}));
}

TEST_F(LibraryProcess, StartThatSucceededInVainEndsSoonWithItsReason) {
  const auto recorder = record({"a.mkv"}, "transfers=refused");
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), AllOf(HasSubstr("no capture comes"), HasSubstr("usbfs_memory_mb")));
  EXPECT_FALSE(fs::exists(folder_ / "a.mkv"));
}

TEST_F(LibraryProcess, ProgramEndsThoughACallHangsAndTheFileIsComplete) {
  const auto recorder = record({"-r", "5", "-l", "1", "a.mkv"}, "paced stop=hang");
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr("stopping the cameras has not returned"));
  EXPECT_TRUE(info("a.mkv")["finalised"]);
}

TEST_F(LibraryProcess, StandardOutputIsJsonAndNothingOfTheLibrary) {
  const auto recorder = record({"--json", "-r", "5", "-l", "1", "a.mkv"}, "paced image=rows");
  EXPECT_EQ(recorder->wait(), 1) << "no depth came";
  std::istringstream lines(recorder->output());
  bool warned = false;
  for (std::string line; std::getline(lines, line);) {
    const json event = json::parse(line, nullptr, false);
    ASSERT_FALSE(event.is_discarded()) << line;
    warned =
        warned || (event["event"] == "warning" && event.dump().find("320x287 pixels") != std::string::npos);
  }
  EXPECT_TRUE(warned);
}

TEST_F(LibraryProcess, ListShowsEachUnitOrWhyItCannotBeOpened) {
  const auto list = run({"genlock", "list", "--libk4a", library("plain").parent_path()}, "");
  EXPECT_EQ(list->wait(), 0) << list->output();
  EXPECT_THAT(list->output(),
              AllOf(HasSubstr("Microsoft's libk4a, "), HasSubstr("000011590212"), HasSubstr("1.6.110")));
  const auto busy = run({"genlock", "list", "--libk4a", library("plain")}, "open=access");
  EXPECT_EQ(busy->wait(), 0);
  EXPECT_THAT(busy->output(), HasSubstr("udev"));
  const auto jacks = run({"genlock", "list", "--libk4a", library("orbbec")}, "");
  EXPECT_EQ(jacks->wait(), 0);
  EXPECT_THAT(jacks->output(), HasSubstr("?")) << "jacks are unknown, not absent";
  EXPECT_THAT(jacks->output(), HasSubstr("unknown")) << "so is the colour camera's firmware";
}

TEST_F(LibraryProcess, ControlsThatAUnitLacksDoNotHideTheOthers) {
  const auto set = run({"genlock", "set", "--libk4a", library("orbbec"), "gain=77"}, "");
  EXPECT_EQ(set->wait(), 0) << set->output();
  EXPECT_THAT(set->output(), testing::ContainsRegex("backlight_compensation +not offered by this unit"));
  EXPECT_THAT(set->output(), testing::ContainsRegex("gain +77"));
}

// The order: option, GENLOCK_BENCH, GENLOCK_LIBK4A, what the system's search finds.
TEST_F(LibraryProcess, UnitsAreChosenInTheDocumentedOrder) {
  const std::string simulated = "simulated bench";
  const std::map<std::string, std::string> both{{"GENLOCK_BENCH", "default"},
                                                {"GENLOCK_STATE_DIR", state_directory()},
                                                {"GENLOCK_LIBK4A", library("plain")}};
  const auto option = run({"genlock", "list", "--libk4a", library("orbbec")}, "", both);
  option->wait();
  EXPECT_THAT(option->output(), HasSubstr("Orbbec's libk4a"));
  const auto bench = run({"genlock", "list"}, "", both);
  bench->wait();
  EXPECT_THAT(bench->output(), HasSubstr(simulated));
  const auto variable = run({"genlock", "list"}, "", {{"GENLOCK_LIBK4A", library("plain")}});
  variable->wait();
  EXPECT_THAT(variable->output(), HasSubstr("Microsoft's libk4a"));
  const auto found = run({"genlock", "list"}, "", {{"LD_LIBRARY_PATH", library("orbbec").parent_path()}});
  found->wait();
  EXPECT_THAT(found->output(), HasSubstr("Orbbec's libk4a"));
}

TEST_F(LibraryProcess, LibraryThatIsNotThereIsNamed) {
  const auto list = run({"genlock", "list", "--libk4a", "/nowhere"}, "");
  EXPECT_EQ(list->wait(), 1);
  EXPECT_THAT(list->output(), HasSubstr("genlock: /nowhere: there is no such file"));
}

}  // namespace
}  // namespace genlock
