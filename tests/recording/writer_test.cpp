// What the writer takes, refuses, counts and reports.

#include "recording/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::KeptSink;
using test::TakeContent;

/// Blocks every append after the header until it is let go, as a disk that hangs.
class HangingSink final : public ByteSink {
 public:
  struct Gate {
    Mutex mutex;
    CondVar opened;
    bool open GENLOCK_GUARDED_BY(mutex) = false;

    void let_go() {
      MutexLock lock(mutex);
      open = true;
      opened.notify_all();
    }
  };

  HangingSink(std::shared_ptr<MemorySink> kept, Gate& gate) : kept_(std::move(kept)), gate_(gate) {}

  Status append(ByteSpan bytes) override {
    if (kept_->size() > 0) wait();
    return kept_->append(bytes);
  }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return kept_->write_at(offset, bytes); }
  Status sync() override { return {}; }
  Status truncate(std::uint64_t size) override { return kept_->truncate(size); }
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return kept_->size(); }

 private:
  void wait() {
    MutexLock lock(gate_.mutex);
    while (!gate_.open) gate_.opened.wait(gate_.mutex);
  }

  std::shared_ptr<MemorySink> kept_;
  Gate& gate_;
};

class WriterTest : public testing::Test {
 protected:
  std::unique_ptr<Writer> make(const RecordingInfo& info, WriterOptions options = test::fixed_options()) {
    Result<std::unique_ptr<Writer>> writer =
        Writer::create(std::make_unique<KeptSink>(memory_), info, std::move(options));
    EXPECT_TRUE(writer) << writer.error().message();
    return *std::move(writer);
  }

  /// One whose disk hangs after the header, with room for `queue` bytes.
  std::unique_ptr<Writer> make_hanging(HangingSink::Gate& gate, std::size_t queue = kSmallQueue) {
    WriterOptions options = test::fixed_options();
    options.max_queued_bytes = queue;
    Result<std::unique_ptr<Writer>> writer =
        Writer::create(std::make_unique<HangingSink>(memory_, gate), info_, std::move(options));
    EXPECT_TRUE(writer) << writer.error().message();
    return *std::move(writer);
  }

  test::Playback finish(Writer& writer) {
    const Status closed = writer.close();
    EXPECT_TRUE(closed) << closed.error().message();
    Result<test::Playback> played = test::play(memory_->bytes());
    EXPECT_TRUE(played) << played.error().message();
    return *std::move(played);
  }

  static constexpr std::size_t kSmallQueue = 2'000'000;
  const CameraConfig config_ = test::small_config();
  RecordingInfo info_ = test::synthetic_info(config_, true);
  const std::shared_ptr<MemorySink> memory_ = std::make_shared<MemorySink>();
};

