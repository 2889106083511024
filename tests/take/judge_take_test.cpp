// A take is judged by its recordings, with what take.json says of them.

#include "take/judge_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "support/planned_recording.h"
#include "support/temporary_folder.h"
#include "take/take_file.h"

namespace genlock {
namespace {

using sync::Verdict;
using ::testing::HasSubstr;

constexpr std::int64_t kFrames = 40;

const sync::Finding* find(const sync::Report& report, sync::Code code) {
  const auto found = std::ranges::find(report.findings, code, &sync::Finding::code);
  return found == report.findings.end() ? nullptr : &*found;
}

std::string findings_of(const sync::Report& report) {
  std::string text;
  for (const sync::Finding& finding : report.findings) text += finding.text + "\n";
  return text;
}

/// A take of three units in a folder, with its take.json.
class JudgeTake : public testing::Test {
 protected:
  JudgeTake() {
    for (test::PlannedFile& file : take_) file.plan.description.depth = false;
    about_.name = "studio-0001";
    about_.rig = "studio";
    about_.ended = true;
  }

  void write_take() {
    const std::vector<std::filesystem::path> files = write_planned(folder_.path(), take_);
    for (std::size_t i = 0; i < files.size(); ++i)
      about_.units.push_back(
          {.name = "unit" + std::to_string(i),
           .serial = take_[i].plan.description.serial,
           .files = {{.name = files[i].filename().string(), .bytes = std::filesystem::file_size(files[i])}}});
    ASSERT_TRUE(take::save_take(folder_.path(), about_));
  }

  Result<take::JudgedTake> judge(const take::JudgeOptions& options = {}) {
    const auto source = take::find_take({folder_.path()});
    if (!source) return source.error();
    return take::judge_take(*source, options);
  }

  std::filesystem::path write_moving(const test::PlannedFile& file, std::size_t unit,
                                     const std::vector<ImuSample>& imu) {
    test::PlannedFile with_imu = file;
    with_imu.imu = true;
    test::TakeContent content = planned_content(with_imu, unit);
    content.imu = imu;
    const auto bytes = test::record(planned_info(with_imu), content);
    EXPECT_TRUE(bytes) << bytes.error().message();
    const std::filesystem::path path = folder_ / (file.plan.description.name + ".mkv");
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    return path;
  }

  test::TemporaryFolder folder_;
  std::vector<test::PlannedFile> take_ = test::planned_take(kFrames);
  take::Take about_;
};

TEST_F(JudgeTake, UnitsHaveTheNamesOfTheTake) {
  write_take();
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_EQ(judged->report.verdict, Verdict::in_sync) << findings_of(judged->report);
  EXPECT_EQ(judged->report.units[1].description.name, "unit1");
  ASSERT_EQ(judged->files.size(), 3U);
  EXPECT_EQ(judged->files[2].path, folder_ / "sub2.mkv");
  EXPECT_EQ(judged->files[2].bytes, std::filesystem::file_size(folder_ / "sub2.mkv"));
}

TEST_F(JudgeTake, AFileThatIsMissingFailsTheTakeAndTheOthersAreJudged) {
  write_take();
  std::filesystem::remove(folder_ / "sub1.mkv");
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_EQ(judged->report.verdict, Verdict::not_in_sync);
  ASSERT_EQ(judged->report.units.size(), 2U);
  EXPECT_EQ(judged->report.units[1].description.name, "unit2") << "names stay with their files";
  const sync::Finding* told = find(judged->report, sync::Code::missing_file);
  ASSERT_TRUE(told);
  EXPECT_THAT(told->text, HasSubstr("unit1: sub1.mkv is not there"));
  EXPECT_EQ(told, &judged->report.findings.front()) << "failures come first";
}

TEST_F(JudgeTake, ATakeWithoutAnyOfItsFilesIsAnError) {
  write_take();
  for (const char* name : {"master.mkv", "sub1.mkv", "sub2.mkv"}) std::filesystem::remove(folder_ / name);
  const auto judged = judge();
  ASSERT_FALSE(judged);
  EXPECT_THAT(judged.error().message(), HasSubstr(folder_.path().string()));
}

TEST_F(JudgeTake, ATakeThatWasNotEndedIsJudgedAndToldSo) {
  about_.ended = false;
  write_take();
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_EQ(judged->report.verdict, Verdict::in_sync);
  EXPECT_TRUE(find(judged->report, sync::Code::unfinished_take));
}

TEST_F(JudgeTake, WhatTakeJsonSaysOtherwiseIsTold) {
  write_take();
  about_.units[1].files[0].bytes += 7;
  about_.units[2].unaligned = {{.name = "sub2-again.mkv"}};
  about_.units.push_back({.name = "never", .files = {}});
  ASSERT_TRUE(take::save_take(folder_.path(), about_));
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  ASSERT_TRUE(find(judged->report, sync::Code::changed_file));
  EXPECT_EQ(find(judged->report, sync::Code::changed_file)->unit, 1U);
  ASSERT_TRUE(find(judged->report, sync::Code::unaligned_file));
  EXPECT_EQ(find(judged->report, sync::Code::unaligned_file)->unit, 2U);
  ASSERT_TRUE(find(judged->report, sync::Code::missing_file));
  EXPECT_THAT(find(judged->report, sync::Code::missing_file)->text,
              HasSubstr("never: the take has no recording"));
}

TEST_F(JudgeTake, AUnitThatWasLostIsToldWithWhatTheRecorderKnows) {
  for (test::PlannedFile& file : take_) file.numbered = 0;
  take_[2].plan.frames = 12;
  about_.first_pulse = 6;
  about_.last_pulse = 45;
  write_take();
  about_.units[2].error = "unit 2: color silent";
  ASSERT_TRUE(take::save_take(folder_.path(), about_));
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_EQ(judged->report.verdict, Verdict::in_sync) << "what is there is in sync";
  const sync::Finding* told = find(judged->report, sync::Code::short_of_take);
  ASSERT_TRUE(told) << findings_of(judged->report);
  EXPECT_EQ(told->severity, sync::Severity::warning);
  EXPECT_EQ(told->unit, 2U);
  EXPECT_EQ(told->pulse, 18);
  EXPECT_EQ(told->count, 28U);
  EXPECT_EQ(told->text, "unit2: recorded until pulse 17 of 6 to 45: unit 2: color silent");
  EXPECT_EQ(std::ranges::count(judged->report.findings, sync::Code::short_of_take, &sync::Finding::code), 1);
}

TEST_F(JudgeTake, AUnitThatBeganLateIsTold) {
  for (test::PlannedFile& file : take_) file.numbered = 0;
  about_.first_pulse = 2;
  about_.last_pulse = 45;
  write_take();
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  const sync::Finding* told = find(judged->report, sync::Code::short_of_take);
  ASSERT_TRUE(told) << findings_of(judged->report);
  EXPECT_THAT(told->text, HasSubstr("recorded from pulse 6 on of 2 to 45: the rest of the take"));
  EXPECT_EQ(told->pulse, 6);
}

TEST_F(JudgeTake, ARecorderThatMiscountedIsTold) {
  for (test::PlannedFile& file : take_) file.numbered = 1000;
  take_[2].numbered = 1001;
  write_take();
  const auto judged = judge();
  ASSERT_TRUE(judged) << judged.error().message();
  const sync::Finding* told = find(judged->report, sync::Code::pulse_number);
  ASSERT_TRUE(told) << findings_of(judged->report);
  EXPECT_EQ(told->unit, 2U);
  EXPECT_EQ(told->count, static_cast<std::uint64_t>(kFrames));
}

TEST_F(JudgeTake, ProgressComesToTheEndOfAllFiles) {
  write_take();
  std::uint64_t last = 0, whole = 0;
  int calls = 0;
  const auto judged = judge({.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last);
    last = done;
    whole = total;
    ++calls;
  }});
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(last, whole);
}

