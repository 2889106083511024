// Recordings in several files.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mkv/element_reader.h"
#include "recording/file_contents.h"
#include "recording/format.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::KeptSink;
using test::Playback;
using test::TakeContent;
using Bytes = std::vector<std::byte>;
using Id = mkv::ElementId;

/// The files of one recording, in memory.
class Parts {
 public:
  std::unique_ptr<ByteSink> add() {
    files_.push_back(std::make_shared<MemorySink>());
    return std::make_unique<KeptSink>(files_.back());
  }
  SplitRule rule(std::uint64_t bytes, DeviceDuration duration) {
    return {.bytes = bytes,
            .duration = duration,
            .next_part = [this](std::uint32_t part) -> Result<std::unique_ptr<ByteSink>> {
              EXPECT_EQ(part, files_.size() + 1);
              return add();
            }};
  }
  std::size_t size() const { return files_.size(); }
  const Bytes& operator[](std::size_t i) const { return files_.at(i)->bytes(); }

  std::vector<Playback> play() const {
    std::vector<Playback> all;
    for (const auto& file : files_) {
      Result<Playback> played = test::play(file->bytes());
      EXPECT_TRUE(played) << played.error().message();
      if (played) all.push_back(*std::move(played));
    }
    return all;
  }

 private:
  std::vector<std::shared_ptr<MemorySink>> files_;
};

/// A child of Info, as bytes; empty if it is not there.
Bytes info_element(const Bytes& file, Id id) {
  const MemorySource source(file);
  mkv::Input input(source);
  const auto contents = read_contents(input);
  EXPECT_TRUE(contents);
  mkv::Children top(input, contents->segment);
  while (const auto element = top.next()) {
    if (element->id != Id::info) continue;
    mkv::Children fields(input, *element);
    while (const auto field = fields.next())
      if (field->id == id) return mkv::binary_value(input, *field, 100).value_or(Bytes());
    return {};
  }
  return {};
}

CameraConfig color_only() {
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::off;
  return config;
}

WriterOptions split(SplitRule rule) {
  WriterOptions options = test::fixed_options();
  options.split = std::move(rule);
  return options;
}

/// Every frame is in one part, in order, and every part is a whole recording.
void expect_all(const std::vector<Playback>& parts, const TakeContent& content) {
  std::vector<Capture> captures;
  std::vector<ImuSample> imu;
  for (const Playback& part : parts) {
    EXPECT_TRUE(part.survey.finalised);
    EXPECT_TRUE(part.survey.problems.empty());
    ASSERT_FALSE(part.captures.empty());
    EXPECT_LE(part.info.start_offset, earliest_time(part.captures.front()));
    captures.insert(captures.end(), part.captures.begin(), part.captures.end());
    imu.insert(imu.end(), part.imu.begin(), part.imu.end());
  }
  ASSERT_EQ(captures.size(), content.captures.size());
  for (std::size_t i = 0; i < captures.size(); ++i)
    EXPECT_TRUE(test::same_capture(captures[i], content.captures[i])) << i;
  ASSERT_EQ(imu.size(), content.imu.size());
  for (std::size_t i = 0; i < imu.size(); ++i) EXPECT_TRUE(test::same_sample(imu[i], content.imu[i])) << i;
}

TEST(Split, ByTimeLosesNothing) {
  const CameraConfig config = color_only();
  const TakeContent content = test::synthetic_take(config, true, 300);
  Parts parts;
  ASSERT_TRUE(test::record_into(parts.add(), test::synthetic_info(config, true), content,
                                split(parts.rule(0, device_us(2'000'000)))));
  ASSERT_EQ(parts.size(), 5U);
  const std::vector<Playback> files = parts.play();
  expect_all(files, content);
  for (std::size_t i = 0; i + 1 < files.size(); ++i) {
    const DeviceDuration length = files[i + 1].info.start_offset - files[i].info.start_offset;
    EXPECT_GE(length, device_us(2'000'000));
    EXPECT_LT(length, device_us(2'100'000));
  }
}

