// The index: cues that lead to GENLOCK blocks, and in these the place of every block of the file.

#include <gtest/gtest.h>

#include <algorithm>

#include "mkv/block.h"
#include "mkv/element_reader.h"
#include "mkv/endian.h"
#include "recording/block_walker.h"
#include "recording/file_contents.h"
#include "recording/format.h"
#include "recording/metadata.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using Bytes = std::vector<std::byte>;
using test::TakeContent;
using Id = mkv::ElementId;

constexpr std::uint64_t kMetadataNumber = 5;

struct Positions {
  std::uint64_t track = 0;
  std::uint64_t cluster = 0;
  std::optional<std::uint64_t> relative;
};

struct CuePoint {
  std::int64_t time_us = 0;
  std::vector<Positions> positions;
};

/// A file opened for looking at its elements.
class OpenFile {
 public:
  explicit OpenFile(const Bytes& file) : source_(file), input_(source_) {
    Result<FileContents> contents = read_contents(input_);
    EXPECT_TRUE(contents);
    contents_ = *std::move(contents);
  }

  std::vector<StoredBlock> blocks() {
    BlockWalker walker(input_, contents_.segment, contents_.first_cluster, kTimestampScaleNs);
    std::vector<StoredBlock> all;
    while (const auto block = walker.next()) all.push_back(*block);
    return all;
  }

  std::vector<CuePoint> cues() {
    std::vector<CuePoint> all;
    mkv::Children top(input_, contents_.segment);
    while (const auto element = top.next()) {
      if (element->id != Id::cues) continue;
      mkv::Children points(input_, *element);
      while (const auto point = points.next()) all.push_back(read_cue(*point));
    }
    return all;
  }

  /// The content of the block of one frame whose element is at `offset`.
  Bytes block_at(std::uint64_t offset) {
    const auto element = mkv::read_element(input_, offset, input_.size());
    EXPECT_TRUE(element && element->id == Id::simple_block);
    Bytes content = mkv::binary_value(input_, *element, 1 << 20).value_or(Bytes());
    const auto layout = mkv::parse_block(content, content.size());
    EXPECT_TRUE(layout && layout->track == kMetadataNumber);
    content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(layout->frames[0].offset));
    return content;
  }

  /// Where the content of the cluster at `position` begins.
  std::uint64_t cluster_data(std::uint64_t position) {
    const auto element = mkv::read_element(input_, segment_data() + position, input_.size());
    EXPECT_TRUE(element && element->id == Id::cluster);
    return element->data;
  }

  /// Everything that the GENLOCK blocks found by cues tell.
  Metadata index() {
    Metadata all;
    for (const CuePoint& cue : cues()) {
      for (const Positions& at : cue.positions) {
        if (at.track != kMetadataNumber) continue;
        EXPECT_TRUE(read_records(block_at(cluster_data(at.cluster) + at.relative.value()), all));
      }
    }
    return all;
  }

  std::uint64_t segment_data() const { return contents_.segment.data; }
  std::uint64_t first_cluster() const { return contents_.first_cluster; }
  mkv::Input& input() { return input_; }

 private:
  CuePoint read_cue(const mkv::FoundElement& point) {
    CuePoint cue;
    mkv::Children parts(input_, point);
    while (const auto part = parts.next()) {
      if (part->id == Id::cue_time) cue.time_us = static_cast<std::int64_t>(*mkv::uint_value(input_, *part));
      if (part->id != Id::cue_track_positions) continue;
      Positions& at = cue.positions.emplace_back();
      mkv::Children fields(input_, *part);
      while (const auto field = fields.next()) {
        const auto value = mkv::uint_value(input_, *field);
        if (field->id == Id::cue_track) at.track = *value;
        if (field->id == Id::cue_cluster_position) at.cluster = *value;
        if (field->id == Id::cue_relative_position) at.relative = *value;
      }
    }
    return cue;
  }

  MemorySource source_;
  mkv::Input input_;
  FileContents contents_;
};

