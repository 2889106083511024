// Recordings that are complete in the middle, and writers that wait for a slow disk.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::KeptSink;
using test::Playback;
using test::TakeContent;

class Flush : public testing::Test {
 protected:
  std::unique_ptr<Writer> make(WriterOptions options = test::fixed_options()) {
    auto writer = Writer::create(std::make_unique<KeptSink>(memory_), info_, std::move(options));
    EXPECT_TRUE(writer) << writer.error().message();
    return *std::move(writer);
  }

  /// The file as it is on the disk. Only while the writer has nothing to write.
  Playback play() {
    Result<Playback> played = test::play(memory_->bytes());
    EXPECT_TRUE(played) << played.error().message();
    return played ? *std::move(played) : Playback();
  }

  void expect_first(std::size_t count, const Playback& file) {
    ASSERT_EQ(file.captures.size(), count);
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_TRUE(test::same_capture(file.captures[i], content_.captures[i])) << i;
    EXPECT_TRUE(std::ranges::is_sorted(file.survey.frames, {}, &FrameEntry::device_time));
  }

  const CameraConfig config_ = test::small_config();
  const RecordingInfo info_ = test::synthetic_info(config_, true);
  const TakeContent content_ = test::synthetic_take(config_, true, 24);
  const std::shared_ptr<MemorySink> memory_ = std::make_shared<MemorySink>();
};

TEST_F(Flush, MakesTheFileCompleteAndTheRecordingGoesOnInIt) {
  const auto writer = make();
  std::size_t samples = 0;
  for (std::size_t i = 0; i < 24; ++i) {
    ASSERT_TRUE(writer->write(content_.captures[i]));
    ASSERT_TRUE(writer->write(test::synthetic_imu(earliest_time(content_.captures[i]), 5)));
    samples += 5;
    if (i % 8 != 7) continue;
    const Status flushed = writer->flush();
    ASSERT_TRUE(flushed) << flushed.error().message();
    EXPECT_EQ(writer->counters().bytes_queued, 0U);
    const Playback file = play();
    expect_first(i + 1, file);
    EXPECT_EQ(file.imu.size(), samples);
    ASSERT_TRUE(file.survey.duration);
    EXPECT_EQ(*file.survey.duration, file.imu.back().accel_time - file.info.start_offset);
  }
  ASSERT_TRUE(writer->close());
  const Playback file = play();
  expect_first(24, file);
  EXPECT_TRUE(file.survey.finalised);
  EXPECT_TRUE(file.survey.problems.empty());
}

// The C ABI's promise: data of the last two seconds in any order, until a flush.
TEST_F(Flush, WritesWhatIsHeldBackInOrder) {
  WriterOptions options = test::fixed_options();
  options.hold_back = device_us(2'000'000);
  const auto writer = make(options);
  std::vector<Capture> shuffled = content_.captures;
  std::ranges::shuffle(shuffled, std::mt19937(1));
  for (const Capture& capture : shuffled) ASSERT_TRUE(writer->write(capture));
  ASSERT_TRUE(writer->flush());
  expect_first(24, play());
}

TEST_F(Flush, TakesOnlyLaterDataAfterwards) {
  const auto writer = make();
  ASSERT_TRUE(writer->write(content_.captures[1]));
  ASSERT_TRUE(writer->flush());
  const DeviceTime newest = content_.captures[1].depth->device_time;
  ImuSample sample = content_.imu[0];
  for (const DeviceTime time : {newest, newest - device_us(1)}) {
    sample.accel_time = time;
    EXPECT_EQ(writer->write({&sample, 1}).error().code(), Errc::too_late);
  }
  sample.accel_time = newest + device_us(1);
  EXPECT_TRUE(writer->write({&sample, 1}));
  EXPECT_EQ(writer->write(content_.captures[0]).error().code(), Errc::too_late);
  ASSERT_TRUE(writer->close());
  const Playback file = play();
  EXPECT_EQ(file.captures.size(), 1U);
  ASSERT_EQ(file.imu.size(), 1U);
  EXPECT_EQ(file.imu[0].accel_time, sample.accel_time);
}

TEST_F(Flush, IsNothingWhereThereIsNothingNew) {
  const auto writer = make();
  ASSERT_TRUE(writer->flush());
  const std::uint64_t header = memory_->size();
  ASSERT_TRUE(writer->flush());
  EXPECT_EQ(memory_->size(), header);
  ASSERT_TRUE(writer->write(content_.captures[0]));
  ASSERT_TRUE(writer->flush());
  const std::uint64_t size = memory_->size();
  ASSERT_TRUE(writer->flush());
  EXPECT_EQ(memory_->size(), size);
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(writer->flush().error().code(), Errc::state);
}

TEST_F(Flush, ReturnsWhateverTheDiskSays) {
  for (std::uint64_t call = 2; call < 9; ++call) {  // the header is the first two
    MemorySink memory;
    FaultySink sink(memory, {.capacity = std::nullopt, .fail_call = call});
    const auto writer =
        Writer::create(std::make_unique<KeptSink>(std::shared_ptr<ByteSink>(&sink, [](ByteSink*) {})), info_,
                       test::fixed_options());
    ASSERT_TRUE(writer);
    Status first;
    for (const Capture& capture : content_.captures) {
      const Status status = (*writer)->write(capture);
      if (first && !status) first = status;
    }
    const Status flushed = (*writer)->flush();
    if (sink.calls() <= call) continue;
    ASSERT_FALSE(flushed) << "call " << call;
    EXPECT_EQ(flushed.error().code(), Errc::io);
    EXPECT_EQ((*writer)->close().error().message(), flushed.error().message());
  }
}

// Whoever converts files reads faster than a disk can write, and must lose nothing.
TEST_F(Flush, IsNotNeededByWhoeverWaitsForRoom) {
  WriterOptions options = test::fixed_options();
  options.hold_back = device_us(2'000'000);  // more than the queue can hold
  options.max_queued_bytes = 2'500'000;
  const auto writer = make(options);
  std::size_t bytes = 0;
  for (const Capture& capture : content_.captures) {
    const std::size_t needed =
        capture.color->data.size() + capture.depth->data.size() + capture.ir->data.size();
    ASSERT_TRUE(writer->wait_for_room(needed, kNoDeadline));
    const Status status = writer->write(capture);
    ASSERT_TRUE(status) << status.error().message();
    EXPECT_LE(writer->counters().bytes_queued, options.max_queued_bytes);
    bytes += needed;
  }
  EXPECT_GT(bytes, 2 * options.max_queued_bytes);
  ASSERT_TRUE(writer->close());
  expect_first(24, play());
}

TEST_F(Flush, OrRoomThatCannotComeIsNotWaitedFor) {
  WriterOptions options = test::fixed_options();
  options.max_queued_bytes = 1'000'000;
  const auto writer = make(options);
  EXPECT_FALSE(writer->wait_for_room(1'000'001, kNoDeadline));
  EXPECT_TRUE(writer->wait_for_room(900'000, HostTime{}));
  ASSERT_TRUE(writer->close());
}

}  // namespace
}  // namespace genlock::recording