TEST(Split, BySizeLosesNothingAndKeepsToIt) {
  const CameraConfig config = test::small_config();
  const TakeContent content = test::synthetic_take(config, true, 60);
  constexpr std::uint64_t kMost = 5'000'000;
  constexpr std::uint64_t kClusterAndIndex = 450'000;
  Parts parts;
  ASSERT_TRUE(test::record_into(parts.add(), test::synthetic_info(config, true), content,
                                split(parts.rule(kMost, {}))));
  ASSERT_GE(parts.size(), 4U);
  expect_all(parts.play(), content);
  for (std::size_t i = 0; i < parts.size(); ++i) EXPECT_LE(parts[i].size(), kMost + kClusterAndIndex);
}

struct Delay {
  FrameRate rate;
  std::int64_t depth_us;
};

class SplitDelays : public testing::TestWithParam<Delay> {};

TEST_P(SplitDelays, TearNoCapture) {
  CameraConfig config = test::small_config();
  config.rate = GetParam().rate;
  config.depth_delay_off_color = device_us(GetParam().depth_us);
  // Starts at all places of a window.
  for (std::int64_t start = 1'000'000; start < 1'032'000; start += 6'000) {
    const TakeContent content = test::synthetic_take(config, false, 14, device_time_us(start));
    Parts parts;
    ASSERT_TRUE(test::record_into(parts.add(), test::synthetic_info(config, false), content,
                                  split(parts.rule(1'000'000, {}))));
    EXPECT_GE(parts.size(), 2U);
    expect_all(parts.play(), content);
  }
}

INSTANTIATE_TEST_SUITE_P(Recording, SplitDelays,
                         testing::Values(Delay{FrameRate::fps30, 0}, Delay{FrameRate::fps30, 160},
                                         Delay{FrameRate::fps30, -16'000}, Delay{FrameRate::fps30, 12'000},
                                         Delay{FrameRate::fps15, 40'000}, Delay{FrameRate::fps5, -100'000}));

