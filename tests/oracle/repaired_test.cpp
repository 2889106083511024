// What a killed official recorder leaves, made whole by repair, and read by the official reader again and by
// Matroska tools; and that check knows which files the official reader refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "recording/repair.h"
#include "stock_library.h"
#include "stock_reader.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using test::StockDeath;
using test::StockPlayback;
using test::TakeContent;

bool same_or_no_pixels(const std::optional<Image>& a, const std::optional<Image>& b) {
  if (!a || !b) return !a && !b;
  return a->device_time == b->device_time && std::ranges::equal(a->data.bytes(), b->data.bytes());
}

class OfficialRepair : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = test::stock_library_missing())
      GTEST_SKIP() << "the official writer is missing: " << *reason;
  }

  CheckReport check(const std::filesystem::path& file) {
    Result<CheckReport> report = check_recording(**open_file(file));
    EXPECT_TRUE(report) << report.error().message();
    return report ? *std::move(report) : CheckReport();
  }

  RepairReport repair(const std::filesystem::path& in, const std::filesystem::path& out) {
    auto sink = create_file(out, IfExists::replace);
    Result<RepairReport> report = repair_into(**open_file(in), **sink);
    EXPECT_TRUE(report) << report.error().message();
    return report ? *std::move(report) : RepairReport();
  }

  RepairReport repair_in_place(const std::filesystem::path& file) {
    const auto source = open_file(file);
    const auto sink = update_file(file);
    Result<RepairReport> report = recording::repair_in_place(**source, **sink);
    EXPECT_TRUE(report) << report.error().message();
    return report ? *std::move(report) : RepairReport();
  }

  void expect_tools_content(const std::filesystem::path& file) {
    test::Process info({"mkvinfo", "--all", file}, {});
    EXPECT_EQ(info.wait(), 0) << info.output();
    for (const char* word : {"nknown element", "invalid", "rror", "arning"})
      EXPECT_THAT(info.output(), testing::Not(testing::HasSubstr(word)));
    test::Process merge({"mkvmerge", "-J", file}, {});
    EXPECT_EQ(merge.wait(), 0);
    EXPECT_THAT(merge.output(), testing::HasSubstr("\"errors\": []"));
    EXPECT_THAT(merge.output(), testing::HasSubstr("\"warnings\": []"));
    test::Process probe({"ffprobe", "-v", "quiet", "-count_packets", "-select_streams", "v", "-show_entries",
                         "stream=nb_read_packets", "-of", "csv=p=0", file},
                        {});
    EXPECT_EQ(probe.wait(), 0) << probe.output();
  }

  std::filesystem::path save(const char* name, const std::vector<std::byte>& bytes) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  test::TemporaryFolder folder_;
};

/// Everything that our reader found in the damaged file, and all of it as it was recorded.
void expect_intact(const StockPlayback& file, const test::Playback& damaged, const TakeContent& content) {
  ASSERT_EQ(file.captures.size(), damaged.captures.size());
  for (std::size_t i = 0; i < file.captures.size(); ++i) {
    const Capture& got = file.captures[i];
    const DeviceTime time = earliest_time(got);
    const auto given =
        std::ranges::find(content.captures, time, [](const Capture& c) { return earliest_time(c); });
    ASSERT_NE(given, content.captures.end()) << i;
    EXPECT_TRUE(same_or_no_pixels(got.color, damaged.captures[i].color)) << i;
    EXPECT_TRUE(same_or_no_pixels(got.depth, damaged.captures[i].depth)) << i;
    EXPECT_TRUE(same_or_no_pixels(got.ir, damaged.captures[i].ir)) << i;
    EXPECT_TRUE(!got.color || same_or_no_pixels(got.color, given->color)) << i;
    EXPECT_TRUE(!got.depth || same_or_no_pixels(got.depth, given->depth)) << i;
    EXPECT_TRUE(!got.ir || same_or_no_pixels(got.ir, given->ir)) << i;
  }
  ASSERT_EQ(file.imu.size(), damaged.imu.size());
  for (std::size_t i = 0; i < file.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(file.imu[i], damaged.imu[i])) << i;
}