/// What a unit's gyroscope shows of a motion that all share, on a clock that is `ppm` fast, `late` behind.
std::vector<ImuSample> motion(double ppm, double late_s, double seconds) {
  std::vector<ImuSample> samples;
  for (double t = 0.2; t < seconds; t += 1.0 / 1600) {
    const double moment = t - late_s;
    const double rate =
        1 + std::sin(2 * moment) * std::sin(5.3 * moment * moment / 10) + 0.5 * std::sin(11 * moment);
    ImuSample sample;
    sample.gyro = {static_cast<float>(rate), 0, 0};
    sample.accel_time = sample.gyro_time = device_time_us(std::llround(t * (1 + ppm * 1e-6) * 1e6));
    samples.push_back(sample);
  }
  return samples;
}

TEST_F(JudgeTake, GyroscopesOfUnitsThatMoveTogetherAreCompared) {
  take_[1].plan.ppm = 200;
  for (test::PlannedFile& file : take_) file.plan.frames = 300;
  const auto master = write_moving(take_[0], 0, motion(0, 0, 10));
  const auto together = write_moving(take_[1], 1, motion(200, 0, 10));
  const auto late = write_moving(take_[2], 2, motion(0, 0.0073, 10));
  const auto judged = take::judge_take({.files = {master, together, late}}, {.imu = true});
  ASSERT_TRUE(judged) << judged.error().message();
  ASSERT_EQ(judged->imu.size(), 2U);
  EXPECT_NEAR(judged->imu[0].offset_ms, 0, 0.2) << "drift is known from the stamps";
  EXPECT_NEAR(judged->imu[1].offset_ms, 7.3, 0.2);
  EXPECT_GT(judged->imu[1].correlation, 0.95);
}

TEST_F(JudgeTake, UnitsThatStandStillSayNothingByTheirGyroscopes) {
  std::vector<ImuSample> still = motion(0, 0, 10);
  for (ImuSample& sample : still) sample.gyro = {0.001F, 0, 0};
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < 3; ++i) {
    take_[i].plan.frames = 300;
    files.push_back(write_moving(take_[i], i, still));
  }
  const auto judged = take::judge_take({.files = files}, {.imu = true});
  ASSERT_TRUE(judged) << judged.error().message();
  EXPECT_TRUE(judged->imu.empty());
}

TEST_F(JudgeTake, UnitsOfDifferentAreasMayShineTogether) {
  for (test::PlannedFile& file : take_) {
    file.plan.description.depth = true;
    file.plan.description.depth_delay_off_color = {};
    file.plan.frames = 12;
  }
  write_take();
  const auto together = judge();
  ASSERT_TRUE(together) << together.error().message();
  EXPECT_TRUE(find(together->report, sync::Code::lasers_overlap));
  const auto apart = judge({.areas = {{"unit0", {"a"}}, {"unit1", {"b"}}, {"unit2", {"c"}}}});
  ASSERT_TRUE(apart) << apart.error().message();
  EXPECT_FALSE(find(apart->report, sync::Code::lasers_overlap));
}

}  // namespace
}  // namespace genlock
