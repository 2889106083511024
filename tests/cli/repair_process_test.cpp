// genlock check and genlock repair as people and scripts run them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using Bytes = std::vector<std::byte>;

class RepairProgram : public testing::Test {
 protected:
  struct Run {
    int exit_code = -1;
    std::string output;
  };

  Run run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(GENLOCK_PROGRAMS) + "/genlock");
    test::Process process(arguments, {});
    const int exit_code = process.wait();
    return {exit_code, process.output()};
  }

  static CameraConfig config() {
    CameraConfig config;
    config.color_resolution = ColorResolution::r720p;
    return config;
  }

  void save(const std::filesystem::path& file, const Bytes& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

  /// Cut in the middle of its clusters.
  void save_damaged() {
    Bytes file = *test::record_unfinished(test::synthetic_info(config(), true),
                                          test::synthetic_take(config(), true, 30));
    file.resize(file.size() - 500);
    save(damaged_, file);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  test::TemporaryFolder folder_;
  const std::filesystem::path damaged_ = folder_ / "damaged.mkv";
  const std::filesystem::path whole_ = folder_ / "whole.mkv";
};

TEST_F(RepairProgram, ChecksWithExitCodes) {
  save_damaged();
  save(whole_, *test::record(test::synthetic_info(config(), true), test::synthetic_take(config(), true, 5)));
  save(folder_ / "text.mkv", Bytes(100, std::byte{'x'}));
  EXPECT_EQ(run({"check", whole_}).exit_code, 0);
  const Run damaged = run({"check", whole_, damaged_});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.output, HasSubstr("the file ends within the cluster"));
  EXPECT_EQ(run({"check", damaged_, folder_ / "text.mkv"}).exit_code, 2);
  EXPECT_EQ(run({"check"}).exit_code, 2);
}

TEST_F(RepairProgram, SaysWhatACutTookAndCountsOnlyTheUsersTracks) {
  Bytes file = *test::record(test::synthetic_info(config(), true), test::synthetic_take(config(), true, 90));
  file.resize(file.size() / 2);
  save(damaged_, file);
  const std::string checked = run({"check", damaged_}).output;
  EXPECT_THAT(checked, HasSubstr(" images of track 1 COLOR\n"));
  EXPECT_THAT(checked, HasSubstr(" samples of track 2 IMU\n"));
  EXPECT_THAT(checked, Not(HasSubstr("GENLOCK")));
  const std::string advice = "genlock repair makes a complete file of it";
  EXPECT_EQ(checked.find(advice), checked.rfind(advice)) << "said once is enough";
  EXPECT_THAT(checked, HasSubstr(advice));
  const Run repaired = run({"repair", damaged_, whole_});
  EXPECT_EQ(repaired.exit_code, 1);
  EXPECT_THAT(repaired.output, testing::ContainsRegex("LOST: the last 1\\.[45][0-9]+ s: the file was cut"));
  for (const char* nonsense : {"GENLOCK", "0.000 s", "genlock repair"})
    EXPECT_THAT(repaired.output, Not(HasSubstr(nonsense)));
  const Json json = Json::parse(run({"repair", damaged_, whole_, "--force", "--json"}).output);
  EXPECT_GT(json["time_cut_us"], 1'400'000);
  EXPECT_LT(json["time_cut_us"], 1'600'000);
  EXPECT_EQ(json["tracks"].size(), 2U);
}

// Cut where a cluster ends: every byte that is there is whole, and still half of the take is not there.
TEST_F(RepairProgram, CallsATakeThatWasCutBetweenClustersIncomplete) {
  Bytes file = *test::record(test::synthetic_info(config(), true), test::synthetic_take(config(), true, 90));
  const std::array cluster{std::byte{0x1F}, std::byte{0x43}, std::byte{0xB6}, std::byte{0x75}};
  const auto middle = file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2);
  file.erase(std::search(middle, file.end(), cluster.begin(), cluster.end()), file.end());
  save(damaged_, file);
  const Run repaired = run({"repair", damaged_, whole_});
  EXPECT_EQ(repaired.exit_code, 1);
  EXPECT_THAT(repaired.output, HasSubstr("LOST: the last"));
}

TEST_F(RepairProgram, SaysThatChangedBytesMaySpoilWhatItKept) {
  Bytes file = *test::record(test::synthetic_info(config(), true), test::synthetic_take(config(), true, 90));
  file[file.size() / 2] ^= std::byte{1};
  save(damaged_, file);
  EXPECT_THAT(
      run({"check", damaged_}).output,
      testing::ContainsRegex("the CRC-32 of the cluster at byte [0-9]+ \\(1\\.[45][0-9]+ s\\) is wrong"));
  const Run repaired = run({"repair", damaged_, whole_});
  EXPECT_EQ(repaired.exit_code, 1);
  EXPECT_THAT(repaired.output, HasSubstr("DAMAGED: in 1 cluster bytes have changed"));
}

