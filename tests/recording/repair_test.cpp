// Damaged and unfinished files become complete ones with everything that was whole in them, and nothing else
// is changed.

#include "recording/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damage.h"
#include "mkv/element_writer.h"
#include "repair_cases.h"
#include "support/stock_rules.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using test::Playback;

TEST(Repair, CompletesAnUnfinishedRecording) {
  const Repaired repaired = repair(unfinished());
  expect_complete(repaired.file);
  expect_same_data(play(repaired.file), play(unfinished()));
  EXPECT_TRUE(repaired.report.changed);
  EXPECT_FALSE(repaired.report.lost_anything());
  EXPECT_THAT(repaired.report.rebuilt, testing::IsSupersetOf({"the segment's size", "Duration", "Cues"}));
}

TEST(Repair, KeepsWhatIsWholeOfARecordingCutAnywhere) {
  const std::size_t data = test::cluster_offsets(unfinished()).front();
  const std::size_t step = (unfinished().size() - data) / 41;
  for (std::size_t size = data + 2000; size < unfinished().size(); size += step) {
    const Bytes cut = test::first_bytes(unfinished(), size);
    const Repaired repaired = repair(cut);
    expect_complete(repaired.file);
    expect_same_data(play(repaired.file), play(cut));
    EXPECT_LE(repaired.report.clusters_salvaged + repaired.report.clusters_lost, 1U);
  }
}

TEST(Repair, LeavesASoundFileAsItIs) {
  for (const Bytes& file : {whole(), *test::load_file(test::data_file("mkv/pyk4a_recording.mkv")),
                            *test::load_file(test::data_file("mkv/ms_sdk_2018_playback_test_input.mkv"))}) {
    const Repaired repaired = repair(file);
    EXPECT_FALSE(repaired.report.changed);
    EXPECT_FALSE(repaired.report.lost_anything());
    EXPECT_TRUE(repaired.file == file);
  }
}

TEST(Repair, HasNothingToDoASecondTime) {
  const Repaired once = repair(test::first_bytes(unfinished(), unfinished().size() - 700));
  const Repaired twice = repair(once.file);
  EXPECT_FALSE(twice.report.changed);
  EXPECT_TRUE(twice.file == once.file);
}

TEST(Repair, FindsTheStartOffsetOfAKilledStockRecording) {
  Bytes file = *test::load_file(test::data_file("mkv/pyk4a_recording.mkv"));
  const Playback before = play(file);
  test::unfinish_stock_file(file);
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  const Playback after = play(repaired.file);
  EXPECT_EQ(after.info.tags.at("K4A_START_OFFSET_NS"), "336277000");
  EXPECT_EQ(after.survey.duration, before.survey.duration);
  ASSERT_EQ(after.captures.size(), 1U);
  EXPECT_TRUE(test::same_capture(after.captures[0], before.captures[0]));
  EXPECT_FALSE(repaired.report.lost_anything());
}

