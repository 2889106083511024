// Genlock's reader on files that the official recorder writes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "stock_library.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

class OfficialWriter : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = test::stock_library_missing())
      GTEST_SKIP() << "the official writer is missing: " << *reason;
    config_.color_format = PixelFormat::nv12;
    config_.color_resolution = ColorResolution::r720p;
    config_.depth_mode = DepthMode::nfov_2x2binned;
    config_.rate = FrameRate::fps30;
    config_.depth_delay_off_color = device_us(500);
    content_ = test::synthetic_take(config_, true, 90);
  }

  CameraConfig config_;
  test::TakeContent content_;
  test::TemporaryFolder folder_;
};

TEST_F(OfficialWriter, IsReadBackInFull) {
  const std::filesystem::path file = folder_ / "stock.mkv";
  ASSERT_TRUE(test::stock_record(file, config_, true, content_));
  const Result<test::Playback> played = test::play(file);
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_TRUE(played->survey.finalised);
  EXPECT_THAT(played->survey.problems, testing::IsEmpty());
  EXPECT_EQ(played->info.config.depth_delay_off_color, config_.depth_delay_off_color);
  ASSERT_EQ(played->captures.size(), content_.captures.size());
  for (std::size_t i = 0; i < content_.captures.size(); ++i) {
    const Capture& a = played->captures[i];
    const Capture& b = content_.captures[i];
    ASSERT_TRUE(a.color && a.depth && a.ir) << i;
    EXPECT_TRUE(std::ranges::equal(a.color->data.bytes(), b.color->data.bytes())) << i;
    EXPECT_TRUE(std::ranges::equal(a.depth->data.bytes(), b.depth->data.bytes())) << i;
    EXPECT_TRUE(std::ranges::equal(a.ir->data.bytes(), b.ir->data.bytes())) << i;
    EXPECT_EQ(a.depth->device_time, b.depth->device_time);
  }
  ASSERT_EQ(played->imu.size(), content_.imu.size());
  for (std::size_t i = 0; i < content_.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(played->imu[i], content_.imu[i])) << i;
}

// A killed stock recorder leaves a segment size of 0, and Voids where its SeekHead and Info would be. The
// official reader finds nothing in such a file.
TEST_F(OfficialWriter, IsReadEvenIfItWasKilled) {
  const std::filesystem::path file = folder_ / "stock.mkv";
  ASSERT_TRUE(test::stock_record(file, config_, true, content_));
  Result<std::vector<std::byte>> bytes = test::load_file(file);
  ASSERT_TRUE(bytes);
  test::unfinish_stock_file(*bytes);
  const Result<test::Playback> played = test::play(*std::move(bytes));
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_FALSE(played->survey.finalised);
  EXPECT_THAT(played->survey.problems, testing::Not(testing::IsEmpty()));
  ASSERT_EQ(played->captures.size(), content_.captures.size());
  EXPECT_EQ(played->captures[7].depth->device_time, content_.captures[7].depth->device_time);
  EXPECT_EQ(played->imu.size(), content_.imu.size());
}

}  // namespace
}  // namespace genlock::recording
