// What a recording had to leave out stands in it.

#include <gtest/gtest.h>

#include <algorithm>

#include "recording/metadata.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using test::KeptSink;
using test::TakeContent;

const Gap* find_gap(const std::vector<Gap>& gaps, Gap::Reason reason, TrackSlot track) {
  const auto found =
      std::ranges::find_if(gaps, [&](const Gap& gap) { return gap.reason == reason && gap.track == track; });
  return found == gaps.end() ? nullptr : &*found;
}

class Gaps : public testing::Test {
 protected:
  void SetUp() override {
    info_.custom_tracks.push_back({.name = "NOTES", .codec_id = "S_TEXT/UTF8", .codec_private = {}});
    info_.custom_tracks.push_back({.name = "MORE", .codec_id = "S_TEXT/UTF8", .codec_private = {}});
  }

  std::unique_ptr<Writer> make(std::unique_ptr<ByteSink> sink, WriterOptions options) {
    auto writer = Writer::create(std::move(sink), info_, std::move(options));
    EXPECT_TRUE(writer);
    return *std::move(writer);
  }

  std::vector<Gap> gaps_of(const MemorySink& memory) {
    const Result<test::Playback> played = test::play(memory.bytes());
    EXPECT_TRUE(played) << played.error().message();
    return played ? played->survey.gaps : std::vector<Gap>();
  }

  const CameraConfig config_ = test::small_config();
  RecordingInfo info_ = test::synthetic_info(config_, true);
  const std::shared_ptr<MemorySink> memory_ = std::make_shared<MemorySink>();
};

TEST_F(Gaps, TellOfFramesThatCameTooLate) {
  const auto writer = make(std::make_unique<KeptSink>(memory_), test::fixed_options());
  const TakeContent content = test::synthetic_take(config_, true, 30);
  for (std::size_t i : {0U, 20U, 1U, 5U, 3U, 29U}) (void)writer->write(content.captures[i]);
  EXPECT_FALSE(writer->write("MORE", device_time_us(1), Buffer()));
  ASSERT_TRUE(writer->close());
  const std::vector<Gap> gaps = gaps_of(*memory_);
  EXPECT_EQ(gaps.size(), 4U);
  const Gap* color = find_gap(gaps, Gap::Reason::too_late, slot_of(TrackKind::color));
  ASSERT_NE(color, nullptr);
  EXPECT_EQ(color->frames, 3U);
  EXPECT_EQ(color->first, content.captures[1].color->device_time);
  EXPECT_EQ(color->last, content.captures[5].color->device_time);
  const Gap* custom = find_gap(gaps, Gap::Reason::too_late, kFirstCustomSlot + 1);
  ASSERT_NE(custom, nullptr);
  EXPECT_EQ(custom->first, device_time_us(1));
}

TEST_F(Gaps, TellOfFramesForWhichThereWasNoRoom) {
  WriterOptions options = test::fixed_options();
  options.max_queued_bytes = 100'000;  // no depth image fits
  const auto writer = make(std::make_unique<KeptSink>(memory_), options);
  const TakeContent content = test::synthetic_take(config_, true, 3);
  for (const Capture& capture : content.captures)
    EXPECT_EQ(writer->write(capture).error().code(), Errc::overflow);
  const WriterCounters counters = writer->counters();
  ASSERT_TRUE(writer->close());
  const std::vector<Gap> gaps = gaps_of(*memory_);
  EXPECT_EQ(gaps.size(), 2U);
  for (const TrackKind track : {TrackKind::depth, TrackKind::ir}) {
    const Gap* gap = find_gap(gaps, Gap::Reason::queue_full, slot_of(track));
    ASSERT_NE(gap, nullptr);
    EXPECT_EQ(gap->frames, counters.depth.refused);
    EXPECT_EQ(gap->last, content.captures[2].depth->device_time);
  }
}

TEST_F(Gaps, TellOfFramesThatAFailingDiskLost) {
  FaultySink full(*memory_, {.capacity = 3'000'000, .fail_call = std::nullopt});
  const auto writer = make(std::make_unique<KeptSink>(std::shared_ptr<ByteSink>(&full, [](ByteSink*) {})),
                           test::fixed_options());
  const TakeContent content = test::synthetic_take(config_, true, 30);
  std::uint64_t taken = 0;
  for (const Capture& capture : content.captures)
    if (writer->write(capture)) ++taken;
  EXPECT_FALSE(writer->close());
  const Result<test::Playback> played = test::play(memory_->bytes());
  ASSERT_TRUE(played);
  const Gap* gap = find_gap(played->survey.gaps, Gap::Reason::disk_failed, slot_of(TrackKind::ir));
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(played->captures.size() + gap->frames, taken);
  EXPECT_EQ(gap->first, content.captures[played->captures.size()].ir->device_time);
  EXPECT_EQ(writer->counters().ir.written, played->captures.size());
}

TEST_F(Gaps, AreNotMadeByDataThatWereNoFrames) {
  const auto writer = make(std::make_unique<KeptSink>(memory_), test::fixed_options());
  Capture capture = test::synthetic_capture(config_, device_time_us(1'000'000), 1);
  capture.color->format = PixelFormat::nv12;
  EXPECT_FALSE(writer->write(capture));
  EXPECT_FALSE(writer->write("NOBODY", device_time_us(1), Buffer()));
  ASSERT_TRUE(writer->close());
  EXPECT_TRUE(gaps_of(*memory_).empty());
}

// A writer of later times may know more reasons and tracks.
TEST(GapRecords, OfUnknownKindsAreSkipped) {
  mkv::Output out;
  put_record(out, Gap{.reason = Gap::Reason::too_late, .track = 5, .frames = 1});
  for (const auto& [at, value] : {std::pair{4, 0}, std::pair{4, 4}, std::pair{5, 4}, std::pair{5, 15}}) {
    std::vector<std::byte> bytes(out.bytes().begin(), out.bytes().end());
    bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    Metadata found;
    EXPECT_TRUE(read_records(bytes, found));
    EXPECT_TRUE(found.gaps.empty()) << at << " " << value;
  }
}

}  // namespace
}  // namespace genlock::recording