TEST_F(OfficialRepair, BringsBackWhatAKilledOfficialRecorderLeft) {
  CameraConfig config = test::small_config();
  config.rate = FrameRate::fps5;
  const TakeContent content = test::synthetic_take(config, true, 36);
  const StockDeath deaths[] = {{16, {}}, {22, {}}, {29, {}}, {36, {}}, {30, 14}, {36, 20}, {33, 6}};
  for (const StockDeath& death : deaths) {
    SCOPED_TRACE(testing::Message() << "killed at " << death.at << ", flushed at "
                                    << death.flush.value_or(0));
    const std::filesystem::path killed = folder_ / "killed.mkv";
    std::filesystem::remove(killed);
    ASSERT_TRUE(test::stock_record_and_die(killed, config, true, content, death, 400'000));
    const CheckReport before = check(killed);
    EXPECT_TRUE(!before.sound() || death.flush) << "only a flush completes its file, until it writes on";
    const bool opens = test::stock_play(killed).has_value();
    EXPECT_EQ(opens, !before.stock_refuses) << before.stock_refuses.value_or("opens");
    const Result<test::Playback> damaged = test::play(killed);
    ASSERT_TRUE(damaged) << damaged.error().message();
    ASSERT_GE(damaged->captures.size(), 1U);

    const std::filesystem::path whole = folder_ / "whole.mkv";
    const RepairReport report = repair(killed, whole);
    EXPECT_TRUE(check(whole).sound());
    const Result<StockPlayback> played = test::stock_play(whole);
    ASSERT_TRUE(played) << played.error().message();
    expect_intact(*played, *damaged, content);
    EXPECT_EQ(played->config.start_offset_us, count_us(content.imu.front().accel_time));
    expect_tools_content(whole);

    EXPECT_EQ(repair_in_place(killed).tracks.at(1).kept, report.tracks.at(1).kept);
    EXPECT_TRUE(check(killed).sound());
    const Result<StockPlayback> in_place = test::stock_play(killed);
    ASSERT_TRUE(in_place) << in_place.error().message();
    expect_intact(*in_place, *damaged, content);
    expect_tools_content(killed);
  }
}

TEST_F(OfficialRepair, CompletesOurOwnCutRecordings) {
  const TakeContent content = test::synthetic_take(test::small_config(), true, 20);
  const auto whole = test::record_unfinished(test::synthetic_info(test::small_config(), true), content);
  ASSERT_TRUE(whole);
  for (std::size_t tenth = 2; tenth <= 10; tenth += 2) {
    const auto size = static_cast<std::ptrdiff_t>(whole->size() / 10 * tenth - tenth * 17);
    const std::filesystem::path cut = save("cut.mkv", {whole->begin(), whole->begin() + size});
    const Result<test::Playback> damaged = test::play(cut);
    ASSERT_TRUE(damaged);
    repair(cut, folder_ / "whole.mkv");
    const Result<StockPlayback> played = test::stock_play(folder_ / "whole.mkv");
    ASSERT_TRUE(played) << played.error().message();
    expect_intact(*played, *damaged, content);
    expect_tools_content(folder_ / "whole.mkv");
  }
}

// check's verdict against the official reader itself.
TEST_F(OfficialRepair, KnowsWhatTheOfficialReaderRefuses) {
  std::map<const char*, std::vector<std::byte>> files;
  const auto stock = *test::load_file(test::data_file("mkv/pyk4a_recording.mkv"));
  files["sound"] = stock;
  files["unfinished"] = stock;
  test::unfinish_stock_file(files["unfinished"]);
  files["size 0"] = stock;
  std::fill_n(files["size 0"].begin() + 45, 7, std::byte{0});
  files["cut"] = {stock.begin(), stock.begin() + 1'200'000};
  files["cut in the header"] = {stock.begin(), stock.begin() + 7'000};
  files["ours, unfinished"] = *test::record_unfinished(test::synthetic_info(test::small_config(), true),
                                                       test::synthetic_take(test::small_config(), true, 5));
  for (const auto& [name, bytes] : files) {
    const std::filesystem::path path = save("file.mkv", bytes);
    const Result<StockPlayback> played = test::stock_play(path);
    const std::optional<std::string> verdict = check(path).stock_refuses;
    EXPECT_EQ(played.has_value(), !verdict) << name << ": " << verdict.value_or("opens");
  }
}

}  // namespace
}  // namespace genlock::recording
