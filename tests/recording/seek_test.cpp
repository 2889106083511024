// Positions: next and previous, seeks and ends, on files that recorders write and on made ones.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "made_file.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::MadeBlock;
using test::MadeFile;
using test::TakeContent;
using Bytes = std::vector<std::byte>;

std::unique_ptr<Reader> reader_of(Bytes file, ReaderOptions options = {}) {
  auto reader = Reader::open(std::make_unique<MemorySource>(std::move(file)), options);
  EXPECT_TRUE(reader) << reader.error().message();
  return *std::move(reader);
}

/// What a capture is told by: the device times of its images, 0 where there is none.
using Times = std::array<std::int64_t, 3>;

std::optional<Times> times_of(const Result<std::optional<Capture>>& capture) {
  EXPECT_TRUE(capture) << capture.error().message();
  if (!capture || !*capture) return std::nullopt;
  const auto time = [](const std::optional<Image>& image) {
    return image ? count_us(image->device_time) : 0;
  };
  return Times{time((*capture)->color), time((*capture)->depth), time((*capture)->ir)};
}

std::vector<Times> all_forwards(Reader& reader) {
  std::vector<Times> all;
  reader.rewind();
  while (const auto times = times_of(reader.next_capture())) all.push_back(*times);
  return all;
}

std::vector<Times> all_backwards(Reader& reader) {
  std::vector<Times> all;
  reader.seek_end();
  while (const auto times = times_of(reader.previous_capture())) all.push_back(*times);
  std::ranges::reverse(all);
  return all;
}

constexpr std::int64_t kOffset = 5'000'000;
constexpr std::int64_t kPeriod = 33'333;

/// Colour, depth and IR at 30 fps with 3 us between the images of a capture, and every seventh image missing;
/// a cluster for each capture.
MadeFile frames_file(std::size_t captures, std::int64_t depth_delay_us = 0) {
  MadeFile file;
  const Size depth = image_size(DepthMode::nfov_2x2binned);
  file.tracks = {test::video_track(1, kColorTrack, PixelFormat::mjpg, {1280, 720}, 30),
                 test::video_track(2, kDepthTrack, PixelFormat::depth16, depth, 30),
                 test::video_track(3, kIrTrack, PixelFormat::ir16, depth, 30)};
  file.tags = {{"K4A_DEPTH_MODE", "NFOV_2X2BINNED"},
               {"K4A_START_OFFSET_NS", std::to_string(kOffset * 1000)},
               {"K4A_DEPTH_DELAY_NS", std::to_string(depth_delay_us * 1000)}};
  std::vector<MadeBlock> blocks;
  std::uint64_t image = 0;
  const std::int64_t first = depth_delay_us < 0 ? -depth_delay_us : 0;
  for (std::size_t i = 0; i < captures; ++i) {
    const std::int64_t time = first + static_cast<std::int64_t>(i) * kPeriod;
    for (std::uint64_t track : {1, 2, 3}) {
      const std::int64_t at = time + static_cast<std::int64_t>(track) * 3 + (track > 1 ? depth_delay_us : 0);
      if (++image % 7 != 0) blocks.push_back({track, at, {"pixels"}});
    }
  }
  std::ranges::stable_sort(blocks, {}, &MadeBlock::time_us);
  for (const MadeBlock& block : blocks) {
    if (file.clusters.empty() || block.time_us - file.clusters.back().front().time_us > 30'000)
      file.clusters.emplace_back();
    file.clusters.back().push_back(block);
  }
  return file;
}

struct Variant {
  std::int64_t depth_delay_us;
  std::size_t cue_every;
};

class MadeFrames : public testing::TestWithParam<Variant> {
 protected:
  MadeFile file() const {
    MadeFile made = frames_file(100, GetParam().depth_delay_us);
    made.cue_every = GetParam().cue_every;
    return made;
  }
  std::unique_ptr<Reader> reader() const { return reader_of(file().bytes(), {.any_image_size = true}); }

  /// Sync time of an image on the unit's clock: its own, with the depth delay taken out.
  std::int64_t sync_us(const Times& times, std::size_t track) const {
    const std::int64_t delay = GetParam().depth_delay_us;
    return times[track] + (track == 0 ? std::max<std::int64_t>(delay, 0) : std::max<std::int64_t>(-delay, 0));
  }
  std::int64_t last_sync_us(const Times& times) const {
    std::int64_t last = 0;
    for (std::size_t track = 0; track < 3; ++track)
      if (times[track] != 0) last = std::max(last, sync_us(times, track));
    return last;
  }
};

TEST_P(MadeFrames, AreGroupedAsTheyWereTaken) {
  const auto reader = this->reader();
  const std::vector<Times> captures = all_forwards(*reader);
  ASSERT_EQ(captures.size(), 100U);
  std::uint64_t image = 0;
  for (std::size_t i = 0; i < captures.size(); ++i)
    for (std::size_t track = 0; track < 3; ++track)
      EXPECT_EQ(captures[i][track] != 0, ++image % 7 != 0) << "capture " << i << " track " << track;
}

TEST_P(MadeFrames, AreTheSameBackwards) {
  const auto reader = this->reader();
  const std::vector<Times> forwards = all_forwards(*reader);
  EXPECT_EQ(all_backwards(*reader), forwards);
}

TEST_P(MadeFrames, ComeByAnySeekInBothDirections) {
  const auto reader = this->reader();
  const std::vector<Times> all = all_forwards(*reader);
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::int64_t time = kOffset - 50'000 + static_cast<std::int64_t>(random() % 3'500'000);
    // Half of them right around an image.
    if (round % 2 == 0) time = last_sync_us(all[random() % all.size()]) - 1 + static_cast<int>(random() % 3);
    const auto expected = std::ranges::find_if(all, [&](const Times& c) { return last_sync_us(c) >= time; });
    const auto next = expected == all.end() ? std::nullopt : std::optional(*expected);
    const auto before = expected == all.begin() ? std::nullopt : std::optional(*(expected - 1));
    reader->seek(device_time_us(time));
    EXPECT_EQ(times_of(reader->next_capture()), next) << time;
    reader->seek(device_time_us(time));
    EXPECT_EQ(times_of(reader->previous_capture()), before) << time;
    // Turning round goes on from the item given last.
    EXPECT_EQ(times_of(reader->next_capture()), before ? next : all.front()) << time;
  }
}

