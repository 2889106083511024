// A repair in place gives what a repair into another file does, and may stop anywhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "damage.h"
#include "repair_cases.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using test::Playback;

/// A file in memory that can be changed, and fail.
class Editable {
 public:
  explicit Editable(const Bytes& bytes) { EXPECT_TRUE(memory_.append(bytes)); }

  Result<RepairReport> repair(FaultySink::Faults faults = {}) {
    const MemorySource before(memory_.bytes());
    FaultySink sink(memory_, faults);
    Result<RepairReport> report = repair_in_place(before, sink);
    calls_ = sink.calls();
    return report;
  }
  const Bytes& bytes() const { return memory_.bytes(); }
  std::uint64_t calls() const { return calls_; }

 private:
  MemorySink memory_;
  std::uint64_t calls_ = 0;
};

/// Everything that repair can meet, by name.
std::map<std::string, Bytes> damaged_files() {
  std::map<std::string, Bytes> files;
  files["unfinished"] = unfinished();
  files["cut"] = test::first_bytes(unfinished(), unfinished().size() - 700);
  files["cut_after_close"] = test::first_bytes(whole(), whole().size() - 3000);
  files["stock"] = *test::load_file(test::data_file("mkv/pyk4a_recording.mkv"));
  test::unfinish_stock_file(files["stock"]);
  files["stock_cut"] = test::first_bytes(files["stock"], 1'200'000);
  files["zeros"] = unfinished();
  files["zeros"].resize(unfinished().size() + 10'000);
  files["continued"] =
      test::continued_over_its_cues(*test::record(test::light_info(), test::light_take(35)), unfinished());
  files["hole"] = whole();
  const auto clusters = test::cluster_offsets(whole());
  test::spoil(files["hole"], clusters[20], clusters[24]);
  files["flipped"] = whole();
  files["flipped"][clusters[3] + 200] ^= std::byte{1};
  files["claim"] = whole();
  files["claim"][clusters[5] + 9] = std::byte{1};
  files["tag"] = whole();
  files["tag"][test::offset_of(whole(), "bench-host")] = std::byte{'B'};
  return files;
}

TEST(RepairInPlace, GivesTheSameDataAsAnotherFile) {
  for (const auto& [name, damaged] : damaged_files()) {
    SCOPED_TRACE(name);
    const Repaired other = repair(damaged);
    Editable file(damaged);
    const Result<RepairReport> report = file.repair();
    ASSERT_TRUE(report) << report.error().message();
    expect_complete(file.bytes());
    expect_same_data(play(file.bytes()), play(other.file));
    EXPECT_EQ(report->file_bytes, file.bytes().size());
    EXPECT_EQ(report->bytes_lost, other.report.bytes_lost);
    EXPECT_EQ(report->clusters_salvaged, other.report.clusters_salvaged);
    EXPECT_EQ(report->tracks.at(1).kept, other.report.tracks.at(1).kept);
    EXPECT_EQ(report->tracks.at(1).lost, other.report.tracks.at(1).lost);
    const Bytes once = file.bytes();
    const Result<RepairReport> again = file.repair();
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->changed);
    EXPECT_TRUE(file.bytes() == once);
  }
}

// Without the tag the records' times seem to be wrong by the start offset.
TEST(Repair, MakesTheIndexAnewWithTheStartOffsetItFinds) {
  Bytes damaged = whole();
  damaged[test::offset_of(damaged, "K4A_START_OFFSET_NS")] = std::byte{'X'};
  const Bytes repaired = repair(damaged).file;
  expect_whole_index(repaired);
  EXPECT_TRUE(check_recording(MemorySource(repaired))->sound());
  Editable file(damaged);
  ASSERT_TRUE(file.repair());
  EXPECT_TRUE(check_recording(MemorySource(file.bytes()))->sound());
  EXPECT_EQ(play(file.bytes()).info.start_offset, play(whole()).info.start_offset);
}

// The clusters stay where they are, so most of the index is right as it is.
TEST(RepairInPlace, CompletesTheIndexAndTakesBackWhatIsWrong) {
  Editable file(unfinished());
  ASSERT_TRUE(file.repair());
  expect_whole_index(file.bytes());
  Bytes hole = whole();
  const auto clusters = test::cluster_offsets(hole);
  test::spoil(hole, clusters[20], clusters[24]);
  const std::size_t before = index_of(hole).size();
  Editable holed(hole);
  ASSERT_TRUE(holed.repair());
  EXPECT_EQ(index_of(holed.bytes()).size(), before - 4);
}

std::size_t images(const Playback& file) {
  return file.survey.frames.size();
}

// A power cut may come between any two steps: what could be read before must be there, and a second repair
// must bring the rest.
TEST(RepairInPlace, LeavesAReadableFileWhereverItStops) {
  for (const auto& [name, damaged] : damaged_files()) {
    if (damaged.size() > 1'000'000) continue;
    const Playback before = play(damaged);
    Editable complete(damaged);
    ASSERT_TRUE(complete.repair());
    const Playback after = play(complete.bytes());
    for (std::uint64_t call = 0; call < complete.calls(); ++call) {
      SCOPED_TRACE(name + ", stopped at call " + std::to_string(call));
      Editable file(damaged);
      EXPECT_FALSE(file.repair({.capacity = std::nullopt, .fail_call = call}));
      const Playback between = play(file.bytes());
      EXPECT_GE(images(between), images(before));
      EXPECT_EQ(between.imu.size(), before.imu.size());
      EXPECT_EQ(between.info.tags, before.info.tags);
      EXPECT_EQ(between.info.start_offset, before.info.start_offset);
      ASSERT_TRUE(file.repair());
      expect_complete(file.bytes());
      expect_same_data(play(file.bytes()), after);
    }
  }
}

TEST(RepairInPlace, ForgetsATornElementInTheSeekHeadToo) {
  const Bytes old = *test::load_file(test::data_file("mkv/ms_sdk_2018_playback_test_input.mkv"));
  Editable file(test::first_bytes(old, old.size() - 12));
  ASSERT_TRUE(file.repair());
  EXPECT_TRUE(check_recording(MemorySource(file.bytes()))->sound());
  EXPECT_EQ(play(file.bytes()).imu.size(), 1U);
}

TEST(RepairInPlace, ChangesNothingWhereThereIsNoRoom) {
  // Without the Void that SeekHead would take.
  Bytes file = unfinished();
  file.erase(file.begin() + 52, file.begin() + 52 + 1027);
  Editable tight(file);
  const Result<RepairReport> report = tight.repair();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::unsupported);
  EXPECT_THAT(report.error().message(), testing::HasSubstr("another file"));
  EXPECT_TRUE(tight.bytes() == file);
  expect_complete(repair(file).file);
}

TEST(RepairInPlace, ChangesNothingWhenItIsStopped) {
  MemorySink memory;
  ASSERT_TRUE(memory.append(unfinished()));
  RepairOptions options;
  options.progress = [](std::uint64_t, std::uint64_t) { return false; };
  const Result<RepairReport> report = repair_in_place(MemorySource(unfinished()), memory, options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::state);
  EXPECT_TRUE(memory.bytes() == unfinished());
}

}  // namespace
}  // namespace genlock::recording