/// The clusters of the index follow one another from the first on, and their blocks are those that a walk
/// finds, up to the one that begins with the last GENLOCK block, which is the last.
void expect_whole_index(const Bytes& bytes) {
  OpenFile file(bytes);
  const std::vector<StoredBlock> walked = file.blocks();
  std::uint64_t at = file.first_cluster();
  std::size_t next = 0;
  for (const ClusterRecord& cluster : file.index().clusters) {
    EXPECT_EQ(file.segment_data() + cluster.position, at);
    for (const BlockPlace& place : cluster.blocks) {
      ASSERT_LT(next, walked.size());
      const StoredBlock& block = walked[next++];
      Bytes content(place.bytes);
      ASSERT_TRUE(file.input().read(at + place.offset, content));
      const auto layout = mkv::parse_block(content, content.size());
      ASSERT_TRUE(layout);
      EXPECT_EQ(place.track, block.track);
      EXPECT_EQ(layout->track, block.track);
      EXPECT_EQ(at + place.offset + layout->frames[0].offset, block.frames[0].offset);
      EXPECT_EQ(place.frames, block.frames.size());
      const std::int64_t start_us = 990'000;
      EXPECT_EQ(count_us(cluster.time) - start_us + place.after_us, block.time_ns / 1000);
    }
    at += cluster.bytes;
  }
  ASSERT_LT(next, walked.size());
  EXPECT_EQ(walked[next].track, kMetadataNumber);
  const auto last = mkv::read_element(file.input(), at, file.input().size());
  ASSERT_TRUE(last && last->id == Id::cluster);
  for (; next < walked.size(); ++next) EXPECT_LT(walked[next].frames[0].offset, last->end);
}

class Index : public testing::Test {
 protected:
  std::unique_ptr<Writer> make(std::unique_ptr<ByteSink> sink) {
    auto writer = Writer::create(std::move(sink), info_, test::fixed_options());
    EXPECT_TRUE(writer);
    return *std::move(writer);
  }
  std::unique_ptr<ByteSink> kept(ByteSink& sink) {
    return std::make_unique<test::KeptSink>(std::shared_ptr<ByteSink>(&sink, [](ByteSink*) {}));
  }

  const CameraConfig config_ = test::small_config();
  const RecordingInfo info_ = test::synthetic_info(config_, true);
  MemorySink memory_;
};

TEST_F(Index, HasEveryBlockOfTheFile) {
  const Result<Bytes> file = test::record(info_, test::synthetic_take(config_, true, 100));
  ASSERT_TRUE(file);
  expect_whole_index(*file);
}

