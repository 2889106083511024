// Listing all stamps: from the index it must say the same as the clusters do, and read next to nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "recording/reader.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

/// Counts what is read.
class CountingSource final : public ByteSource {
 public:
  CountingSource(std::vector<std::byte> bytes, std::atomic<std::uint64_t>& reads)
      : bytes_(std::move(bytes)), reads_(reads) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    ++reads_;
    return bytes_.read_at(offset, out);
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const MemorySource bytes_;
  std::atomic<std::uint64_t>& reads_;
};

class SurveyByIndex : public testing::Test {
 protected:
  SurveyByIndex() {
    CameraConfig config = test::small_config();
    config.depth_mode = DepthMode::off;
    file_ = test::record(test::synthetic_info(config, true), test::synthetic_take(config, true, 600)).value();
  }

  Survey survey(const std::vector<std::byte>& file, SurveyFrom from) {
    const auto reader = Reader::open(std::make_unique<CountingSource>(file, reads_));
    EXPECT_TRUE(reader);
    const std::uint64_t before = reads_;
    Result<Survey> survey = (*reader)->survey(from);
    EXPECT_TRUE(survey);
    last_reads_ = reads_ - before;
    return *std::move(survey);
  }

  std::vector<std::byte> file_;
  std::atomic<std::uint64_t> reads_ = 0;
  std::uint64_t last_reads_ = 0;
};

bool same_entry(const FrameEntry& a, const FrameEntry& b) {
  return a.track == b.track && a.device_time == b.device_time && a.bytes == b.bytes &&
         a.host_time == b.host_time && a.exposure == b.exposure && a.white_balance == b.white_balance &&
         a.iso == b.iso && a.temperature_c == b.temperature_c;
}

void expect_same(const Survey& a, const Survey& b) {
  EXPECT_TRUE(std::ranges::equal(a.frames, b.frames, same_entry));
  EXPECT_EQ(a.imu_samples, b.imu_samples);
  EXPECT_EQ(a.first_imu, b.first_imu);
  EXPECT_EQ(a.last_imu, b.last_imu);
  EXPECT_EQ(a.host_pairs.size(), b.host_pairs.size());
  EXPECT_EQ(a.jacks.size(), b.jacks.size());
  EXPECT_EQ(a.problems, b.problems);
  EXPECT_EQ(a.finalised, b.finalised);
  EXPECT_EQ(a.duration, b.duration);
  EXPECT_EQ(a.file_bytes, b.file_bytes);
}

TEST_F(SurveyByIndex, SaysWhatTheClustersSay) {
  const Survey by_index = survey(file_, SurveyFrom::index);
  EXPECT_EQ(by_index.frames.size(), 600U);
  EXPECT_TRUE(by_index.finalised);
  expect_same(by_index, survey(file_, SurveyFrom::clusters));
}

TEST_F(SurveyByIndex, ReadsAFewTimesForEachSecond) {
  (void)survey(file_, SurveyFrom::clusters);
  EXPECT_GE(last_reads_, 600U);
  (void)survey(file_, SurveyFrom::index);
  EXPECT_LE(last_reads_, 170U)
      << "two for each of 20 s, and those of the clusters that are compared, however long the file";
}

// Of every kind of take the recorder makes.
TEST_F(SurveyByIndex, HoldsForImagesOfEveryTrack) {
  const auto file = test::record(test::synthetic_info(test::small_config(), true),
                                 test::synthetic_take(test::small_config(), true, 45));
  ASSERT_TRUE(file);
  const Survey by_index = survey(*file, SurveyFrom::index);
  EXPECT_EQ(by_index.frames.size(), 135U);
  expect_same(by_index, survey(*file, SurveyFrom::clusters));
}

// An index with a hole is no index: what is listed then comes from the clusters.
TEST_F(SurveyByIndex, IsNotBelievedWhereItHasAHole) {
  const Survey whole = survey(file_, SurveyFrom::clusters);
  // The first cluster record (type 4) of each block: its position, which the record's head goes before.
  std::size_t changed = 0;
  for (std::size_t at = 0; at + 40 < file_.size(); ++at) {
    const bool record = file_[at] == std::byte{4} && file_[at + 1] == std::byte{0} &&
                        file_[at + 16] == std::byte{16} && file_[at + 17] == std::byte{0} &&
                        file_[at + 11] == std::byte{0} && file_[at + 10] == std::byte{0} &&
                        file_[at + 9] == std::byte{0} && file_[at + 8] == std::byte{0};
    if (!record) continue;
    file_[at + 4] ^= std::byte{1};
    ++changed;
    if (changed == 1) break;
  }
  ASSERT_EQ(changed, 1U);
  const Survey survey_of_damaged = survey(file_, SurveyFrom::index);
  EXPECT_GE(last_reads_, 600U);
  expect_same(survey_of_damaged, whole);
}

/// Moves every cluster by a microsecond and leaves the index as it was. Returns how many there are.
std::size_t move_clusters(std::vector<std::byte>& file) {
  constexpr std::array kCluster{std::byte{0x1F}, std::byte{0x43}, std::byte{0xB6}, std::byte{0x75}};
  constexpr std::byte kTimestamp{0xE7};
  std::size_t moved = 0;
  for (auto at = file.begin();; ++moved) {
    at = std::search(at, file.end(), kCluster.begin(), kCluster.end());
    if (at == file.end()) return moved;
    at = std::find(at, file.end(), kTimestamp);
    const auto bytes = static_cast<std::ptrdiff_t>(std::to_integer<unsigned>(at[1] & std::byte{0x7F}));
    at[1 + bytes] ^= std::byte{1};
  }
}

TEST_F(SurveyByIndex, IsNotBelievedWhereClustersSayOtherwise) {
  const Survey before = survey(file_, SurveyFrom::index);
  ASSERT_GT(move_clusters(file_), 100U);
  const Survey by_index = survey(file_, SurveyFrom::index);
  const Survey by_clusters = survey(file_, SurveyFrom::clusters);
  EXPECT_FALSE(std::ranges::equal(by_index.frames, before.frames, same_entry));
  EXPECT_TRUE(std::ranges::equal(by_index.frames, by_clusters.frames, same_entry));
  EXPECT_TRUE(std::ranges::any_of(by_index.problems, [](const std::string& problem) {
    return problem.find("the index does not list what is in the cluster") != std::string::npos;
  })) << testing::PrintToString(by_index.problems);
}

TEST_F(SurveyByIndex, GoesOnWithTheClustersBehindIt) {
  // A cluster behind the index, as a recorder that was killed after a flush leaves it.
  const std::vector<std::byte> cluster{std::byte{0x1F}, std::byte{0x43}, std::byte{0xB6},
                                       std::byte{0x75}, std::byte{0x84}, std::byte{0xE7},
                                       std::byte{0x82}, std::byte{0x01}, std::byte{0x00}};
  file_.insert(file_.end(), cluster.begin(), cluster.end());
  const Survey by_index = survey(file_, SurveyFrom::index);
  EXPECT_FALSE(by_index.finalised);
  expect_same(by_index, survey(file_, SurveyFrom::clusters));
}

}  // namespace
}  // namespace genlock::recording