TEST_F(RepairProgram, GivesNoAdviceThatCannotHelp) {
  Bytes header = *test::record(test::synthetic_info(config(), true), test::synthetic_take(config(), true, 5));
  header.resize(2000);
  save(damaged_, header);
  const Run checked = run({"check", damaged_});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.output, HasSubstr("nothing of the recording is left to be repaired"));
  for (const char* advice : {"genlock repair", "mkvextract"})
    EXPECT_THAT(checked.output, Not(HasSubstr(advice)));
  save(damaged_, {});
  EXPECT_THAT(run({"check", damaged_}).output, HasSubstr("damaged.mkv: the file is empty"));
  const std::string missing = run({"repair", folder_ / "no.mkv", whole_}).output;
  EXPECT_EQ(missing.find("no.mkv"), missing.rfind("no.mkv")) << missing;
}

TEST_F(RepairProgram, RepairsIntoAnotherFileAndLeavesTheDamagedOne) {
  save_damaged();
  const Bytes before = *test::load_file(damaged_);
  const Run repaired = run({"repair", damaged_, whole_, "--json"});
  EXPECT_EQ(repaired.exit_code, 1) << repaired.output;
  const Json json = Json::parse(repaired.output);
  EXPECT_TRUE(json["changed"]);
  EXPECT_EQ(json["bytes"], std::filesystem::file_size(whole_));
  EXPECT_GT(json["bytes_lost"], 0);
  EXPECT_EQ(run({"check", whole_}).exit_code, 0);
  EXPECT_TRUE(*test::load_file(damaged_) == before);
  EXPECT_EQ(files(), (std::vector<std::string>{"damaged.mkv", "whole.mkv"}));
}

TEST_F(RepairProgram, ReplacesAFileOnlyIfTold) {
  save_damaged();
  save(whole_, Bytes(10));
  EXPECT_EQ(run({"repair", damaged_, whole_}).exit_code, 2);
  EXPECT_EQ(std::filesystem::file_size(whole_), 10U);
  EXPECT_EQ(run({"repair", damaged_, whole_, "--force"}).exit_code, 1);
  EXPECT_EQ(run({"check", whole_}).exit_code, 0);
  EXPECT_EQ(run({"repair", damaged_, damaged_, "--force"}).exit_code, 2);
  EXPECT_EQ(run({"check", damaged_}).exit_code, 1);
}

TEST_F(RepairProgram, RepairsInPlaceAndThenHasNothingToDo) {
  save_damaged();
  EXPECT_EQ(run({"repair", damaged_}).exit_code, 2);
  EXPECT_EQ(run({"repair", "--in-place", damaged_, whole_}).exit_code, 2);
  EXPECT_EQ(run({"repair", "--in-place", damaged_}).exit_code, 1);
  EXPECT_EQ(run({"check", damaged_}).exit_code, 0);
  const Run again = run({"repair", "--in-place", damaged_, "--json"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_FALSE(Json::parse(again.output)["changed"]);
  EXPECT_EQ(files(), (std::vector<std::string>{"damaged.mkv"}));
}

TEST_F(RepairProgram, LeavesNoFileWhereNothingCanBeRepaired) {
  save(damaged_, Bytes(5000, std::byte{'x'}));
  const Run failed = run({"repair", damaged_, whole_});
  EXPECT_EQ(failed.exit_code, 2);
  EXPECT_THAT(failed.output, HasSubstr("not a Matroska file"));
  EXPECT_EQ(files(), (std::vector<std::string>{"damaged.mkv"}));
}

// The rest of the file is a hole of a terabyte, so that Ctrl-C surely comes before the end.
TEST_F(RepairProgram, LeavesNoFileAfterCtrlC) {
  save_damaged();
  std::error_code refused;
  std::filesystem::resize_file(damaged_, std::uintmax_t{1} << 40, refused);
  if (refused) GTEST_SKIP() << "this file system has no sparse files of a terabyte: " << refused.message();
  test::Process process({std::string(GENLOCK_PROGRAMS) + "/genlock", "repair", damaged_, whole_}, {});
  while (files().size() < 2) sched_yield();
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), 2) << process.output();
  EXPECT_THAT(process.output(), HasSubstr("stopped"));
  EXPECT_EQ(files(), (std::vector<std::string>{"damaged.mkv"}));
}

}  // namespace
}  // namespace genlock::cli