TEST_F(Index, StaysWholeThroughFlushes) {
  const auto writer = make(kept(memory_));
  ASSERT_TRUE(writer->write(test::synthetic_imu(device_time_us(990'000), 1)));
  const TakeContent content = test::synthetic_take(config_, false, 50);
  for (std::size_t i = 0; i < content.captures.size(); ++i) {
    ASSERT_TRUE(writer->write(content.captures[i]));
    if (i % 20 == 7) {
      ASSERT_TRUE(writer->flush() && writer->flush());
    }
  }
  ASSERT_TRUE(writer->flush());
  ASSERT_TRUE(writer->close());
  expect_whole_index(memory_.bytes());
}

TEST_F(Index, IsWholeInWhatAFailingDiskLeft) {
  const TakeContent content = test::synthetic_take(config_, true, 45);
  OpenFile whole(*test::record(info_, content));
  const std::vector<ClusterRecord> clusters = whole.index().clusters;
  for (const std::size_t last : {std::size_t{3}, clusters.size() / 2, clusters.size() - 3}) {
    MemorySink memory;
    // The index goes into the space that is kept back for it.
    const std::uint64_t kept_back = std::uint64_t{1} << 20;
    const std::uint64_t capacity = whole.segment_data() + clusters[last].position + 100'000 + kept_back;
    FaultySink full(memory, {.capacity = capacity, .fail_call = std::nullopt});
    EXPECT_FALSE(test::record_into(kept(full), info_, content));
    expect_whole_index(memory.bytes());
    const Result<test::Playback> played = test::play(memory.bytes());
    ASSERT_TRUE(played);
    EXPECT_TRUE(played->survey.finalised);
    EXPECT_TRUE(played->survey.problems.empty());
  }
}

TEST_F(Index, HasACueASecondThatServesTrackOneAndTheGenlockTrack) {
  const Result<Bytes> file = test::record(info_, test::synthetic_take(config_, true, 100));
  ASSERT_TRUE(file);
  const std::vector<CuePoint> cues = OpenFile(*file).cues();
  ASSERT_EQ(cues.size(), 5U);
  EXPECT_EQ(cues.front().positions.at(0).track, 1U);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_GE(cues[i].time_us - cues[i - 1].time_us, i == 1 ? 950'000 : 1'000'000);
    ASSERT_EQ(cues[i].positions.size(), 2U);
    EXPECT_EQ(cues[i].positions[0].track, 1U);
    EXPECT_EQ(cues[i].positions[1].track, kMetadataNumber);
    EXPECT_EQ(cues[i].positions[0].cluster, cues[i].positions[1].cluster);
  }
  ASSERT_EQ(cues.back().positions.size(), 1U);
  EXPECT_EQ(cues.back().positions[0].track, kMetadataNumber);
}

TEST_F(Index, HasACueWhereTrackOneNeverCame) {
  TakeContent content = test::synthetic_take(config_, true, 70);
  for (Capture& capture : content.captures) capture.color.reset();
  const Result<Bytes> file = test::record(info_, content);
  ASSERT_TRUE(file);
  const std::vector<CuePoint> cues = OpenFile(*file).cues();
  ASSERT_GE(cues.size(), 3U);
  EXPECT_NE(cues[0].positions.at(0).track, kMetadataNumber);
  EXPECT_EQ(cues[1].positions.at(0).track, kMetadataNumber);
  expect_whole_index(*file);
}

TEST(ClusterRecords, ReadBackAsTheyWere) {
  ClusterRecord cluster{.position = 1ULL << 40, .bytes = 4'000'000'000, .time = device_time_us(77)};
  cluster.blocks.push_back(
      {.offset = 24, .bytes = 3'999'999'976, .after_us = 31'999, .span_us = 7, .track = 126, .frames = 256});
  mkv::Output out;
  put_record(out, cluster);
  Metadata found;
  ASSERT_TRUE(read_records(out.bytes(), found));
  ASSERT_EQ(found.clusters.size(), 1U);
  const BlockPlace& block = found.clusters[0].blocks.at(0);
  EXPECT_EQ(found.clusters[0].position, cluster.position);
  EXPECT_EQ(found.clusters[0].bytes, cluster.bytes);
  EXPECT_EQ(found.clusters[0].time, cluster.time);
  EXPECT_EQ(block.offset, 24U);
  EXPECT_EQ(block.bytes, 3'999'999'976U);
  EXPECT_EQ(block.after_us, 31'999);
  EXPECT_EQ(block.span_us, 7);
  EXPECT_EQ(block.track, 126);
  EXPECT_EQ(block.frames, 256);
}

TEST(ClusterRecords, AreLeftOutWhereTheyWouldNotFit) {
  ClusterRecord cluster;
  cluster.blocks.resize(4095);
  mkv::Output out;
  put_record(out, cluster);
  cluster.blocks.resize(1);
  cluster.bytes = 1ULL << 32;
  put_record(out, cluster);
  EXPECT_EQ(out.size(), 0U);
}

// Numbers of entries that the payload does not have.
TEST(ClusterRecords, ThatLieAreNotBelieved) {
  ClusterRecord cluster;
  cluster.blocks.resize(2);
  mkv::Output out;
  put_record(out, cluster);
  const std::size_t entry_bytes_at = 4 + 12;
  for (const std::uint16_t value : {0, 15, 17, 65535}) {
    Bytes lie(out.bytes().begin(), out.bytes().end());
    mkv::store_little(value, MutableByteSpan(lie).subspan(entry_bytes_at, 2));
    Metadata found;
    EXPECT_TRUE(read_records(lie, found));
    EXPECT_TRUE(found.clusters.empty()) << value;
  }
}

}  // namespace
}  // namespace genlock::recording