TEST(Repair, PassesAHoleAndCountsWhatItCost) {
  Bytes file = whole();
  const auto clusters = test::cluster_offsets(file);
  test::spoil(file, clusters[20], clusters[24]);
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  const Playback after = play(repaired.file);
  const RepairReport::Track& color = repaired.report.tracks.at(1);
  EXPECT_EQ(color.kept, after.captures.size());
  EXPECT_EQ(color.kept + color.lost, 60U);
  EXPECT_GE(color.lost, 3U);
  EXPECT_EQ(repaired.report.bytes_lost, clusters[24] - clusters[20]);
  EXPECT_GT(repaired.report.time_lost, device_us(90'000));
  EXPECT_LT(repaired.report.time_lost, device_us(200'000));
}

TEST(Repair, MakesTheIndexAnew) {
  Bytes hole = whole();
  const auto clusters = test::cluster_offsets(hole);
  test::spoil(hole, clusters[20], clusters[24]);
  Bytes flipped = whole();
  flipped[clusters[3] + 200] ^= std::byte{1};
  expect_whole_index(whole());
  for (const Bytes& damaged :
       {unfinished(), test::first_bytes(unfinished(), unfinished().size() * 2 / 3), hole, flipped}) {
    const Bytes repaired = repair(damaged).file;
    expect_whole_index(repaired);
    expect_complete(repaired);
    EXPECT_EQ(play(repaired).survey.host_pairs.size(), play(damaged).survey.host_pairs.size());
  }
}

// A cluster whose bytes changed keeps its blocks, but no checksum that would vouch for them.
TEST(Repair, DoesNotVouchForAClusterWithAWrongChecksum) {
  Bytes file = whole();
  file[test::cluster_offsets(file)[3] + 200] ^= std::byte{1};
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  EXPECT_EQ(play(repaired.file).captures.size(), 60U);
  EXPECT_EQ(repaired.report.clusters_salvaged, 1U);
  EXPECT_TRUE(repaired.report.lost_anything());
  const auto clusters = test::cluster_offsets(repaired.file);
  EXPECT_NE(repaired.file[clusters[2] + 12], repaired.file[clusters[3] + 12]);
}

TEST(Repair, DropsZerosBehindTheRecording) {
  Bytes file = unfinished();
  file.resize(file.size() + 100'000);
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  expect_same_data(play(repaired.file), play(unfinished()));
  EXPECT_LT(repaired.file.size(), unfinished().size() + 5000);
}

TEST(Repair, ForgetsCuesThatWereWrittenOver) {
  const Bytes closed = *test::record(test::light_info(), test::light_take(35));
  const Repaired repaired = repair(test::continued_over_its_cues(closed, unfinished()));
  expect_complete(repaired.file);
  expect_same_data(play(repaired.file), play(unfinished()));
}

TEST(Repair, GivesAClusterItsSize) {
  Bytes file = whole();
  file[test::cluster_offsets(file)[5] + 9] = std::byte{1};
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  EXPECT_EQ(play(repaired.file).captures.size(), 60U);
  EXPECT_EQ(repaired.report.bytes_lost, 0U);
}

/// What editors append: a second attachment, tags of their own, and an element that nobody knows.
Bytes foreign_elements() {
  mkv::Output out;
  mkv::ElementWriter writer(out);
  using Id = mkv::ElementId;
  writer.put_master(Id::attachments, [&] {
    writer.put_master(Id::attached_file, [&] {
      writer.put_string(Id::file_name, "notes.txt");
      writer.put_string(Id::file_media_type, "text/plain");
      writer.put_binary(Id::file_data, std::as_bytes(std::span("the second take", 15)));
      writer.put_uint(Id::file_uid, 99);
    });
  });
  writer.put_master(Id::tags, [&] {
    writer.put_master(Id::tag, [&] {
      writer.put_master(Id::targets, [] {});
      writer.put_master(Id::simple_tag, [&] {
        writer.put_string(Id::tag_name, "DIRECTOR");
        writer.put_string(Id::tag_string, "somebody");
      });
    });
  });
  const Bytes unknown{std::byte{0x1A}, std::byte{0x2B}, std::byte{0x3C}, std::byte{0x4D},
                      std::byte{0x83}, std::byte{1},    std::byte{2},    std::byte{3}};
  out.append(unknown);
  return {out.bytes().begin(), out.bytes().end()};
}

TEST(Repair, KeepsForeignElementsByteForByte) {
  Bytes file = unfinished();
  const Bytes foreign = foreign_elements();
  file.insert(file.end(), foreign.begin(), foreign.end());
  const Repaired repaired = repair(file);
  EXPECT_EQ(test::offsets_of(repaired.file, foreign).size(), 1U);
  EXPECT_TRUE(check_recording(MemorySource(repaired.file))->sound());
  EXPECT_TRUE(test::check_stock_rules(repaired.file).complete);
  EXPECT_EQ(play(repaired.file).info.tags.at("DIRECTOR"), "somebody");
  EXPECT_EQ(play(repaired.file).captures.size(), play(unfinished()).captures.size());
}

TEST(Repair, RefusesAFileWithoutFrames) {
  MemorySink out;
  const Bytes header = test::first_bytes(unfinished(), test::cluster_offsets(unfinished()).front());
  const Result<RepairReport> report = repair_into(MemorySource(header), out);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::corrupt);
  EXPECT_EQ(out.size(), 0U);
}

TEST(Repair, AsksForSpaceBeforeItWrites) {
  MemorySink memory;
  FaultySink full(memory, {.capacity = 10'000, .fail_call = std::nullopt});
  const Result<RepairReport> report = repair_into(MemorySource(unfinished()), full);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::no_space);
  EXPECT_EQ(memory.size(), 0U);
}

TEST(Repair, ReturnsTheFirstErrorOfTheDisk) {
  MemorySink counted;
  FaultySink counting(counted, {});
  ASSERT_TRUE(repair_into(MemorySource(unfinished()), counting));
  for (std::uint64_t call = 0; call < counting.calls(); ++call) {
    MemorySink memory;
    FaultySink broken(memory, {.capacity = std::nullopt, .fail_call = call});
    const Result<RepairReport> report = repair_into(MemorySource(unfinished()), broken);
    ASSERT_FALSE(report) << "call " << call;
    EXPECT_EQ(report.error().code(), Errc::io);
  }
}

TEST(Repair, CanBeStoppedAtAnyTime) {
  std::uint64_t calls = 0;
  RepairOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    ++calls;
    return true;
  };
  MemorySink out;
  ASSERT_TRUE(repair_into(MemorySource(unfinished()), out, options));
  for (const std::uint64_t stop : {std::uint64_t{0}, calls / 3, calls * 2 / 3, calls - 1}) {
    std::uint64_t seen = 0;
    options.progress = [&](std::uint64_t, std::uint64_t) { return seen++ != stop; };
    MemorySink stopped;
    const Result<RepairReport> report = repair_into(MemorySource(unfinished()), stopped, options);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), Errc::state);
  }
}

}  // namespace
}  // namespace genlock::recording
