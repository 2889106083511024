#include "repair_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording/block_walker.h"
#include "recording/file_layout.h"
#include "support/stock_rules.h"

namespace genlock::recording {

using test::Bytes;
using test::Playback;

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

}  // namespace genlock::recording
