// genlock rig init and genlock doctor as people and scripts run them.

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "cli/recorder_process.h"

namespace genlock {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class DoctorProgram : public test::RecorderProcess {
 protected:
  struct Run {
    int exit_code = -1;
    std::string output;
  };

  Run genlock(std::vector<std::string> words) {
    words.insert(words.begin(), "genlock");
    const auto process = start("", words);
    const int exit_code = process->wait();
    return {exit_code, process->output()};
  }

  std::string text_of(const std::string& file) {
    std::ifstream in(folder_ / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// So that every disk is fast enough.
  void use_small_modes() {
    std::string text = std::regex_replace(text_of("my.toml"), std::regex("\"1080P\""), "\"720P\"");
    text = std::regex_replace(text, std::regex("\"NFOV_UNBINNED\""), "\"NFOV_2X2BINNED\"");
    std::ofstream(folder_ / "my.toml") << text;
  }
};

TEST_F(DoctorProgram, FindsTheRigReadyThatInitMade) {
  const Run init = genlock({"rig", "init", "my.toml"});
  EXPECT_EQ(init.exit_code, 0) << init.output;
  EXPECT_THAT(init.output, AllOf(HasSubstr("wrote my.toml: 3 units\n"), HasSubstr("genlock doctor my.toml")));
  EXPECT_EQ(genlock({"plan", "my.toml"}).exit_code, 0);
  use_small_modes();
  const Run run = genlock({"doctor", "my.toml"});
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, AllOf(HasSubstr("my.toml was read: 3 units\n"),
                                HasSubstr("master, sub1, sub2: attached\n"), HasSubstr("\nREADY: ")));
}

TEST_F(DoctorProgram, FailsSaysWhyAndWhatToDoWhereACableIsLoose) {
  ASSERT_EQ(genlock({"rig", "init", "my.toml"}).exit_code, 0);
  use_small_modes();
  bench_set({"sub1", "cable-in", "pull"});
  const Run text = genlock({"doctor", "my.toml"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.output, AllOf(HasSubstr("sub1: it is a subordinate and nothing is in its SYNC IN"),
                                 HasSubstr("-> plug in the cable"), HasSubstr("\nNOT READY: ")));
  const Run run = genlock({"doctor", "my.toml", "--json"});
  EXPECT_EQ(run.exit_code, 1);
  const json checks = json::parse(run.output, nullptr, false);
  EXPECT_EQ(checks["ready"], false);
  const auto& all = checks["checks"];
  const auto loose = std::find_if(all.begin(), all.end(), [](const json& check) {
    return check["id"] == "sync_jacks" && check["outcome"] == "error" && check["units"] == json{"sub1"};
  });
  ASSERT_NE(loose, all.end()) << run.output;
  EXPECT_FALSE((*loose)["remedy"].get<std::string>().empty());
}

TEST_F(DoctorProgram, SaysWhereTheRigFileIsWrongAndTheRestAllTheSame) {
  std::ofstream(folder_ / "bad.toml") << "[camera]\nrate = 31\n";
  const Run run = genlock({"doctor", "bad.toml"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("bad.toml:2: camera.rate must be 5 or 15 or 30"),
                    HasSubstr("master: a plug is in SYNC OUT, none in SYNC IN"), HasSubstr("disk_speed")));
}

TEST_F(DoctorProgram, LooksAtTheHostUnderAnotherRoot) {
  std::filesystem::create_directories(folder_ / "host/proc");
  std::ofstream(folder_ / "host/proc/cpuinfo") << "processor : 0\nprocessor : 1\nprocessor : 2\n";
  EXPECT_THAT(genlock({"doctor", "--root", "host"}).output, HasSubstr("3 for 3 units"));
}

TEST_F(DoctorProgram, InitReplacesAFileOnlyByForce) {
  std::ofstream(folder_ / "my.toml") << "mine";
  const Run refused = genlock({"rig", "init", "my.toml"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("--force replaces a file"));
  EXPECT_EQ(text_of("my.toml"), "mine");
  EXPECT_EQ(genlock({"rig", "init", "my.toml", "--force"}).exit_code, 0);
  EXPECT_THAT(text_of("my.toml"), HasSubstr("[[unit]]"));
  EXPECT_EQ(genlock({"rig", "init"}).output, text_of("my.toml"));
}

TEST_F(DoctorProgram, WrongOptionsAreNoFinding) {
  EXPECT_EQ(genlock({"doctor", "--no-such-option"}).exit_code, 2);
}

}  // namespace
}  // namespace genlock
