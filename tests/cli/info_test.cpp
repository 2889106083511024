// info of a recording that is split: any part stands for all.

#include "cli/info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/split_recording.h"
#include "support/temporary_folder.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Colour and IMU of four seconds in three files.
class SplitInfo : public testing::Test {
 protected:
  SplitInfo() {
    CameraConfig config = test::small_config();
    config.depth_mode = DepthMode::off;
    content_ = test::synthetic_take(config, true, 120);
    files_ = test::split_recording(folder_.path() / "take.mkv", test::synthetic_info(config, true), content_,
                                   device_us(1'500'000));
  }

  Json json_of(const std::filesystem::path& file) const {
    const auto info = inspect(file);
    EXPECT_TRUE(info) << info.error().message();
    return Json::parse(info_json(*info));
  }

  const test::TemporaryFolder folder_;
  test::TakeContent content_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(SplitInfo, IsOfAllPartsWhicheverIsGiven) {
  ASSERT_EQ(files_.size(), 3U);
  std::uint64_t bytes = 0;
  for (const auto& file : files_) bytes += std::filesystem::file_size(file);
  for (const auto& file : files_) {
    const Json json = json_of(file);
    EXPECT_EQ(json["file"], file.string());
    EXPECT_THAT(json["parts"], ElementsAre(files_[0].string(), files_[1].string(), files_[2].string()));
    EXPECT_EQ(json["tracks"][0]["frames"], 120);
    EXPECT_EQ(json["tracks"][0]["missing"], 0);
    EXPECT_EQ(json["tracks"][0]["last_us"], count_us(content_.captures.back().color->device_time));
    EXPECT_EQ(json["imu"]["samples"], content_.imu.size());
    EXPECT_EQ(json["bytes"], bytes);
    EXPECT_TRUE(json["finalised"]);
    EXPECT_THAT(json["problems"], IsEmpty());
  }
  EXPECT_THAT(info_text(inspect(files_[1]).value()), HasSubstr("3 files, take.mkv to take-part3.mkv"));
}

TEST_F(SplitInfo, SaysThatAPartIsMissing) {
  std::filesystem::remove(files_[1]);
  const FileInfo info = inspect(files_[2]).value();
  EXPECT_EQ(info.parts.size(), 2U);
  EXPECT_THAT(info_text(info), HasSubstr("part 2 of this recording: no file in"));
  EXPECT_LT(json_of(files_[2])["tracks"][0]["frames"], 120);
}

TEST_F(SplitInfo, OfAPartAloneSaysNothingOfParts) {
  const std::filesystem::path single = folder_.path() / "single" / "take.mkv";
  std::filesystem::create_directory(single.parent_path());
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::off;
  ASSERT_EQ(test::split_recording(single, test::synthetic_info(config, true), content_, {}).size(), 1U);
  EXPECT_EQ(json_of(single)["parts"].size(), 1U);
  EXPECT_THAT(info_text(inspect(single).value()), Not(HasSubstr("parts")));
}

}  // namespace
}  // namespace genlock::cli
