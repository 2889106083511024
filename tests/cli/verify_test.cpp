// verify from files: what recordings say reaches the judge, and what the judge says reaches people and
// programs.

#include "cli/verify_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/planned_recording.h"
#include "support/temporary_folder.h"
#include "take/judge_files.h"

namespace genlock {
namespace {

using sync::Verdict;
using test::StampPlan;
using ::testing::HasSubstr;
using ::testing::Not;

/// A take on disk; colour only, which keeps it small.
class VerifyFiles : public ::testing::Test {
 protected:
  VerifyFiles() : take_{test::master_plan(), test::subordinate_plan("sub1"), test::subordinate_plan("sub2")} {
    take_[1].description.serial = "900000812345";
    take_[2].description.serial = "900001012345";
    for (StampPlan& plan : take_) {
      plan.description.depth = false;
      plan.description.simulated = true;
      plan.description.host = {.name = "host", .boot_id = "boot"};
      plan.host_times = true;
    }
    take_[1].description.delay_off_master = device_us(160);
    take_[1].ppm = 20;
  }

  std::vector<std::filesystem::path> write() {
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < take_.size(); ++i)
      files.push_back(test::write_planned(folder_.path(), {.plan = take_[i], .ir_drops = {}}, i));
    return files;
  }

  Result<sync::Report> verify() { return take::judge_files(write()); }

  test::TemporaryFolder folder_;
  std::vector<StampPlan> take_;
};

TEST_F(VerifyFiles, ATakeInSyncSaysSo) {
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 0) << cli::verify_text(*report);
  EXPECT_EQ(report->same_take, sync::SameTake::yes);
  EXPECT_EQ(report->units[1].description.name, "sub1");
  EXPECT_NEAR(report->units[1].streams[0].offset->measured.count(), 155.6, 11.2);
  const std::string text = cli::verify_text(*report);
  EXPECT_THAT(text, HasSubstr("SIMULATED DATA"));
  EXPECT_THAT(text, HasSubstr("\nIN SYNC: worst window median "));
  EXPECT_THAT(text, HasSubstr("of 110 µs allowed"));
  EXPECT_THAT(text, HasSubstr("Same take: yes"));
  EXPECT_THAT(text, Not(HasSubstr("damaged_file")));
}

TEST_F(VerifyFiles, TheJacksInTheFilesAreHeard) {
  take_[2].disciplined = true;
  take_[2].unlocked_from = take_[2].unplugged_from = 150;
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 1);
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("\nNOT IN SYNC: sub2 lost lock\n"));
}

TEST_F(VerifyFiles, AnotherTakesFileIsRefused) {
  take_[2].host_began_s = 600;
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->verdict, Verdict::refused);
  EXPECT_EQ(cli::verify_exit_code(report), 1);
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("\nNOT IN SYNC: refused, sub2 other take\n"));
}

TEST_F(VerifyFiles, HostPairsOfOneHostEachTellWholePulses) {
  for (StampPlan& plan : take_)
    plan.description.host = {.name = plan.description.name, .boot_id = plan.description.name};
  take_[1].zeroed_late = device_us(33333);
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("\nNOT IN SYNC: sub1 wrong pulse\n"));
}

TEST_F(VerifyFiles, ADroppedFrameIsReportedWithoutFailing) {
  take_[1].color_drops = {100};
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 0);
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("1 frame missing, first at pulse 100"));
}

TEST_F(VerifyFiles, DepthAndPassiveIrStandForTheDepthStream) {
  for (StampPlan& plan : take_) {
    plan.frames = 40;
    plan.description.depth = true;
    plan.description.depth_mode = DepthMode::nfov_2x2binned;
    plan.description.depth_delay_off_color = device_us(320);
    plan.exposure = device_us(8330);
  }
  take_[2].description.depth_mode = DepthMode::passive_ir;
  take_[2].frames = 12;
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->verdict, Verdict::in_sync) << cli::verify_text(*report);
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("[exposure_differs]"))
      << "passive IR needs less time, which moves the middle of the frames";
  for (const sync::UnitReport& unit : report->units) {
    ASSERT_EQ(unit.streams.size(), 2U);
    EXPECT_NEAR(unit.streams[1].depth_minus_color->measured.count(), 320, 30);
  }
  EXPECT_EQ(report->units[2].streams[1].frames, 12U);
}

TEST_F(VerifyFiles, OneFileIsCheckedWithinItself) {
  take_.resize(1);
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 0);
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("\nNOTHING TO COMPARE: one unit"));
}

TEST_F(VerifyFiles, ACutFileIsNamedInTextAndJson) {
  const auto files = write();
  std::filesystem::resize_file(files[1], std::filesystem::file_size(files[1]) * 7 / 10);
  const auto report = take::judge_files(files);
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 0) << "what is there is in sync";
  EXPECT_THAT(cli::verify_text(*report), HasSubstr("[damaged_file]"));
  const auto json = nlohmann::json::parse(cli::verify_json(*report));
  const auto& finding = json["findings"][0];
  EXPECT_EQ(finding["code"], "damaged_file");
  EXPECT_EQ(finding["severity"], "warning");
  EXPECT_EQ(finding["unit"], "sub1");
  EXPECT_THAT(finding["text"].get<std::string>(), HasSubstr((folder_ / "sub1.mkv").string()));
  EXPECT_THAT(finding["text"].get<std::string>(), HasSubstr("the file is cut"));
}

