// The frame-set index as programs and people read it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/frames.h"
#include "support/planned_recording.h"
#include "support/temporary_folder.h"

namespace genlock {
namespace {

using nlohmann::json;
using take::FrameSets;
using take::SetRange;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class FramesIndex : public testing::Test {
 protected:
  FramesIndex() {
    take_.resize(2);
    take_[0].plan.color_drops = {9};
    take_[1].plan.first_pulse = 7;
    take_[1].plan.host_times = false;
    take_[1].plan.outliers[12] = device_us(15'000);
  }

  void write() { sets_ = *FrameSets::open(test::write_planned(folder_.path(), take_)); }

  std::string csv() {
    std::string text;
    tally_ = *cli::write_frames_csv(*sets_, [&](std::string_view piece) {
      text += piece;
      return Status();
    });
    return text;
  }

  json as_json() {
    std::string text;
    tally_ = *cli::write_frames_json(*sets_, [&](std::string_view piece) {
      text += piece;
      return Status();
    });
    return json::parse(text);
  }

  static std::vector<std::vector<std::string>> cells(const std::string& csv) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string>& row = rows.emplace_back(1);
      for (const char c : line) c == ',' ? (void)row.emplace_back() : row.back().push_back(c);
    }
    return rows;
  }

  test::TemporaryFolder folder_;
  std::vector<test::PlannedFile> take_ = test::planned_take(10);
  std::optional<FrameSets> sets_;
  cli::SetTally tally_;
};

TEST_F(FramesIndex, HasARowForEverySetAndThreeColumnsForEveryTrack) {
  write();
  const auto rows = cells(csv());
  ASSERT_EQ(rows.size(), 1 + 9U);  // pulses 7 to 15
  ASSERT_EQ(rows[0].size(), 4 + 2 * 3 * 3U);
  EXPECT_EQ(rows[0][4], "master.color.frame");
  EXPECT_EQ(rows[0][8], "master.depth.stamp_us");
  EXPECT_EQ(rows[0][21], "sub1.ir.host_ns");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), rows[0].size());
    EXPECT_EQ(rows[i][0], std::to_string(i - 1));
    EXPECT_EQ(rows[i][1], std::to_string(i + 6));
  }
}

TEST_F(FramesIndex, LeavesCellsOfMissingFramesEmpty) {
  write();
  const auto rows = cells(csv());
  const std::vector<std::string>& lost = rows[3];  // pulse 9
  EXPECT_EQ(lost[2], "1");
  EXPECT_EQ(lost[4] + lost[5] + lost[6], "");
  EXPECT_EQ(lost[7], "3");  // depth goes on
  const auto depth = (*sets_)[2].units[0].tracks[1];
  EXPECT_EQ(lost[8], std::to_string(count_us(depth->stamp)));
  EXPECT_EQ(lost[9], std::to_string(count_ns(*depth->host)));
  EXPECT_EQ(lost[13], "2");
  EXPECT_EQ(lost[15], "");  // no host times
}

TEST_F(FramesIndex, IsTheSameInJson) {
  write();
  const auto rows = cells(csv());
  const json index = as_json();
  ASSERT_EQ(index["sets"].size(), 9U);
  EXPECT_EQ(index["first_pulse"], 7);
  EXPECT_EQ(index["last_pulse"], 15);
  EXPECT_EQ(index["fps"], 30);
  EXPECT_EQ(index["units"][1]["name"], "sub1");
  EXPECT_EQ(index["units"][1]["tracks"][0], json({{"track", "color"}, {"frames", 10}, {"apart", 1}}));
  for (std::size_t i = 0; i < 9; ++i) {
    const json& set = index["sets"][i];
    EXPECT_EQ(std::to_string(set["pulse"].get<int>()), rows[i + 1][1]);
    EXPECT_EQ(std::to_string(set["missing"].get<int>()), rows[i + 1][2]);
    const json& color = set["units"][0]["color"];
    EXPECT_EQ(color.is_null() ? "" : std::to_string(color["frame"].get<int>()), rows[i + 1][4]);
    EXPECT_FALSE(set["units"][1]["color"].contains("host_ns"));
  }
  EXPECT_EQ(index["complete_sets"], 7);
}

TEST_F(FramesIndex, QuotesNamesThatCsvWouldTakeApart) {
  take_[0].plan.description.name = "front, \"left\"";
  write();
  EXPECT_THAT(csv(), HasSubstr(",\"front, \"\"left\"\".color.frame\","));
}

TEST_F(FramesIndex, SummaryNamesWhatIsMissingAndInNoSet) {
  write();
  (void)csv();
  const std::string text = cli::frames_summary(*sets_, tally_);
  EXPECT_THAT(text, StartsWith("9 sets, pulses 7 to 15: 7 complete\n"));
  EXPECT_THAT(text, HasSubstr("  master: 1 frame of color missing\n"));
  EXPECT_THAT(text, Not(HasSubstr("master: 1 frame of depth")));
  EXPECT_THAT(text, HasSubstr("  sub1: 1 frame of depth in no set"));
}

TEST_F(FramesIndex, ASinkThatTakesNoMoreEndsIt) {
  write();
  const auto refuse = [](std::string_view) { return Status(Error(Errc::no_space, "full")); };
  EXPECT_EQ(cli::write_frames_csv(*sets_, refuse).error().code(), Errc::no_space);
  EXPECT_EQ(cli::write_frames_json(*sets_, refuse).error().code(), Errc::no_space);
}

}  // namespace
}  // namespace genlock
