// Damaged and unfinished files become complete ones with everything that was whole in them, and nothing else
// is changed.

#include "recording/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damage.h"
#include "mkv/element_writer.h"
#include "recording/block_walker.h"
#include "recording/file_layout.h"
#include "recording/metadata.h"
#include "support/stock_rules.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using test::Playback;
using test::TakeContent;

struct Repaired {
  Bytes file;
  RepairReport report;
};

Repaired repair(const Bytes& damaged) {
  MemorySink out;
  Result<RepairReport> report = repair_into(MemorySource(damaged), out);
  EXPECT_TRUE(report) << report.error().message();
  return {out.bytes(), report ? *std::move(report) : RepairReport()};
}

Playback play(const Bytes& file) {
  Result<Playback> played = test::play(file);
  EXPECT_TRUE(played) << played.error().message();
  return played ? *std::move(played) : Playback();
}

/// By our rules, those of the stock reader, and what our reader says.
void expect_complete(const Bytes& file) {
  const Result<CheckReport> report = check_recording(MemorySource(file));
  ASSERT_TRUE(report) << report.error().message();
  for (const Finding& finding : report->findings.listed())
    EXPECT_NE(finding.severity, FindingSeverity::fault) << finding.text;
  EXPECT_FALSE(report->stock_refuses);
  EXPECT_TRUE(test::check_stock_rules(file).complete);
  EXPECT_THAT(test::check_stock_rules(file).broken, testing::IsEmpty());
  const Playback played = play(file);
  EXPECT_TRUE(played.survey.finalised);
  EXPECT_THAT(played.survey.problems, testing::IsEmpty());
}

void expect_same_data(const Playback& got, const Playback& wanted) {
  ASSERT_EQ(got.captures.size(), wanted.captures.size());
  for (std::size_t i = 0; i < got.captures.size(); ++i)
    EXPECT_TRUE(test::same_capture(got.captures[i], wanted.captures[i])) << "capture " << i;
  ASSERT_EQ(got.imu.size(), wanted.imu.size());
  for (std::size_t i = 0; i < got.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(got.imu[i], wanted.imu[i])) << "sample " << i;
  EXPECT_EQ(got.info.start_offset, wanted.info.start_offset);
  EXPECT_EQ(got.info.tags, wanted.info.tags);
}

const Bytes& whole() {
  static const Bytes file = *test::record(test::light_info(), test::light_take(60));
  return file;
}
const Bytes& unfinished() {
  static const Bytes file = *test::record_unfinished(test::light_info(), test::light_take(60));
  return file;
}

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

/// Clusters that the GENLOCK blocks of a file tell of, in order.
std::vector<ClusterRecord> index_of(const Bytes& file) {
  const MemorySource source(file);
  mkv::Input input(source);
  const FileContents contents = *read_contents(input);
  const FileLayout layout = *make_layout(input, contents);
  BlockWalker walker(input, contents.segment, contents.first_cluster, layout.timestamp_scale_ns);
  Metadata metadata;
  while (const auto block = walker.next()) {
    if (block->track != layout.metadata) continue;
    Bytes records(block->frames[0].size);
    EXPECT_TRUE(input.read(block->frames[0].offset, records));
    EXPECT_TRUE(read_records(records, metadata));
  }
  return metadata.clusters;
}

/// It tells of every cluster but those from the last GENLOCK block on, which are few.
void expect_whole_index(const Bytes& file) {
  const std::vector<std::size_t> clusters = test::cluster_offsets(file);
  const std::vector<ClusterRecord> index = index_of(file);
  ASSERT_GE(index.size(), 20U);
  ASSERT_LT(index.size(), clusters.size());
  ASSERT_LE(clusters.size(), index.size() + 64);
  for (std::size_t i = 0; i < index.size(); ++i) {
    EXPECT_EQ(index[i].position + 52, clusters[i]);
    EXPECT_EQ(index[i].bytes, clusters[i + 1] - clusters[i]);
    for (const BlockPlace& block : index[i].blocks)
      EXPECT_EQ(file.at(clusters[i] + block.offset), static_cast<std::byte>(0x80 | block.track));
  }
  EXPECT_EQ(check_recording(MemorySource(file))->findings.count(FindingCode::index), 0U);
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
