// Every pairing of Genlock's C libraries with the official ones: one C program records the same take over
// each of them, and both readers find the same in every file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "stock_library.h"
#include "stock_reader.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

/// Whose each library is.
struct Pairing {
  const char* name;
  bool official_k4a, official_k4arecord;
};

class CAbi : public testing::TestWithParam<Pairing> {
 protected:
  void SetUp() override {
    if (const auto reason = stock_library_missing())
      GTEST_SKIP() << "the official reader is missing: " << *reason;
    fs::create_directory(folder_ / "lib");
    link("libk4a.so.1.4", GetParam().official_k4a);
    link("libk4arecord.so.1.4", GetParam().official_k4arecord);
    Process recorder({GENLOCK_RECORD_TAKE, file()}, {.environment = {{"LD_LIBRARY_PATH", folder_ / "lib"}}});
    ASSERT_EQ(recorder.wait(), 0) << recorder.output();
    // The official libk4a misses its depth engine aloud.
    if (!GetParam().official_k4a) {
      EXPECT_EQ(recorder.output(), "12 captures\n");
    }
  }

  void link(const char* library, bool official) {
    fs::create_symlink(fs::path(official ? GENLOCK_ORACLE_FOLDER : GENLOCK_LIBRARY_FOLDER) / library,
                       folder_ / "lib" / library);
  }

  std::string file() const { return folder_ / "take.mkv"; }

  TemporaryFolder folder_;
};

bool same_pixels(const std::optional<Image>& a, const std::optional<Image>& b) {
  return a && b && a->format == b->format && a->device_time == b->device_time &&
         std::ranges::equal(a->data.bytes(), b->data.bytes());
}

TEST_P(CAbi, RecordsWhatBothReadersReadAlike) {
  const Result<StockPlayback> stock = stock_play(file());
  const Result<Playback> own = play(fs::path(file()));
  ASSERT_TRUE(stock) << stock.error().message();
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_EQ(own->info.writing_app.starts_with("k4arecord"), GetParam().official_k4arecord)
      << own->info.writing_app;
  EXPECT_TRUE(own->survey.finalised);
  EXPECT_THAT(own->survey.problems, testing::IsEmpty());
  ASSERT_EQ(stock->captures.size(), 12U);
  ASSERT_EQ(own->captures.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_TRUE(same_pixels(own->captures[i].color, stock->captures[i].color)) << i;
    EXPECT_TRUE(same_pixels(own->captures[i].depth, stock->captures[i].depth)) << i;
    EXPECT_TRUE(same_pixels(own->captures[i].ir, stock->captures[i].ir)) << i;
    EXPECT_EQ(count_us(own->captures[i].ir->device_time), 5'000'000 + static_cast<std::int64_t>(i) * 33333);
  }
  ASSERT_EQ(stock->imu.size(), 12U * 55);
  ASSERT_EQ(own->imu.size(), 12U * 55);
  for (std::size_t i = 0; i < own->imu.size(); ++i) EXPECT_TRUE(same_sample(own->imu[i], stock->imu[i])) << i;
  EXPECT_EQ(stock->config.start_offset_us, 5'000'000U);
  EXPECT_EQ(stock->config.color_format, 1U);
  EXPECT_EQ(stock->config.depth_mode, 1U);
}

TEST_P(CAbi, DescribesTheRecordingAlike) {
  const Result<StockPlayback> stock = stock_play(file());
  ASSERT_TRUE(stock) << stock.error().message();
  EXPECT_THAT(stock->tracks, testing::IsSupersetOf({"COLOR", "DEPTH", "FORCE", "IMU", "IR", "THERMAL"}));
  EXPECT_THAT(stock->builtin_tracks, testing::ElementsAre("COLOR", "DEPTH", "IMU", "IR"));
  EXPECT_EQ(stock_tag(file(), "OPERATOR"), "somebody else");
  EXPECT_EQ(stock_tag(file(), "K4A_DEPTH_MODE"), "NFOV_2X2BINNED");
  // To the end of the last sample, 54 of which follow the last capture.
  EXPECT_EQ(stock->length_us, 11U * 33333 + 54 * 600);
}

INSTANTIATE_TEST_SUITE_P(Pairings, CAbi,
                         testing::Values(Pairing{"OwnOverOwn", false, false},
                                         Pairing{"OfficialOverOwn", false, true},
                                         Pairing{"OwnOverOfficial", true, false}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace genlock::test
