// The programs in examples/, built outside the tree against the installed package as their own comments say,
// and run under valgrind on the bench. Their recordings are read by our reader.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "capi/device/program_bench.h"
#include "support/process.h"
#include "support/recording_support.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

std::string run(const std::vector<std::string>& command) {
  Process process(command, {});
  EXPECT_EQ(process.wait(), 0) << command.front() << ": " << process.output();
  return process.output();
}

/// Builds once for all tests.
class Examples : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    work_ = std::make_unique<TemporaryFolder>();
    run({GENLOCK_CMAKE, "--install", GENLOCK_BUILD_FOLDER, "--component", "c-libraries", "--prefix",
         *work_ / "installed"});
    run({GENLOCK_CMAKE, "-S", GENLOCK_EXAMPLES_FOLDER, "-B", *work_ / "build",
         "-DCMAKE_PREFIX_PATH=" + (*work_ / "installed").string()});
    run({GENLOCK_CMAKE, "--build", *work_ / "build"});
  }
  static void TearDownTestSuite() { work_.reset(); }

  /// What a program says that valgrind has nothing against.
  static std::string run_checked(const char* program, const std::vector<std::string>& arguments) {
    std::vector<std::string> command{"valgrind",
                                     "--quiet",
                                     "--error-exitcode=9",
                                     "--leak-check=full",
                                     "--show-leak-kinds=definite,indirect,possible",
                                     "--errors-for-leak-kinds=definite,indirect,possible",
                                     *work_ / "build" / program};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command);
  }

  /// The microseconds behind "offset" in a program's lines.
  static std::vector<int> offsets_in(const std::string& output) {
    static const std::regex kOffset("offset (-?[0-9]+) us");
    std::vector<int> offsets;
    for (auto found = std::sregex_iterator(output.begin(), output.end(), kOffset);
         found != std::sregex_iterator(); ++found)
      offsets.push_back(std::stoi((*found)[1]));
    return offsets;
  }

  static void expect_take(const fs::path& file, const char* serial, WiredSyncMode mode, std::size_t least) {
    const Result<Playback> played = play(file);
    ASSERT_TRUE(played) << played.error().message();
    EXPECT_TRUE(played->survey.finalised);
    EXPECT_THAT(played->survey.problems, testing::IsEmpty());
    EXPECT_GE(played->captures.size(), least);
    EXPECT_GT(played->imu.size(), 30 * least);
    EXPECT_EQ(played->info.serial, serial);
    EXPECT_EQ(played->info.config.sync_mode, mode);
    EXPECT_EQ(played->info.color_firmware, (Version{1, 6, 110}));
    EXPECT_GT(played->info.raw_calibration.size(), 1000U);
  }

  static inline std::unique_ptr<TemporaryFolder> work_;
  ProgramBench bench_{{.clock = ProgramBench::patient(1)}};
};

TEST_F(Examples, TheOneInCRecordsAPairInSync) {
  const fs::path master = *work_ / "master.mkv", sub = *work_ / "sub.mkv";
  const std::string said = run_checked("record_pair", {master, sub, "10"});
  EXPECT_THAT(offsets_in(said), testing::SizeIs(10));
  EXPECT_THAT(offsets_in(said), testing::Each(testing::AllOf(testing::Ge(130), testing::Le(190)))) << said;
  expect_take(master, ProgramBench::kSerials[0], WiredSyncMode::master, 10);
  expect_take(sub, ProgramBench::kSerials[1], WiredSyncMode::subordinate, 12);
}

TEST_F(Examples, TheOneInCppRecordsAChainInSync) {
  const std::string said = run_checked("record_chain", {work_->path(), "10"});
  EXPECT_THAT(offsets_in(said), testing::SizeIs(testing::Ge(14)));
  EXPECT_THAT(offsets_in(said), testing::Each(testing::AllOf(testing::Ge(-30), testing::Le(30)))) << said;
  for (int i = 0; i < 3; ++i)
    expect_take(*work_ / (std::string(ProgramBench::kSerials[i]) + ".mkv"), ProgramBench::kSerials[i],
                i == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate, 10);
}

}  // namespace
}  // namespace genlock::test