// No camera does that, but a part must end all the same.
TEST(Split, GoesThroughImagesThatLeaveNoPlace) {
  const CameraConfig config = color_only();
  TakeContent content;
  for (unsigned i = 0; i < 500; ++i)
    content.captures.push_back(test::synthetic_capture(config, device_time_us(1'000'000 + 10'000 * i), i));
  Parts parts;
  ASSERT_TRUE(test::record_into(parts.add(), test::synthetic_info(config, false), content,
                                split(parts.rule(0, device_us(500'000)))));
  EXPECT_EQ(parts.size(), 2U);
  std::uint64_t frames = 0;
  for (const Playback& part : parts.play()) frames += part.survey.frames.size();
  EXPECT_EQ(frames, 500U);
}

TEST(Split, PartsNameTheirNeighboursAndTheirClock) {
  const CameraConfig config = color_only();
  Parts parts;
  ASSERT_TRUE(test::record_into(parts.add(), test::synthetic_info(config, true),
                                test::synthetic_take(config, true, 120),
                                split(parts.rule(0, device_us(1'000'000)))));
  ASSERT_GE(parts.size(), 3U);
  std::set<Bytes> uids;
  std::set<std::string> clocks;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    uids.insert(info_element(parts[i], Id::segment_uid));
    EXPECT_EQ(info_element(parts[i], Id::prev_uid),
              i == 0 ? Bytes() : info_element(parts[i - 1], Id::segment_uid));
    EXPECT_EQ(info_element(parts[i], Id::next_uid),
              i + 1 == parts.size() ? Bytes() : info_element(parts[i + 1], Id::segment_uid));
    EXPECT_EQ(info_element(parts[i], Id::segment_family), info_element(parts[0], Id::segment_family));
    EXPECT_EQ(info_element(parts[i], Id::segment_family).size(), 16U);
    const Result<Playback> file = test::play(parts[i]);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->info.tags.at("GENLOCK_PART"), std::to_string(i + 1));
    clocks.insert(file->info.tags.at("GENLOCK_CLOCK_ID"));
  }
  EXPECT_EQ(uids.size(), parts.size());
  EXPECT_EQ(clocks.size(), 1U);
  EXPECT_EQ(clocks.begin()->size(), 32U);
}

// Parts of one recording are told from recordings of another run of the unit's clock.
TEST(Split, RestartsHaveAnotherClock) {
  const CameraConfig config = color_only();
  std::set<std::string> clocks;
  for (int run = 0; run < 3; ++run) {
    const auto file = test::record(test::synthetic_info(config, false),
                                   test::synthetic_take(config, false, 3), WriterOptions());
    ASSERT_TRUE(file);
    clocks.insert(test::play(*file)->info.tags.at("GENLOCK_CLOCK_ID"));
  }
  EXPECT_EQ(clocks.size(), 3U);
}

TEST(Split, LeavesTheFinishedPartsWholeWhenTheNextCannotBeMade) {
  const CameraConfig config = color_only();
  const TakeContent content = test::synthetic_take(config, true, 120);
  Parts parts;
  SplitRule rule = parts.rule(0, device_us(1'000'000));
  rule.next_part = [&](std::uint32_t part) -> Result<std::unique_ptr<ByteSink>> {
    if (part == 3) return Error(Errc::exists, "part3.mkv exists already");
    return parts.add();
  };
  const auto writer = Writer::create(parts.add(), test::synthetic_info(config, true), split(rule));
  ASSERT_TRUE(writer);
  for (const Capture& capture : content.captures) (void)(*writer)->write(capture);
  const Status closed = (*writer)->close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code(), Errc::exists);
  EXPECT_NE(closed.error().message().find("part 3"), std::string::npos);
  EXPECT_EQ((*writer)->write(content.captures[0]).error().code(), Errc::exists);
  EXPECT_EQ((*writer)->counters().parts, 2U);
  std::uint64_t frames = 0;
  for (const Playback& part : parts.play()) {
    EXPECT_TRUE(part.survey.finalised);
    frames += part.survey.frames.size();
  }
  EXPECT_EQ((*writer)->counters().color.written, frames);
  EXPECT_TRUE(info_element(parts[1], Id::next_uid).empty());
}

/// A disk that takes clusters and says only later, at the next sync, that none of them got there.
class LateFailure final : public ByteSink {
 public:
  explicit LateFailure(std::unique_ptr<ByteSink> file) : file_(std::move(file)) {}

  Status append(ByteSpan bytes) override { return file_->append(bytes); }
  Status commit(std::size_t bytes) override {
    lost_ += bytes;
    return {};
  }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return file_->write_at(offset, bytes); }
  Status sync() override {
    return lost_ > 0 ? Status(Error(Errc::io, "the disk has lost what was written")) : file_->sync();
  }
  Status truncate(std::uint64_t size) override {
    lost_ = 0;
    return file_->truncate(size);
  }
  Status reserve(std::uint64_t bytes) override { return file_->reserve(bytes); }
  std::uint64_t size() const override { return file_->size() + lost_; }
  std::uint64_t written() const override { return file_->size(); }

 private:
  std::unique_ptr<ByteSink> file_;
  std::uint64_t lost_ = 0;  ///< bytes that were committed
};

TEST(Split, LeavesNoPartWhoseOnlyClusterWasLostLate) {
  const CameraConfig config = color_only();
  const TakeContent content = test::synthetic_take(config, false, 40);
  Parts parts;
  std::vector<std::uint32_t> dropped;
  SplitRule rule = parts.rule(0, device_us(1'000'000));
  rule.next_part = [&](std::uint32_t) -> Result<std::unique_ptr<ByteSink>> {
    return std::make_unique<LateFailure>(parts.add());
  };
  rule.drop_part = [&](std::uint32_t part) { dropped.push_back(part); };
  const auto writer = Writer::create(parts.add(), test::synthetic_info(config, false), split(rule));
  ASSERT_TRUE(writer);
  for (const Capture& capture : content.captures) (void)(*writer)->write(capture);
  EXPECT_EQ((*writer)->close().error().code(), Errc::io);
  EXPECT_EQ(dropped, std::vector<std::uint32_t>{2});
  EXPECT_EQ((*writer)->counters().parts, 1U);
  EXPECT_TRUE(info_element(parts[0], Id::next_uid).empty());
  const Result<Playback> first = test::play(parts[0]);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->survey.finalised);
  EXPECT_EQ((*writer)->counters().color.written, first->survey.frames.size());
}

TEST(Split, KeepsWhatIsInPartsWhenTheDiskFailsAtAnyCall) {
  const CameraConfig config = color_only();
  const TakeContent content = test::synthetic_take(config, false, 70);
  for (std::uint64_t call = 2; call < 31; ++call) {  // the header is the first two
    Parts parts;
    std::vector<std::unique_ptr<FaultySink>> disks;
    std::vector<std::unique_ptr<ByteSink>> files;
    const auto add = [&]() -> std::unique_ptr<ByteSink> {
      files.push_back(parts.add());
      // Later parts have a disk that fails from its first call on.
      const std::uint64_t fail = files.size() == 1 ? call : 0;
      disks.push_back(std::make_unique<FaultySink>(
          *files.back(), FaultySink::Faults{.capacity = std::nullopt, .fail_call = fail}));
      return std::make_unique<KeptSink>(std::shared_ptr<ByteSink>(disks.back().get(), [](ByteSink*) {}));
    };
    SplitRule rule{.bytes = 0, .duration = device_us(1'000'000), .next_part = nullptr};
    rule.next_part = [&](std::uint32_t) -> Result<std::unique_ptr<ByteSink>> { return add(); };
    const auto writer = Writer::create(add(), test::synthetic_info(config, false), split(rule));
    ASSERT_TRUE(writer);
    for (const Capture& capture : content.captures) (void)(*writer)->write(capture);
    EXPECT_EQ((*writer)->close().error().code(), Errc::io) << call;
    const Result<Playback> first = test::play(parts[0]);
    if (!first) continue;  // not even the start offset
    EXPECT_LE((*writer)->counters().color.written, first->survey.frames.size()) << call;
  }
}

TEST(Split, NeedsFilesForItsParts) {
  WriterOptions options = test::fixed_options();
  options.split.bytes = 1'000'000;
  const auto writer = Writer::create(std::make_unique<MemorySink>(),
                                     test::synthetic_info(color_only(), false), std::move(options));
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), Errc::invalid);
}

/// A disk that takes its time to make a file durable: from the given sync on, until it is let go.
class SlowToSync final : public ByteSink {
 public:
  struct Gate {
    Mutex mutex;
    CondVar changed;
    bool open GENLOCK_GUARDED_BY(mutex) = false;
    bool reached GENLOCK_GUARDED_BY(mutex) = false;
  };
  SlowToSync(std::unique_ptr<ByteSink> inner, Gate& gate) : inner_(std::move(inner)), gate_(gate) {}

  Status append(ByteSpan bytes) override { return inner_->append(bytes); }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return inner_->write_at(offset, bytes); }
  Status sync() override {
    if (++syncs_ < 2) return {};  // that of the start offset
    MutexLock lock(gate_.mutex);
    gate_.reached = true;
    gate_.changed.notify_all();
    while (!gate_.open) gate_.changed.wait(gate_.mutex);
    return {};
  }
  Status truncate(std::uint64_t size) override { return inner_->truncate(size); }
  Status reserve(std::uint64_t bytes) override { return inner_->reserve(bytes); }
  std::uint64_t size() const override { return inner_->size(); }

 private:
  std::unique_ptr<ByteSink> inner_;
  Gate& gate_;
  int syncs_ = 0;
};

