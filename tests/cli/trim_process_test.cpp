// genlock trim as people call it: which sets of a take it keeps, and what it says of them.

#include <gmock/gmock.h>

#include "cli/recorder_process.h"
#include "support/planned_recording.h"
#include "take/take_file.h"

namespace genlock {
namespace {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

/// A take of two units, of pulses 6 to 17; "clap" is at pulse 9, "bow" at 14.
class TrimProgram : public testing::Test {
 protected:
  TrimProgram() {
    std::vector<test::PlannedFile> plans = test::planned_take(12);
    plans.resize(2);
    test::write_planned(folder_.path(), plans);
    take::Take take{.name = "0001", .rig = "studio", .ended = true, .first_pulse = 6, .last_pulse = 17};
    for (const char* unit : {"master", "sub1"})
      take.units.push_back({.name = unit, .files = {{.name = std::string(unit) + ".mkv"}}});
    take.markers = {
        {.pulse = 9, .text = "clap"}, {.pulse = 14, .text = "bow"}, {.pulse = 99, .text = "late"}};
    const Status saved = take::save_take(folder_.path(), take);
    EXPECT_TRUE(saved) << saved.error().message();
  }

  /// Of the folder unless `given` names something else; what was said is in said_.
  int trim(std::vector<std::string> options, const std::string& given = ".") {
    std::vector<std::string> command{std::string(GENLOCK_PROGRAMS) + "/genlock", "trim", given, "--out",
                                     out_.string()};
    command.insert(command.end(), options.begin(), options.end());
    test::Process process(command, {.directory = folder_.path()});
    const int code = process.wait();
    said_ = process.output();
    return code;
  }

  /// First pulse, last pulse, sets; of a trim that works.
  std::vector<std::int64_t> kept(std::vector<std::string> options) {
    options.push_back("--json");
    EXPECT_EQ(trim(options), 0) << said_;
    const json report = json::parse(said_, nullptr, false);
    if (!report.is_object()) return {};
    const auto taken = take::load_take(out_);
    EXPECT_TRUE(taken && taken->first_pulse == report["first_pulse"] &&
                taken->last_pulse == report["last_pulse"]);
    std::filesystem::remove_all(out_);
    return {report["first_pulse"], report["last_pulse"], report["sets"]};
  }

  void expect_refused(const std::vector<std::string>& options, int code, const std::string& words,
                      const std::string& given = ".") {
    EXPECT_EQ(trim(options, given), code);
    EXPECT_THAT(said_, HasSubstr(words));
    EXPECT_TRUE(std::filesystem::is_empty(target_.path()));
  }

  std::vector<std::string> sums() const {
    std::vector<std::string> sums;
    const take::Take taken = *take::load_take(out_);
    for (const take::TakenUnit& unit : taken.units) sums.push_back(unit.files.at(0).sha256);
    return sums;
  }

  test::TemporaryFolder folder_, target_;
  const std::filesystem::path out_ = target_ / "cut";
  std::string said_;
};

using Kept = std::vector<std::int64_t>;

TEST_F(TrimProgram, KeepsSetsByTheirNumbers) {
  EXPECT_EQ(kept({}), (Kept{6, 17, 12}));
  EXPECT_EQ(kept({"--sets", "2..5"}), (Kept{8, 11, 4}));
  EXPECT_EQ(kept({"--sets", "9.."}), (Kept{15, 17, 3}));
  EXPECT_EQ(kept({"--sets", "..0"}), (Kept{6, 6, 1}));
}

TEST_F(TrimProgram, KeepsWhatIsBetweenMarkers) {
  EXPECT_EQ(kept({"--from-marker", "clap"}), (Kept{9, 17, 9}));
  EXPECT_EQ(kept({"--to-marker", "bow"}), (Kept{6, 14, 9}));
  EXPECT_EQ(kept({"--from-marker", "clap", "--to-marker", "bow"}), (Kept{9, 14, 6}));
}

TEST_F(TrimProgram, SaysWhatIsWrongWithTheChoice) {
  for (const char* sets : {"5", "..", "a..b", "1..2..3"})
    expect_refused({"--sets", sets}, 2, "give the numbers of the first and last set");
  expect_refused({"--sets", "1..2", "--from-marker", "clap"}, 2, "excludes");
  expect_refused({"--sets", "3..12"}, 1, "sets 3 to 12 are not among the 12");
  expect_refused({"--from-marker", "bow", "--to-marker", "clap"}, 1, "sets 8 to 3 are not among the 12");
  expect_refused({"--from-marker", "jump"}, 1, "no marker \"jump\"; it has \"clap\", \"bow\", \"late\"");
  expect_refused({"--to-marker", "late"}, 1, "marker \"late\" is at pulse 99, which not all units have");
  expect_refused({"--from-marker", "clap"}, 1, "recordings alone have no markers", "master.mkv");
}

TEST_F(TrimProgram, GivesTheChecksumsOfTheNewFiles) {
  ASSERT_EQ(trim({"--sets", "0..3"}), 0) << said_;
  test::Process tool({"sha256sum", "master.mkv", "sub1.mkv"}, {.directory = out_});
  EXPECT_EQ(tool.wait(), 0);
  ASSERT_EQ(sums().size(), 2U);
  EXPECT_EQ(tool.output(), sums()[0] + "  master.mkv\n" + sums()[1] + "  sub1.mkv\n");
}

TEST_F(TrimProgram, LeavesChecksumsOutWhereNoneAreWanted) {
  ASSERT_EQ(trim({"--no-checksums"}), 0) << said_;
  EXPECT_THAT(sums(), Each(IsEmpty()));
}

TEST_F(TrimProgram, OfRecordingsAloneMakesNoTakeFile) {
  ASSERT_EQ(trim({}, "master.mkv"), 0) << said_;
  EXPECT_FALSE(take::is_take(out_));
}

}  // namespace
}  // namespace genlock
