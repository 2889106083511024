// Files cut anywhere, damaged anywhere, and disks that fail at any call: everything intact must come back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "recording/writer.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::Playback;
using test::TakeContent;
using Bytes = std::vector<std::byte>;

TakeContent take() {
  return test::synthetic_take(test::small_config(), true, 12);
}
RecordingInfo info() {
  return test::synthetic_info(test::small_config(), true);
}

Bytes cut(const Bytes& file, std::size_t size) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::vector<std::size_t> cluster_offsets(const Bytes& file) {
  static constexpr std::array kId{std::byte{0x1F}, std::byte{0x43}, std::byte{0xB6}, std::byte{0x75}};
  std::vector<std::size_t> offsets;
  for (auto at = file.begin();; ++at) {
    at = std::search(at, file.end(), kId.begin(), kId.end());
    if (at == file.end()) return offsets;
    offsets.push_back(static_cast<std::size_t>(at - file.begin()));
  }
}

bool same_pixels(const std::optional<Image>& got, const std::optional<Image>& given) {
  return !got || (given && got->device_time == given->device_time &&
                  std::ranges::equal(got->data.bytes(), given->data.bytes()));
}

/// Every image in the file is one of the take's, in order; only later ones may be missing. Number of images.
std::size_t expect_intact(const Playback& file, const TakeContent& content) {
  std::size_t images = 0;
  EXPECT_LE(file.captures.size(), content.captures.size());
  for (std::size_t i = 0; i < std::min(file.captures.size(), content.captures.size()); ++i) {
    const Capture& got = file.captures[i];
    const Capture& given = content.captures[i];
    EXPECT_TRUE(same_pixels(got.color, given.color) && same_pixels(got.depth, given.depth) &&
                same_pixels(got.ir, given.ir))
        << "capture " << i;
    images += got.color.has_value() + got.depth.has_value() + got.ir.has_value();
  }
  EXPECT_LE(file.imu.size(), content.imu.size());
  for (std::size_t i = 0; i < std::min(file.imu.size(), content.imu.size()); ++i)
    EXPECT_TRUE(test::same_sample(file.imu[i], content.imu[i])) << "sample " << i;
  EXPECT_EQ(file.survey.frames.size(), images);
  return images;
}

TEST(CutFile, GivesEveryFrameBeforeTheCut) {
  const TakeContent content = take();
  for (const bool finished : {true, false}) {
    const Result<Bytes> file =
        finished ? test::record(info(), content) : test::record_unfinished(info(), content);
    ASSERT_TRUE(file);
    std::vector<std::size_t> sizes = cluster_offsets(*file);
    const std::size_t first = sizes.front();
    sizes.push_back(file->size());
    for (std::size_t i = 0; i < 60; ++i) sizes.push_back(first + (file->size() - first) * i / 60 + i);
    std::ranges::sort(sizes);
    std::size_t before = 0;
    for (const std::size_t size : sizes) {
      const Result<Playback> played = test::play(cut(*file, std::min(size, file->size())));
      ASSERT_TRUE(played) << "cut to " << size << ": " << played.error().message();
      const std::size_t images = expect_intact(*played, content);
      EXPECT_GE(images, before) << "cut to " << size;
      EXPECT_EQ(played->survey.finalised, finished && size == file->size()) << "cut to " << size;
      EXPECT_EQ(played->survey.problems.empty(), played->survey.finalised) << "cut to " << size;
      before = images;
    }
    EXPECT_EQ(before, 36U);
  }
}

TEST(CutFile, IsAnErrorOrEmptyWhereTheHeaderEnds) {
  const Result<Bytes> file = test::record(info(), take());
  ASSERT_TRUE(file);
  const std::size_t header = cluster_offsets(*file).front();
  for (std::size_t size = 0; size < header; size += size < 200 ? 1 : 37) {
    const Result<Playback> played = test::play(cut(*file, size));
    if (played) {
      EXPECT_TRUE(played->captures.empty() && played->imu.empty());
    } else {
      EXPECT_EQ(played.error().code(), Errc::corrupt);
    }
  }
}

// A bad sector: some clusters are lost, all after them are found again.
TEST(DamagedFile, GivesWhatFollowsTheDamage) {
  const TakeContent content = take();
  const Result<Bytes> file = test::record(info(), content);
  ASSERT_TRUE(file);
  const std::vector<std::size_t> clusters = cluster_offsets(*file);
  for (std::size_t i = 0; i + 3 < clusters.size(); i += 2) {
    Bytes damaged = *file;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(clusters[i]), 4096, std::byte{0});
    const Result<Playback> played = test::play(std::move(damaged));
    ASSERT_TRUE(played) << played.error().message();
    EXPECT_FALSE(played->survey.problems.empty());
    ASSERT_FALSE(played->captures.empty());
    EXPECT_EQ(earliest_time(played->captures.back()), earliest_time(content.captures.back()));
    EXPECT_TRUE(same_pixels(played->captures.back().depth, content.captures.back().depth));
  }
}

TEST(DamagedFile, NeverMisleadsTheReader) {
  const Result<Bytes> file = test::record(info(), test::synthetic_take(test::small_config(), true, 1));
  ASSERT_TRUE(file);
  const std::size_t header = cluster_offsets(*file).front();
  for (std::size_t at = 0; at < header + 100; at += at < 2000 ? 3 : 17) {
    for (const unsigned char value : {0x00, 0x01, 0xFF}) {
      Bytes damaged = *file;
      damaged[at] = std::byte{value};
      const Result<Playback> played = test::play(std::move(damaged));
      if (!played) {
        EXPECT_EQ(played.error().code(), Errc::corrupt) << "byte " << at;
      }
    }
  }
}