// Uncompressed images of the largest modes have 33 and 50 MB.
TEST_F(WriterTest, CountsTheMemoryThatLargeClustersArePutTogetherIn) {
  constexpr std::size_t kItem = 10'000'000, kBound = 101'000'000;
  info_.custom_tracks = {{.name = "SCAN", .codec_id = "S_X", .codec_private = {}}};
  const Buffer item = Buffer::from_vector(std::vector<std::byte>(kItem));
  HangingSink::Gate gate;
  const auto writer = make_hanging(gate, kBound);
  std::size_t taken = 0;
  while (writer->write("SCAN", device_time_us(1'000'000 + static_cast<std::int64_t>(taken) * 40'000), item))
    ++taken;
  gate.let_go();
  EXPECT_GE(taken, 8U);
  EXPECT_LE(taken * kItem + staging_bytes(kItem), kBound + kLeastStaging);
  EXPECT_EQ(writer->counters().custom[0].refused, 1U);
  ASSERT_TRUE(writer->close());
}

TEST_F(WriterTest, TakesAnImageThatHardlyFitsItsBound) {
  info_.custom_tracks = {{.name = "SCAN", .codec_id = "S_X", .codec_private = {}}};
  WriterOptions options = test::fixed_options();
  options.max_queued_bytes = 12'000'000;
  const auto writer = make(info_, options);
  const Buffer item = Buffer::from_vector(std::vector<std::byte>(10'000'000));
  for (std::int64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(writer->wait_for_room(item.size(), kNoDeadline));
    EXPECT_TRUE(writer->write("SCAN", device_time_us(1'000'000 + i * 500'000), item));
  }
  ASSERT_TRUE(writer->close());
}

TEST_F(WriterTest, WritesTheHeaderAtOnce) {
  const auto writer = make(info_);
  EXPECT_GT(writer->counters().bytes_on_disk, 1000U);
  FaultySink broken(*memory_, {.capacity = std::nullopt, .fail_call = 0});
  const auto refused = Writer::create(
      std::make_unique<KeptSink>(std::shared_ptr<ByteSink>(&broken, [](ByteSink*) {})), info_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::io);
}

TEST_F(WriterTest, SortsWhatComesWithinTheHoldBack) {
  TakeContent content = test::synthetic_take(config_, true, 30);
  const auto writer = make(info_);
  // Every group of five captures backwards: up to 133 ms of disorder.
  for (std::size_t group = 0; group < 6; ++group)
    for (std::size_t i = 5; i-- > 0;) ASSERT_TRUE(writer->write(content.captures[group * 5 + i]));
  const test::Playback file = finish(*writer);
  ASSERT_EQ(file.captures.size(), 30U);
  for (std::size_t i = 0; i < 30; ++i)
    EXPECT_TRUE(test::same_capture(file.captures[i], content.captures[i])) << i;
  EXPECT_TRUE(std::ranges::is_sorted(file.survey.frames, {}, &FrameEntry::device_time));
}

TEST_F(WriterTest, RefusesWhatComesTooLateAndKeepsTheOrder) {
  const auto writer = make(info_);
  Capture capture = test::synthetic_capture(config_, device_time_us(2'000'000), 1);
  ASSERT_TRUE(writer->write(capture));
  Capture late = test::synthetic_capture(config_, device_time_us(1'000'000), 2);
  const Status status = writer->write(late);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Errc::too_late);
  EXPECT_EQ(writer->counters().color.refused, 1U);
  EXPECT_EQ(writer->counters().depth.refused, 1U);
  EXPECT_EQ(writer->counters().ir.refused, 1U);
  const test::Playback file = finish(*writer);
  ASSERT_EQ(file.captures.size(), 1U);
  EXPECT_TRUE(test::same_capture(file.captures[0], capture));
}

// The images of one capture may be further apart than the hold-back: the older ones are refused, never
// misplaced.
TEST_F(WriterTest, RefusesTheOldImageOfACaptureOnly) {
  const auto writer = make(info_);
  Capture capture = test::synthetic_capture(config_, device_time_us(2'000'000), 1);
  capture.depth->device_time = capture.ir->device_time = device_time_us(1'000'000);
  const Status status = writer->write(capture);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Errc::too_late);
  const WriterCounters counters = writer->counters();
  EXPECT_EQ(counters.color.written, 1U);
  EXPECT_EQ(counters.depth.refused + counters.ir.refused, 2U);
  EXPECT_EQ(finish(*writer).survey.frames.size(), 1U);
}

TEST_F(WriterTest, RefusesImagesThatDoNotFitTheirTrack) {
  const auto writer = make(info_);
  Capture capture = test::synthetic_capture(config_, device_time_us(1'000'000), 1);
  capture.color->format = PixelFormat::nv12;
  capture.depth->data = capture.depth->data.slice(0, 100);
  const Status status = writer->write(capture);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Errc::invalid);
  EXPECT_EQ(writer->counters().color.refused, 1U);
  EXPECT_EQ(writer->counters().depth.refused, 1U);
  EXPECT_EQ(writer->counters().ir.written, 1U);
}

TEST_F(WriterTest, RefusesTracksThatTheRecordingHasNot) {
  RecordingInfo info = test::synthetic_info(config_, false);
  info.depth_track = false;
  const auto writer = make(info);
  EXPECT_EQ(writer->write(test::synthetic_imu(device_time_us(1'000), 1)).error().code(), Errc::invalid);
  Capture capture = test::synthetic_capture(config_, device_time_us(1'000'000), 1);
  EXPECT_EQ(writer->write(capture).error().code(), Errc::invalid);
  EXPECT_EQ(writer->counters().color.written, 1U);
}

TEST_F(WriterTest, RefusesTimesThatNoDeviceHas) {
  const auto writer = make(info_);
  for (const DeviceTime time : {device_time_us(-1), device_time_us(std::int64_t{1} << 52)}) {
    const Status status = writer->write(test::synthetic_capture(config_, time, 1));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code(), Errc::invalid);
  }
}

TEST_F(WriterTest, RefusesAnInfoThatContradictsItself) {
  RecordingInfo no_tracks = info_;
  no_tracks.color_track = no_tracks.depth_track = no_tracks.ir_track = no_tracks.imu_track = false;
  RecordingInfo no_depth = info_;
  no_depth.config.depth_mode = DepthMode::passive_ir;
  RecordingInfo bad_tag = info_;
  bad_tag.tags["lower case"] = "x";
  for (const RecordingInfo& info : {no_tracks, no_depth, bad_tag}) {
    const auto writer = Writer::create(std::make_unique<KeptSink>(memory_), info, {});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code(), Errc::invalid);
  }
  EXPECT_EQ(memory_->size(), 0U);
}

TEST_F(WriterTest, RefusesAndCountsWhenTheDiskIsTooSlow) {
  HangingSink::Gate gate;
  const auto made = make_hanging(gate);
  Writer& writer = *made;
  const TakeContent content = test::synthetic_take(config_, false, 20);
  std::uint64_t refusals = 0;
  for (const Capture& capture : content.captures) {
    const Status status = writer.write(capture);
    if (status) continue;
    EXPECT_EQ(status.error().code(), Errc::overflow);
    ++refusals;
  }
  const WriterCounters counters = writer.counters();
  EXPECT_GT(refusals, 0U);
  EXPECT_EQ(counters.depth.written + counters.depth.refused, 20U);
  EXPECT_GT(counters.depth.refused, 0U);
  EXPECT_LE(counters.bytes_queued, kSmallQueue);
  gate.let_go();
  const test::Playback file = finish(writer);
  const auto frames = [&](TrackKind track) {
    return static_cast<std::uint64_t>(std::ranges::count(file.survey.frames, track, &FrameEntry::track));
  };
  EXPECT_EQ(frames(TrackKind::depth), counters.depth.written);
  EXPECT_EQ(frames(TrackKind::color), counters.color.written);
  EXPECT_EQ(frames(TrackKind::ir), counters.ir.written);
}

// Verifying a take depends on them, and they are tiny.
TEST_F(WriterTest, TakesRecordsWhenTheDiskIsTooSlowForFrames) {
  HangingSink::Gate gate;
  const auto made = make_hanging(gate);
  Writer& writer = *made;
  std::uint64_t refusals = 0;
  for (const Capture& capture : test::synthetic_take(config_, false, 20).captures)
    refusals += !writer.write(capture);
  EXPECT_GT(refusals, 0U);
  const std::size_t frames_queued = writer.counters().bytes_queued;
  for (int i = 0; i < 5000; ++i) {
    EXPECT_TRUE(writer.write(HostPair{device_time_us(1'600'000 + i), HostTime{}, WallTime{}}));
    EXPECT_TRUE(writer.write(JackObservation{device_time_us(1'600'000 + i), SyncJacks{}}));
  }
  EXPECT_EQ(writer.counters().bytes_queued, frames_queued);
  gate.let_go();
  const test::Playback file = finish(writer);
  EXPECT_EQ(file.survey.host_pairs.size(), 5000U);
  EXPECT_EQ(file.survey.jacks.size(), 5000U);
  EXPECT_EQ(writer.counters().bytes_queued, 0U);
}

TEST_F(WriterTest, BoundsTheRecordsThatWait) {
  const auto writer = make(info_);
  const JackObservation jacks{device_time_us(5), SyncJacks{}};
  std::size_t taken = 0;
  Status status;
  for (; taken < 1'000'000 && (status = writer->write(jacks)); ++taken) {
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Errc::overflow);
  ASSERT_TRUE(writer->write(test::synthetic_capture(config_, device_time_us(1'000'000), 1)));
  EXPECT_EQ(finish(*writer).survey.jacks.size(), taken);
}

TEST_F(WriterTest, KeepsHostPairsAndJacks) {
  const TakeContent content = test::synthetic_take(config_, true, 40);
  const Result<std::vector<std::byte>> bytes = test::record(info_, content);
  ASSERT_TRUE(bytes);
  const Result<test::Playback> file = test::play(*bytes);
  ASSERT_TRUE(file);
  ASSERT_EQ(file->survey.host_pairs.size(), 2U);
  EXPECT_EQ(file->survey.host_pairs[1].device, content.host_pairs[1].device);
  EXPECT_EQ(file->survey.host_pairs[1].monotonic, content.host_pairs[1].monotonic);
  EXPECT_EQ(file->survey.host_pairs[1].utc, content.host_pairs[1].utc);
  ASSERT_EQ(file->survey.jacks.size(), 2U);
  EXPECT_EQ(file->survey.jacks[0].jacks, content.jacks[0].jacks);
  EXPECT_EQ(file->survey.jacks[1].jacks, content.jacks[1].jacks);
  EXPECT_EQ(file->info.host.name, info_.host.name);
  EXPECT_EQ(file->info.host.boot_id, info_.host.boot_id);
  EXPECT_TRUE(file->info.simulated);
}

TEST_F(WriterTest, TakesRecordsBeforeTheFirstFrame) {
  const auto writer = make(info_);
  ASSERT_TRUE(writer->write(HostPair{device_time_us(5), HostTime{}, WallTime{}}));
  ASSERT_TRUE(writer->write(test::synthetic_capture(config_, device_time_us(1'000'000), 1)));
  const test::Playback file = finish(*writer);
  ASSERT_EQ(file.survey.host_pairs.size(), 1U);
  EXPECT_EQ(file.survey.host_pairs[0].device, device_time_us(5));
}

TEST_F(WriterTest, CanBeClosedTwiceAndWithoutData) {
  const auto writer = make(info_);
  EXPECT_TRUE(writer->close());
  EXPECT_TRUE(writer->close());
  EXPECT_EQ(writer->write(test::synthetic_capture(config_, device_time_us(1), 1)).error().code(),
            Errc::state);
}

TEST_F(WriterTest, KeepsTheUsersTags) {
  RecordingInfo info = info_;
  info.tags = {{"TAKE", "7"}, {"K4A_DEVICE_SERIAL_NUMBER", "not this one"}};
  const auto writer = make(info);
  ASSERT_TRUE(writer->write(test::synthetic_capture(config_, device_time_us(1'000'000), 1)));
  const test::Playback file = finish(*writer);
  EXPECT_EQ(file.info.tags.at("TAKE"), "7");
  EXPECT_EQ(file.info.serial, info_.serial);
}

// Device time is 64 bits wide; the stock API cuts its start offset to 32.
TEST_F(WriterTest, RecordsDeviceTimesBeyond71Minutes) {
  const auto writer = make(info_);
  const Capture capture = test::synthetic_capture(config_, device_time_us(std::int64_t{1} << 40), 1);
  ASSERT_TRUE(writer->write(capture));
  const test::Playback file = finish(*writer);
  ASSERT_EQ(file.captures.size(), 1U);
  EXPECT_EQ(file.captures[0].depth->device_time, capture.depth->device_time);
  EXPECT_EQ(file.info.start_offset, capture.depth->device_time);
}

// More than 256 samples do not fit into one lace.
TEST_F(WriterTest, SplitsDenseSamplesIntoSeveralBlocks) {
  const auto writer = make(info_);
  const std::vector<ImuSample> samples = test::synthetic_imu(device_time_us(1'000'000), 3000, device_us(10));
  ASSERT_TRUE(writer->write(samples));
  const test::Playback file = finish(*writer);
  ASSERT_EQ(file.imu.size(), samples.size());
  EXPECT_TRUE(std::ranges::equal(file.imu, samples, test::same_sample));
}

}  // namespace
}  // namespace genlock::recording