TEST(Split, LosesNothingWhileASlowDiskFinishesAPart) {
  const CameraConfig config = color_only();
  const TakeContent content = test::synthetic_take(config, false, 120);
  Parts parts;
  SlowToSync::Gate gate;
  const auto writer =
      Writer::create(std::make_unique<SlowToSync>(parts.add(), gate), test::synthetic_info(config, false),
                     split(parts.rule(0, device_us(1'000'000))));
  ASSERT_TRUE(writer);
  for (std::size_t i = 0; i < 45; ++i) ASSERT_TRUE((*writer)->write(content.captures[i]));
  {
    MutexLock lock(gate.mutex);
    while (!gate.reached) gate.changed.wait(gate.mutex);
  }
  for (std::size_t i = 45; i < 120; ++i) ASSERT_TRUE((*writer)->write(content.captures[i]));
  EXPECT_EQ((*writer)->counters().parts, 1U);
  {
    MutexLock lock(gate.mutex);
    gate.open = true;
    gate.changed.notify_all();
  }
  ASSERT_TRUE((*writer)->close());
  EXPECT_EQ((*writer)->counters().color.refused, 0U);
  EXPECT_EQ((*writer)->counters().parts, parts.size());
  expect_all(parts.play(), content);
}

}  // namespace
}  // namespace genlock::recording
