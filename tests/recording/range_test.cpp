// Reading with range-based for.

#include <gtest/gtest.h>

#include "made_file.h"
#include "recording/reader.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

/// Fails once reading has come to a place.
class BreakingSource final : public ByteSource {
 public:
  BreakingSource(std::vector<std::byte> bytes, std::uint64_t breaks_at)
      : bytes_(std::move(bytes)), breaks_at_(breaks_at) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    if (offset + out.size() > breaks_at_ && offset < bytes_.size())
      return Error(Errc::io, "injected fault: Input/output error");
    return bytes_.read_at(offset, out);
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const MemorySource bytes_;
  const std::uint64_t breaks_at_;
};

class Ranges : public testing::Test {
 protected:
  const test::TakeContent content_ = test::synthetic_take(test::small_config(), true, 12);
  const std::vector<std::byte> file_ =
      test::record_unfinished(test::synthetic_info(test::small_config(), true), content_).value();
};

TEST_F(Ranges, GiveEveryItemFromThePositionOn) {
  const auto reader = Reader::open(std::make_unique<MemorySource>(file_)).value();
  (void)reader->next_capture();
  std::size_t captures = 1;
  for (const Result<Capture>& capture : reader->captures())
    EXPECT_TRUE(test::same_capture(capture.value(), content_.captures[captures++]));
  EXPECT_EQ(captures, content_.captures.size());
  std::size_t samples = 0;
  for (const Result<ImuSample>& sample : reader->imu_samples())
    EXPECT_TRUE(test::same_sample(sample.value(), content_.imu[samples++]));
  EXPECT_EQ(samples, content_.imu.size());
}

TEST_F(Ranges, EndWithTheError) {
  // Without a GENLOCK track, which is looked at ahead of the images.
  test::MadeFile made;
  made.attachments = {{"calibration.json", "{}"}};  // else opening looks for it in the whole file
  made.tracks = {test::video_track(1, "COLOR", PixelFormat::mjpg, {1280, 720}, 30)};
  for (std::int64_t i = 0; i < 12; ++i) made.clusters.push_back({{1, i * 33'333, {std::string(10'000, 'x')}}});
  const std::vector<std::byte> file = made.bytes();
  const auto reader = Reader::open(std::make_unique<BreakingSource>(file, file.size() / 2)).value();
  std::size_t good = 0, bad = 0;
  for (const Result<Capture>& capture : reader->captures()) ++(capture ? good : bad);
  EXPECT_GT(good, 1U);
  EXPECT_LT(good, 12U);
  EXPECT_EQ(bad, 1U);
}

TEST_F(Ranges, SayThatThereIsNoSuchTrack) {
  const auto reader = Reader::open(std::make_unique<MemorySource>(file_)).value();
  std::size_t errors = 0;
  for (const Result<DataBlock>& data : reader->data("NONE")) errors += data.error().code() == Errc::not_found;
  EXPECT_EQ(errors, 1U);
}

}  // namespace
}  // namespace genlock::recording