INSTANTIATE_TEST_SUITE_P(Recording, MadeFrames,
                         testing::Values(Variant{0, 0}, Variant{0, 10}, Variant{0, 1}, Variant{15'000, 10},
                                         Variant{-15'000, 10}, Variant{33'000, 0}, Variant{-33'000, 0}));

TEST(Seek, TurnsRoundAtTheItemGivenLast) {
  const auto reader = reader_of(frames_file(5).bytes(), {.any_image_size = true});
  const std::vector<Times> all = all_forwards(*reader);
  reader->rewind();
  EXPECT_EQ(times_of(reader->next_capture()), all[0]);
  EXPECT_EQ(times_of(reader->next_capture()), all[1]);
  EXPECT_EQ(times_of(reader->previous_capture()), all[0]);
  EXPECT_EQ(times_of(reader->next_capture()), all[1]);
  EXPECT_EQ(times_of(reader->next_capture()), all[2]);
  EXPECT_EQ(times_of(reader->previous_capture()), all[1]);
}

TEST(Seek, StaysAtAnEndHoweverOftenItIsReached) {
  const auto reader = reader_of(frames_file(3).bytes(), {.any_image_size = true});
  const std::vector<Times> all = all_forwards(*reader);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(times_of(reader->next_capture()), std::nullopt);
  EXPECT_EQ(times_of(reader->previous_capture()), all[2]);
  reader->rewind();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(times_of(reader->previous_capture()), std::nullopt);
  EXPECT_EQ(times_of(reader->next_capture()), all[0]);
  EXPECT_EQ(times_of(reader->previous_capture()), std::nullopt);
  EXPECT_EQ(times_of(reader->next_capture()), all[0]);
  reader->seek(device_time_us(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(times_of(reader->next_capture()), std::nullopt);
  EXPECT_EQ(times_of(reader->previous_capture()), all[2]);
  reader->seek(device_time_us(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(times_of(reader->previous_capture()), std::nullopt);
  EXPECT_EQ(times_of(reader->next_capture()), all[0]);
}

// SEEK_END: one length and 1 us back is the start, X less is the same place as X from the start.
TEST(Seek, CountsFromTheEndAsFromTheStart) {
  const auto reader = reader_of(frames_file(20).bytes(), {.any_image_size = true});
  const std::int64_t length = count_us(reader->length());
  EXPECT_EQ(length, 19 * kPeriod + 3 * 3);
  for (std::int64_t time :
       {std::int64_t{0}, kPeriod, 3 * kPeriod + 4, 3 * kPeriod + 10, length, length + 1}) {
    reader->seek(device_time_us(kOffset + time));
    const auto from_start = times_of(reader->next_capture());
    reader->seek_end(device_us(length + 1 - time));
    EXPECT_EQ(times_of(reader->next_capture()), from_start) << time;
  }
  reader->seek_end(device_us(length * 3));
  EXPECT_EQ(times_of(reader->previous_capture()), std::nullopt);
}

TEST(Seek, GivesCapturesOfOneTrackWhereTheOthersEndEarly) {
  MadeFile file = frames_file(200);
  for (std::size_t i = 20; i < file.clusters.size(); ++i)
    std::erase_if(file.clusters[i],
                  [&](const MadeBlock& b) { return b.track != 1 && file.clusters[i].size() > 1; });
  file.cue_every = 30;
  const auto reader = reader_of(file.bytes(), {.any_image_size = true});
  const std::vector<Times> all = all_forwards(*reader);
  EXPECT_EQ(all_backwards(*reader), all);
  EXPECT_GT(all.size(), 150U);
}

// Images 16 ms after those of the other track, as where the depth delay's tag is missing: runs without an
// end.
TEST(Seek, GivesEveryImageOnceWhereFrameTimesMakeNoSense) {
  MadeFile file = frames_file(0);
  std::int64_t time = 0;
  for (int i = 0; i < 300; ++i, time += 11'000 + i % 5 * 900)
    file.clusters.push_back({{static_cast<std::uint64_t>(1 + i % 3 * i % 3), time, {"pixels"}}});
  const auto reader = reader_of(file.bytes(), {.any_image_size = true});
  for (const std::vector<Times>& captures : {all_forwards(*reader), all_backwards(*reader)}) {
    std::multiset<std::int64_t> images;
    for (const Times& capture : captures)
      for (std::int64_t image : capture)
        if (image != 0) images.insert(image);
    EXPECT_EQ(images.size(), 300U);
    EXPECT_EQ(std::set<std::int64_t>(images.begin(), images.end()).size(), 300U);
  }
}

class RecordedTake : public testing::TestWithParam<bool> {
 protected:
  RecordedTake() : content_(test::synthetic_take(test::small_config(), true, 40)) {
    const RecordingInfo info = test::synthetic_info(test::small_config(), true);
    file_ = (GetParam() ? test::record(info, content_) : test::record_unfinished(info, content_)).value();
  }

  const TakeContent content_;
  Bytes file_;
};

TEST_P(RecordedTake, HasEverythingBackwardsToo) {
  const auto reader = reader_of(file_);
  reader->seek_end();
  for (std::size_t i = content_.captures.size(); i-- > 0;) {
    const auto capture = reader->previous_capture();
    ASSERT_TRUE(capture && *capture) << i;
    EXPECT_TRUE(test::same_capture(**capture, content_.captures[i])) << i;
  }
  EXPECT_FALSE(reader->previous_capture().value());
  for (std::size_t i = content_.imu.size(); i-- > 0;) {
    const auto sample = reader->previous_imu_sample();
    ASSERT_TRUE(sample && *sample) << i;
    EXPECT_TRUE(test::same_sample(**sample, content_.imu[i])) << i;
  }
  EXPECT_FALSE(reader->previous_imu_sample().value());
  EXPECT_THAT(reader->problems(), testing::IsEmpty());
}

TEST_P(RecordedTake, GivesTheExactSampleAfterASeek) {
  const auto reader = reader_of(file_);
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::size_t i = random() % content_.imu.size();
    const int aside = static_cast<int>(random() % 201) - 100;
    const DeviceTime time = content_.imu[i].accel_time + device_us(aside);
    const std::size_t next = aside > 0 ? i + 1 : i;
    reader->seek(time);
    const auto found = reader->next_imu_sample().value();
    ASSERT_EQ(found.has_value(), next < content_.imu.size());
    if (found) {
      EXPECT_EQ(found->accel_time, content_.imu[next].accel_time);
    }
    reader->seek(time);
    const auto before = reader->previous_imu_sample().value();
    ASSERT_EQ(before.has_value(), next > 0);
    if (before) {
      EXPECT_EQ(before->accel_time, content_.imu[next - 1].accel_time);
    }
  }
}

TEST_P(RecordedTake, KeepsThePositionsOfStreamsApart) {
  const auto reader = reader_of(file_);
  reader->seek(content_.captures[20].color->device_time);
  EXPECT_TRUE(test::same_capture(reader->next_capture().value().value(), content_.captures[20]));
  const auto sample = reader->next_imu_sample().value();
  ASSERT_TRUE(sample);
  EXPECT_GE(sample->accel_time, content_.captures[20].color->device_time);
  EXPECT_LT(sample->accel_time, content_.captures[20].color->device_time + device_us(600));
  EXPECT_TRUE(test::same_capture(reader->next_capture().value().value(), content_.captures[21]));
}

TEST_P(RecordedTake, IsAsLongAsItsLastSample) {
  const auto reader = reader_of(file_);
  DeviceTime last = content_.imu.back().accel_time;
  last = std::max(last, content_.captures.back().color->device_time);
  EXPECT_EQ(reader->length(), last - content_.imu.front().accel_time);
}

TEST_P(RecordedTake, LetsPicturesOutliveTheReader) {
  std::optional<Capture> capture;
  {
    const auto reader = reader_of(file_);
    reader->seek(content_.captures[7].color->device_time);
    capture = reader->next_capture().value();
    for (int i = 0; i < 10; ++i) (void)reader->next_capture();
  }
  ASSERT_TRUE(capture);
  EXPECT_TRUE(test::same_capture(*capture, content_.captures[7]));
}

INSTANTIATE_TEST_SUITE_P(Recording, RecordedTake, testing::Values(true, false));

}  // namespace
}  // namespace genlock::recording