TEST_F(VerifyFiles, DamageInTheMiddleIsTold) {
  const auto files = write();
  std::fstream file(files[2], std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(files[2]) / 2));
  file << std::string(20'000, '\0');
  file.close();
  const auto report = take::judge_files(files);
  ASSERT_TRUE(report) << report.error().message();
  const auto told = std::ranges::find(report->findings, sync::Code::damaged_file, &sync::Finding::code);
  ASSERT_NE(told, report->findings.end()) << cli::verify_text(*report);
  EXPECT_EQ(told->unit, 2U);
  EXPECT_THAT(told->text, HasSubstr("sub2.mkv"));
}

TEST_F(VerifyFiles, WhatCannotBeReadIsNamed) {
  const auto missing = take::judge_files({folder_ / "none.mkv"});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr("none.mkv"));
  EXPECT_EQ(cli::verify_exit_code(missing), 2);
  std::ofstream(folder_ / "text.mkv") << "not a recording";
  const auto text = take::judge_files({folder_ / "text.mkv"});
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message(), HasSubstr("text.mkv"));
  EXPECT_FALSE(take::judge_files({}));
}

TEST_F(VerifyFiles, JsonSaysTheSameAsTheText) {
  take_[1].color_drops = {100};
  const auto report = verify();
  ASSERT_TRUE(report) << report.error().message();
  const auto json = nlohmann::json::parse(cli::verify_json(*report));
  EXPECT_EQ(json["verdict"], "in_sync");
  EXPECT_EQ(json["same_take"], "yes");
  EXPECT_EQ(json["simulated"], true);
  EXPECT_EQ(json["tolerance_us"], 110);
  EXPECT_EQ(json["common"]["first_pulse"], 6);
  EXPECT_EQ(json["units"][0]["reference"], true);
  const auto& color = json["units"][1]["streams"][0];
  EXPECT_EQ(color["missing"], 1);
  EXPECT_EQ(color["gaps"][0]["first_pulse"], 100);
  EXPECT_EQ(color["offset"]["configured_us"], 160);
  EXPECT_NEAR(color["offset"]["drift_ppm"].get<double>(), 20, 2);
  EXPECT_GE(color["offset"]["course"].size(), 9U);
  EXPECT_EQ(color["offset"]["course"][0]["pulse"], 6);
  EXPECT_EQ(color["offset"]["histogram"]["first_tick"], -30);
  ASSERT_EQ(json["pairs"].size(), 3U);
  EXPECT_EQ(json["pairs"][2]["units"], (nlohmann::json{"sub1", "sub2"}));
  EXPECT_TRUE(json["units"][0]["exposure_us"].is_null());
  EXPECT_EQ(json["findings"][0]["code"], "missing_frames");
  EXPECT_EQ(json["findings"][0]["unit"], "sub1");
}

TEST(VerifyRealFiles, AStockRecordingOfOneUnitIsInOrder) {
  const auto report =
      take::judge_files({std::filesystem::path(GENLOCK_TEST_DATA) / "mkv" / "pyk4a_recording.mkv"});
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(cli::verify_exit_code(report), 0) << cli::verify_text(*report);
  EXPECT_FALSE(report->simulated);
  EXPECT_THAT(cli::verify_text(*report), Not(HasSubstr("SIMULATED")));
}

TEST(VerifyText, LinesFitIntoAHundredColumns) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                              test::subordinate_plan("sub2")};
  take[1].zeroed_late = device_us(12345);
  take[2].unlocked_from = 100;
  take[2].ppm = -390;
  std::istringstream lines(cli::verify_text(report_of(take)));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), 100) << line;
}

TEST(VerifyText, TheRecordersWordComesBeforeTheVerdict) {
  const sync::Report report = test::report_of({test::master_plan(), test::subordinate_plan("sub1")});
  const cli::RecorderWord word{.advice = "RETAKE: sub1 was lost after pulse 78", .forced = true};
  EXPECT_THAT(cli::verify_text(report, word),
              HasSubstr("\nThe recorder's word: RETAKE: sub1 was lost after pulse 78\nforced: "));
  EXPECT_THAT(cli::verify_text(report, word), HasSubstr("errors.\nIN SYNC: "));
  const auto json = nlohmann::json::parse(cli::verify_json(report, word));
  EXPECT_EQ(json["recorder"]["advice"], word.advice);
  EXPECT_EQ(json["recorder"]["forced"], true);
  EXPECT_THAT(cli::verify_text(report), Not(HasSubstr("recorder's word")));
}

TEST(VerifyText, ADriftThatIsNotKnownSaysSo) {
  sync::Report report = test::report_of({test::master_plan(), test::subordinate_plan("sub1")});
  report.units[1].streams.resize(1);
  auto& offset = report.units[1].streams[0].offset;
  offset->drift_ppm = -5.98;
  offset->drift_sd_ppm = 7.2;
  EXPECT_THAT(cli::verify_text(report), HasSubstr(" -5.98 ±7 "));
  offset->drift_sd_ppm = 0.3;
  EXPECT_THAT(cli::verify_text(report), HasSubstr(" -5.98 "));
  EXPECT_THAT(cli::verify_text(report), Not(HasSubstr("±")));
}

TEST(VerifyJson, AnyFileNameIsCarried) {
  std::vector<StampPlan> take{test::master_plan()};
  take[0].description.name = "caf\xE9\xFF";
  const auto json = nlohmann::json::parse(cli::verify_json(report_of(take)));
  EXPECT_FALSE(json["units"][0]["name"].get<std::string>().empty());
}

}  // namespace
}  // namespace genlock
