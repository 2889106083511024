// genlock env: other people's programs on the bench.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class EnvProgram : public testing::Test {
 protected:
  struct Run {
    int exit_code = -1;
    std::string output;
  };

  EnvProgram() {
    fs::create_directories(bench_.parent_path());
    std::ofstream(bench_) << "clock = \"patient\"\n[[unit]]\nname = \"left\"\nserial = \"900001400101\"\n"
                             "images = \"flat\"\n[[host]]\nname = \"pc\"\nunits = [\"left\"]\n";
  }

  Run run(const std::vector<std::string>& command) {
    test::Process process(command, {.environment = {{"GENLOCK_BENCH", ""},
                                                    {"GENLOCK_STATE_DIR", folder_.path()},
                                                    {"GENLOCK", kGenlock},
                                                    {"BENCH", bench_},
                                                    {"LD_LIBRARY_PATH", "/other"}},
                                    .directory = folder_.path()});
    const int exit_code = process.wait();
    return {exit_code, process.output()};
  }

  Run env(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {kGenlock, "env"});
    return run(arguments);
  }

  static inline const std::string kGenlock = std::string(GENLOCK_PROGRAMS) + "/genlock";
  test::TemporaryFolder folder_;
  const fs::path bench_ = folder_ / "it's a folder" / "bench.toml";
};

TEST_F(EnvProgram, PrintsLinesThatAShellTakesAsTheyAre) {
  const Run shell = run({"sh", "-c", R"sh(
      eval "$("$GENLOCK" env --bench "$BENCH" --host pc)"
      echo "bench=$GENLOCK_BENCH host=$GENLOCK_BENCH_HOST"
      echo "behind=${LD_LIBRARY_PATH#*:}"
      test -e "${LD_LIBRARY_PATH%%:*}/libk4a.so.1.4" && echo found)sh"});
  EXPECT_EQ(shell.exit_code, 0) << shell.output;
  EXPECT_EQ(shell.output, "bench=" + bench_.string() + " host=pc\nbehind=/other\nfound\n");
}

TEST_F(EnvProgram, NamesTheDefaultBenchAndMakesPathsWhole) {
  EXPECT_THAT(env({}).output, HasSubstr("export GENLOCK_BENCH='default'\n"));
  EXPECT_THAT(env({"--bench", "realistic"}).output, HasSubstr("export GENLOCK_BENCH='realistic'\n"));
  fs::copy_file(bench_, folder_ / "own.toml");
  EXPECT_THAT(env({"--bench", "own.toml"}).output,
              HasSubstr("export GENLOCK_BENCH='" + (folder_ / "own.toml").string() + "'\n"));
}

TEST_F(EnvProgram, DoesNotPutItsFolderInFrontTwice) {
  const Run shell = run({"sh", "-c", R"sh(
      eval "$("$GENLOCK" env)"
      first=$LD_LIBRARY_PATH
      eval "$("$GENLOCK" env)"
      test "$first" = "$LD_LIBRARY_PATH")sh"});
  EXPECT_EQ(shell.exit_code, 0) << shell.output;
}

TEST_F(EnvProgram, RunsAProgramOfAnothersOnTheBench) {
  const Run agent = env({"--bench", bench_, "--", GENLOCK_SYNC_AGENT, "0", "0", "2", "0", "0", "3"});
  EXPECT_EQ(agent.exit_code, 0) << agent.output;
  EXPECT_THAT(agent.output, testing::MatchesRegex("started\n(color [0-9]+\ndepth [0-9]+\n)+"))
      << "and nothing else: a normal run logs nothing";
  EXPECT_EQ(env({"--bench", bench_, "--", GENLOCK_SYNC_AGENT, "1", "0", "2", "0", "0", "3"}).exit_code, 1)
      << "the bench has no second unit";
}

TEST_F(EnvProgram, PassesWordsAndTheExitCodeThrough) {
  const Run shell = env({"--", "sh", "-c", R"sh(echo "$1" "$2"; exit 7)sh", "sh", "--help", "-x"});
  EXPECT_EQ(shell.exit_code, 7);
  EXPECT_EQ(shell.output, "--help -x\n");
}

TEST_F(EnvProgram, RefusesWhatCannotBeAndPrintsNoLines) {
  const Run bench = env({"--bench", "nowhere.toml"});
  EXPECT_EQ(bench.exit_code, 1);
  EXPECT_THAT(bench.output, testing::AllOf(HasSubstr("nowhere.toml"), testing::Not(HasSubstr("export"))));
  const Run host = env({"--bench", bench_, "--host", "mars"});
  EXPECT_EQ(host.exit_code, 1);
  EXPECT_THAT(host.output, HasSubstr("has no host mars; it has: pc"));
  const Run command = env({"--", "no-such-program"});
  EXPECT_EQ(command.exit_code, 1);
  EXPECT_THAT(command.output, HasSubstr("running no-such-program"));
}

}  // namespace
}  // namespace genlock::cli