/// The file with `count` empty Tags before its first cluster.
Bytes with_tags(const Bytes& file, std::size_t count) {
  static constexpr std::array kTags{std::byte{0x12}, std::byte{0x54}, std::byte{0xC3}, std::byte{0x67},
                                    std::byte{0x80}};
  const std::size_t header = cluster_offsets(file).front();
  Bytes changed = cut(file, header);
  for (std::size_t i = 0; i < count; ++i) changed.insert(changed.end(), kTags.begin(), kTags.end());
  changed.insert(changed.end(), file.begin() + static_cast<std::ptrdiff_t>(header), file.end());
  return changed;
}

// Work and memory must not follow how many elements somebody put before the data.
TEST(DamagedFile, ReadsOnlySoManyElementsOfItsHeader) {
  const TakeContent content = take();
  const Result<Bytes> file = test::record_unfinished(info(), content);
  ASSERT_TRUE(file);
  const auto says_too_many = [](const Playback& played) {
    return std::ranges::any_of(played.survey.problems, [](const std::string& problem) {
      return problem.find("they are ignored") != std::string::npos;
    });
  };
  for (const std::size_t tags : {std::size_t{1000}, std::size_t{100'000}}) {
    const Result<Playback> played = test::play(with_tags(*file, tags));
    ASSERT_TRUE(played) << played.error().message();
    EXPECT_EQ(expect_intact(*played, content), 36U);
    EXPECT_EQ(says_too_many(*played), tags > 65536) << tags;
  }
}

/// Records the take onto a disk with faults. What is in memory afterwards is what is on it.
struct FaultyRun {
  Status status;
  std::uint64_t calls = 0;
  Bytes disk;
};

FaultyRun record_with(FaultySink::Faults faults, const TakeContent& content) {
  MemorySink memory;
  FaultySink sink(memory, faults);
  FaultyRun run;
  run.status = test::record_into(
      std::make_unique<test::KeptSink>(std::shared_ptr<ByteSink>(&sink, [](ByteSink*) {})), info(), content);
  run.calls = sink.calls();
  run.disk = memory.bytes();
  return run;
}

void expect_usable(const FaultyRun& run, const TakeContent& content) {
  if (run.disk.size() < 10'000) return;  // not even the first cluster
  const Result<Playback> played = test::play(run.disk);
  ASSERT_TRUE(played) << played.error().message();
  expect_intact(*played, content);
}

TEST(FailingDisk, IsReportedAtEveryCallAndLeavesAnOpenableFile) {
  const TakeContent content = take();
  const std::uint64_t calls = record_with({}, content).calls;
  ASSERT_GE(calls, 8U);
  for (std::uint64_t call = 0; call < calls; ++call) {
    const FaultyRun run = record_with({.capacity = std::nullopt, .fail_call = call}, content);
    // The thread may gather more windows into one append than in the first run, and need fewer calls.
    if (run.calls <= call) continue;
    ASSERT_FALSE(run.status) << "call " << call;
    EXPECT_EQ(run.status.error().code(), Errc::io);
    expect_usable(run, content);
  }
}

TEST(FailingDisk, KeepsWhatFittedWhenItIsFull) {
  const TakeContent content = take();
  const std::size_t whole = record_with({}, content).disk.size();
  for (std::size_t part = 0; part < 40; ++part) {
    const std::uint64_t capacity = whole * part / 40 + part;
    const FaultyRun run = record_with({.capacity = capacity, .fail_call = std::nullopt}, content);
    ASSERT_FALSE(run.status) << capacity;
    EXPECT_EQ(run.status.error().code(), Errc::no_space);
    expect_usable(run, content);
  }
}

TEST(FailingDisk, CountsAsWrittenOnlyWhatIsOnIt) {
  const TakeContent content = take();
  const std::size_t whole = record_with({}, content).disk.size();
  MemorySink memory;
  FaultySink sink(memory, {.capacity = whole / 2, .fail_call = std::nullopt});
  const auto writer =
      Writer::create(std::make_unique<test::KeptSink>(std::shared_ptr<ByteSink>(&sink, [](ByteSink*) {})),
                     info(), test::fixed_options());
  ASSERT_TRUE(writer);
  for (const Capture& capture : content.captures) (void)(*writer)->write(capture);
  EXPECT_FALSE((*writer)->close());
  const WriterCounters counters = (*writer)->counters();
  const Result<Playback> played = test::play(memory.bytes());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_LE(counters.color.written, played->captures.size());
  EXPECT_EQ(counters.color.written + counters.color.refused, content.captures.size());
}

TEST(FailingDisk, MakesEveryLaterCallFail) {
  const TakeContent content = take();
  MemorySink memory;
  FaultySink sink(memory, {.capacity = std::nullopt, .fail_call = 2});
  const auto writer =
      Writer::create(std::make_unique<test::KeptSink>(std::shared_ptr<ByteSink>(&sink, [](ByteSink*) {})),
                     info(), test::fixed_options());
  ASSERT_TRUE(writer);
  for (const Capture& capture : content.captures) (void)(*writer)->write(capture);
  const Status closed = (*writer)->close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code(), Errc::io);
  EXPECT_EQ((*writer)->write(content.captures[0]).error().code(), Errc::io);
  EXPECT_EQ((*writer)->write(content.imu).error().code(), Errc::io);
  EXPECT_EQ((*writer)->write(content.host_pairs[0]).error().code(), Errc::io);
  EXPECT_EQ((*writer)->close().error().message(), closed.error().message());
  EXPECT_EQ((*writer)->counters().bytes_queued, 0U);
}

}  // namespace
}  // namespace genlock::recording
