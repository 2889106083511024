// What describes a recording, and what stands beside damage in a cluster, outlives a repair.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damage.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/block_walker.h"
#include "recording/file_layout.h"
#include "repair_cases.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using test::Bytes;
using test::Playback;
using Id = mkv::ElementId;

/// Directly inside the element at `master`, which is 0 for the segment.
std::vector<FoundElement> elements_in(const Bytes& file, std::uint64_t master = 0) {
  const MemorySource source(file);
  mkv::Input input(source);
  FoundElement inside = *mkv::read_element(input, master, input.size());
  if (master == 0) inside = *mkv::read_element(input, inside.end, input.size());
  mkv::Children children(input, inside);
  std::vector<FoundElement> all;
  while (const std::optional<FoundElement> child = children.next()) all.push_back(*child);
  return all;
}

FoundElement first_of(const std::vector<FoundElement>& all, Id id) {
  const auto found = std::ranges::find(all, id, &FoundElement::id);
  EXPECT_NE(found, all.end());
  return found == all.end() ? FoundElement() : *found;
}

/// In a size field of `width` bytes.
void set_size(Bytes& file, const FoundElement& element, std::uint64_t size, int width) {
  mkv::put_vint(size, MutableByteSpan(file).subspan(
                          static_cast<std::size_t>(element.data) - static_cast<std::size_t>(width),
                          static_cast<std::size_t>(width)));
}

/// `file` repaired in place.
Bytes mended(const Bytes& file) {
  MemorySink memory;
  EXPECT_TRUE(memory.append(file));
  const Result<RepairReport> report = repair_in_place(MemorySource(file), memory);
  EXPECT_TRUE(report) << report.error().message();
  return memory.bytes();
}

Bytes wide(Id id, const Bytes& content) {
  mkv::Output out;
  mkv::ElementWriter(out).put_master(Id::segment, {.size_width = 8}, [] {});
  Bytes head(out.bytes().begin(), out.bytes().end());
  for (int i = 0; i < 4; ++i)
    head[static_cast<std::size_t>(i)] =
        static_cast<std::byte>(static_cast<std::uint32_t>(id) >> (24 - 8 * i));
  mkv::put_vint(content.size(), MutableByteSpan(head).subspan(4));
  head.insert(head.end(), content.begin(), content.end());
  return head;
}

/// The recording with its Tags in eight bytes of size, as other programs write them.
Bytes with_wide_tags(const Bytes& file) {
  const FoundElement tags = first_of(elements_in(file), Id::tags);
  const auto at = [&](std::uint64_t offset) { return file.begin() + static_cast<std::ptrdiff_t>(offset); };
  Bytes changed(file.begin(), at(tags.offset));
  const Bytes anew = wide(Id::tags, {at(tags.data), at(tags.end)});
  changed.insert(changed.end(), anew.begin(), anew.end());
  changed.insert(changed.end(), at(tags.end), file.end());
  return changed;
}

TEST(RepairDescription, DoesNotBelieveTagsThatClaimClusters) {
  Bytes file = with_wide_tags(unfinished());
  const Playback before = play(file);
  set_size(file, first_of(elements_in(file), Id::tags),
           test::cluster_offsets(file)[10] - first_of(elements_in(file), Id::tags).data, 8);
  ASSERT_EQ(check_recording(MemorySource(file))->findings.count(FindingCode::element_size), 1U);
  expect_same_data(play(file), before);
  for (const Bytes& repaired : {repair(file).file, mended(file)}) {
    expect_complete(repaired);
    expect_same_data(play(repaired), before);
  }
}

/// At `from`, Cues and a Void in them that both claim all up to `upto`.
void put_false_cues(Bytes& file, std::size_t from, std::size_t upto) {
  Bytes cues = wide(Id::cues, Bytes(9));
  mkv::put_vint(upto - from - 12, MutableByteSpan(cues).subspan(4, 8));
  cues[12] = std::byte{0xEC};
  mkv::put_vint(upto - from - 12 - 9, MutableByteSpan(cues).last(8));
  std::ranges::copy(cues, file.begin() + static_cast<std::ptrdiff_t>(from));
}

// Readers go on at the next cluster by the GENLOCK track's records, whatever seems to cover it.
TEST(RepairDescription, KeepsAClusterThatFalseCuesCover) {
  Bytes file = whole();
  const auto clusters = test::cluster_offsets(file);
  put_false_cues(file, elements_in(file, clusters[20]).back().offset, clusters[22]);
  const Playback before = play(file);
  ASSERT_LT(before.survey.frames.size() + before.imu.size(),
            play(whole()).survey.frames.size() + play(whole()).imu.size());
  for (const Bytes& repaired : {repair(file).file, mended(file)}) {
    expect_complete(repaired);
    expect_same_data(play(repaired), before);
  }
}

TEST(RepairDescription, KeepsATagThatClaimsMoreThanTheTagsHold) {
  Bytes file = unfinished();
  const FoundElement tag = elements_in(file, first_of(elements_in(file), Id::tags).offset).back();
  set_size(file, tag, 100, 1);
  const Playback before = play(file);
  ASSERT_EQ(before.info.start_offset, play(unfinished()).info.start_offset);
  expect_complete(repair(file).file);
  for (const Bytes& repaired : {repair(file).file, mended(file)}) {
    EXPECT_TRUE(check_recording(MemorySource(repaired))->sound());
    expect_same_data(play(repaired), before);
    EXPECT_EQ(play(repaired).info.start_offset, before.info.start_offset);
  }
}

TEST(RepairDescription, LeavesNoChecksumBehindOneThatItTakesAway) {
  const FoundElement tags = first_of(elements_in(whole()), Id::tags);
  Bytes file = with_wide_tags(whole());
  const FoundElement wider = first_of(elements_in(file), Id::tags);
  const Bytes crc(whole().begin() + static_cast<std::ptrdiff_t>(tags.data),
                  whole().begin() + static_cast<std::ptrdiff_t>(tags.data) + 6);
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(wider.data), crc.begin(), crc.end());
  set_size(file, wider, mkv::kUnknownSize, 8);
  EXPECT_TRUE(check_recording(MemorySource(repair(file).file))->sound());
}

/// The first GENLOCK block.
mkv::Extent first_records(const Bytes& file) {
  const MemorySource source(file);
  mkv::Input input(source);
  const FileContents contents = *read_contents(input);
  const FileLayout layout = *make_layout(input, contents);
  BlockWalker walker(input, contents.segment, contents.first_cluster, layout.timestamp_scale_ns);
  while (const auto block = walker.next())
    if (block->track == layout.metadata) return block->frames[0];
  return {};
}

ByteSpan bytes_at(const Bytes& file, mkv::Extent extent) {
  return ByteSpan(file).subspan(static_cast<std::size_t>(extent.offset),
                                static_cast<std::size_t>(extent.size));
}

// Readers believe what stands before the torn record.
TEST(RepairDescription, TakesBackWrongRecordsOfABlockThatEndsWithinAnother) {
  Bytes file = whole();
  const auto clusters = test::cluster_offsets(file);
  test::spoil(file, clusters[3], clusters[4]);
  const mkv::Extent block = first_records(file);
  const std::size_t last = block.offset + split_records(bytes_at(file, block)).back().offset;
  file[last + 2] = file[last + 3] = std::byte{0xFF};
  const Bytes repaired = mended(file);
  EXPECT_EQ(check_recording(MemorySource(repaired))->findings.repairable(), 0U);
  Metadata told;
  EXPECT_FALSE(read_records(bytes_at(repaired, block), told));
  const auto at = [](const ClusterRecord& record) { return record.position + 52; };
  EXPECT_NE(std::ranges::find(told.clusters, clusters[2], at), told.clusters.end());
  EXPECT_EQ(std::ranges::find(told.clusters, clusters[3], at), told.clusters.end());
  expect_complete(repair(file).file);
}

TEST(RepairDescription, OverlooksTracksInOtherDataThatHoldNothing) {
  Bytes file = whole();
  const std::vector<FoundElement> elements = elements_in(file);
  const std::vector<FoundElement> seeks = elements_in(file, first_of(elements, Id::seek_head).offset);
  const std::vector<FoundElement> seek = elements_in(file, seeks.at(2).offset);  // of the Attachments
  const std::uint64_t at = first_of(elements, Id::void_).data + 100;
  const Bytes empty = wide(Id::tracks, {});
  std::ranges::copy(empty, file.begin() + static_cast<std::ptrdiff_t>(at));
  const auto put = [&](const FoundElement& field, std::uint64_t value) {
    mkv::store_big(value, MutableByteSpan(file).subspan(field.data, field.size()));
  };
  put(seek.at(0), static_cast<std::uint32_t>(Id::tracks));
  put(seek.at(1), at - elements.front().offset);
  EXPECT_TRUE(check_recording(MemorySource(file))->sound());
  expect_same_data(play(repair(file).file), play(whole()));
}

TEST(RepairDescription, GivesTagsAndAttachmentsTheirSize) {
  Bytes file = whole();
  for (const Id id : {Id::tags, Id::attachments}) {
    const FoundElement element = first_of(elements_in(file), id);
    set_size(file, element, mkv::kUnknownSize, static_cast<int>(element.data - element.offset) - 4);
  }
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  expect_same_data(play(repaired.file), play(whole()));
  EXPECT_TRUE(std::ranges::none_of(elements_in(repaired.file), &FoundElement::unknown_size));
  EXPECT_EQ(play(repaired.file).info.raw_calibration.bytes().size(),
            play(whole()).info.raw_calibration.bytes().size());
}

// Of several the first counts that can be a time.
TEST(RepairDescription, FillsInTheDurationThatReadersTake) {
  Bytes file = unfinished();
  const std::vector<FoundElement> fields = elements_in(file, first_of(elements_in(file), Id::info).offset);
  const FoundElement title = first_of(fields, Id::title);
  ASSERT_EQ(title.end - title.offset, 15U);
  ASSERT_EQ(fields.back().end - fields.back().offset, 11U);
  const auto put = [&](std::uint64_t at, std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) file[at++] = static_cast<std::byte>(byte);
  };
  put(title.offset, {0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0x82, 0, 0});
  put(fields.back().offset, {0x44, 0x89, 0x40, 0x07, 0, 0, 0, 0, 0, 0, 0});
  for (const Bytes& repaired : {repair(file).file, mended(file)}) {
    EXPECT_TRUE(check_recording(MemorySource(repaired))->sound());
    EXPECT_GT(play(repaired).survey.duration.value_or(DeviceDuration()), device_us(1'000'000));
  }
}

TEST(RepairDescription, KeepsATrackWithoutASize) {
  Bytes file = whole();
  const FoundElement tracks = first_of(elements_in(file), Id::tracks);
  const FoundElement last = elements_in(file, tracks.offset).back();
  ASSERT_EQ(last.id, Id::track_entry);
  for (const FoundElement& element : {tracks, last})
    set_size(file, element, mkv::kUnknownSize,
             static_cast<int>(element.data - element.offset) - (element.id == Id::tracks ? 4 : 1));
  const std::size_t tracks_before = play(file).info.custom_tracks.size();
  const Repaired repaired = repair(file);
  EXPECT_TRUE(check_recording(MemorySource(repaired.file))->sound());
  expect_same_data(play(repaired.file), play(whole()));
  EXPECT_EQ(play(repaired.file).info.custom_tracks.size(), tracks_before);
  EXPECT_EQ(elements_in(repaired.file, first_of(elements_in(repaired.file), Id::tracks).offset).size(), 3U);
}

Bytes tag_bytes(std::string_view name, std::string_view value) {
  mkv::Output out;
  mkv::ElementWriter writer(out);
  writer.put_master(Id::tags, [&] {
    writer.put_master(Id::tag, [&] {
      writer.put_master(Id::targets, [] {});
      writer.put_master(Id::simple_tag, [&] {
        writer.put_string(Id::tag_name, name);
        writer.put_string(Id::tag_string, value);
      });
    });
  });
  return {out.bytes().begin(), out.bytes().end()};
}

void append(Bytes& file, const Bytes& more) {
  file.insert(file.end(), more.begin(), more.end());
}

TEST(RepairDescription, FindsTagsThatTheLastClusterClaims) {
  Bytes file = unfinished();
  const std::size_t last = test::cluster_offsets(file).back();
  append(file, tag_bytes("DIRECTOR", "somebody"));
  file[last + 8] = std::byte{1};  // 16 MB more
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  EXPECT_EQ(play(repaired.file).info.tags.at("DIRECTOR"), "somebody");
  EXPECT_EQ(play(repaired.file).captures.size(), play(unfinished()).captures.size());
  EXPECT_EQ(play(mended(file)).info.tags.at("DIRECTOR"), "somebody");
}

/// A SeekHead, which takes the place of the first Void, that leads to what stands at `places`.
void put_seek_head(Bytes& file, const std::vector<std::pair<Id, std::uint64_t>>& places) {
  const FoundElement room = first_of(elements_in(file), Id::void_);
  mkv::Output seeks;
  mkv::ElementWriter writer(seeks);
  writer.put_master(Id::seek_head, [&] {
    for (const auto& [id, at] : places) {
      writer.put_master(Id::seek, [&, id = id, at = at] {
        std::array<std::byte, 4> name{};
        for (std::size_t i = 0; i < name.size(); ++i)
          name[i] = static_cast<std::byte>(static_cast<std::uint32_t>(id) >> (24 - 8 * i));
        writer.put_binary(Id::seek_id, name);
        writer.put_uint(Id::seek_position, at - room.offset);
      });
    }
  });
  mkv::ElementWriter(seeks).put_void(room.end - room.offset - seeks.size());
  std::ranges::copy(seeks.bytes(), file.begin() + static_cast<std::ptrdiff_t>(room.offset));
}

// The first tag of a name counts, and readers come to those first that the SeekHead leads to.
TEST(RepairDescription, KeepsTheOrderInWhichReadersComeToTags) {
  Bytes file = unfinished();
  append(file, tag_bytes("DIRECTOR", "another"));
  const std::size_t second = file.size();
  append(file, tag_bytes("DIRECTOR", "somebody"));
  put_seek_head(file, {{Id::tags, second}});
  ASSERT_EQ(play(file).info.tags.at("DIRECTOR"), "somebody");
  EXPECT_EQ(play(repair(file).file).info.tags.at("DIRECTOR"), "somebody");
  EXPECT_EQ(play(mended(file)).info.tags.at("DIRECTOR"), "somebody");
}

// No reader comes to the second ones.
TEST(RepairDescription, LeavesOutTagsThatWouldMakeReadersRefuseTheFile) {
  Bytes file = whole();
  append(file, tag_bytes("K4A_DEPTH_MODE", "SIDEWAYS"));
  const Repaired repaired = repair(file);
  expect_complete(repaired.file);
  expect_same_data(play(repaired.file), play(whole()));
  expect_complete(mended(file));
  expect_same_data(play(mended(file)), play(whole()));
}

TEST(RepairDescription, KeepsTheWholeAttachmentsOfTornOnes) {
  Bytes file = unfinished();
  mkv::Output out;
  mkv::ElementWriter writer(out);
  writer.put_master(Id::attachments, [&] {
    for (const std::string_view name : {"first.txt", "second.txt"}) {
      writer.put_master(Id::attached_file, [&] {
        writer.put_string(Id::file_name, name);
        writer.put_binary(Id::file_data, std::as_bytes(std::span("many words", 10)));
      });
    }
  });
  append(file, {out.bytes().begin(), out.bytes().end() - 3});
  const Repaired repaired = repair(file);
  EXPECT_EQ(check_recording(MemorySource(repaired.file))->findings.faults(), 0U);
  const auto reader = Reader::open(std::make_unique<MemorySource>(repaired.file));
  ASSERT_TRUE(reader);
  EXPECT_THAT((*reader)->attachment_names(), testing::Contains("first.txt"));
  EXPECT_THAT((*reader)->attachment_names(), testing::Not(testing::Contains("second.txt")));
  MemorySink same;
  ASSERT_TRUE(same.append(file));
  EXPECT_FALSE(repair_in_place(MemorySource(file), same));
  EXPECT_TRUE(same.bytes() == file);
}

/// A cluster with an image between others, and the image's block.
std::pair<std::size_t, FoundElement> image_among_others(const Bytes& file) {
  for (const std::size_t cluster : test::cluster_offsets(file)) {
    const std::vector<FoundElement> inside = elements_in(file, cluster);
    const auto image = std::ranges::find(inside, Id::simple_block, &FoundElement::id);
    if (image != inside.end() && image + 1 != inside.end() && file[image->data] == std::byte{0x81})
      return {cluster, *image};
  }
  ADD_FAILURE() << "no image stands before another block";
  return {};
}

TEST(RepairCluster, KeepsWhatStandsBehindABlockOfNoTrack) {
  Bytes file = whole();
  const auto [cluster, image] = image_among_others(file);
  file[image.data] = std::byte{0xFE};  // track 126
  const std::size_t samples = play(whole()).imu.size();
  const Repaired repaired = repair(file);
  EXPECT_EQ(repaired.report.clusters_salvaged, 1U);
  EXPECT_EQ(play(file).imu.size(), samples) << "readers pass it too";
  for (const Bytes& kept : {repaired.file, mended(file)}) {
    expect_complete(kept);
    EXPECT_EQ(play(kept).survey.frames.size(), 59U);
    EXPECT_EQ(play(kept).imu.size(), samples);
  }
}

TEST(RepairCluster, KeepsWhatStandsBehindAnElementOfNoCluster) {
  Bytes file = whole();
  const auto [cluster, image] = image_among_others(file);
  file[image.offset] = std::byte{0xC1};
  const std::size_t samples = play(whole()).imu.size();
  for (const Bytes& kept : {repair(file).file, mended(file)}) {
    expect_complete(kept);
    EXPECT_EQ(play(kept).survey.frames.size(), 59U);
    EXPECT_EQ(play(kept).imu.size(), samples);
  }
}

TEST(RepairCluster, VouchesForAClusterOfWhichOnlyTheSizeIsWrong) {
  Bytes file = whole();
  const std::size_t cluster = test::cluster_offsets(file)[5];
  file[cluster + 9] = std::byte{1};
  const Repaired repaired = repair(file);
  EXPECT_EQ(repaired.report.clusters_salvaged, 0U);
  for (const Bytes& kept : {repaired.file, mended(file)}) {
    const std::size_t at = test::cluster_offsets(kept)[5];
    EXPECT_EQ(elements_in(kept, at).front().id, Id::crc32);
    EXPECT_EQ(check_recording(MemorySource(kept))->findings.faults(), 0U);
  }
}

// More clusters than readers walk without a GENLOCK block, so that a last one is needed, after a lace of
// samples.
TEST(RepairInPlace, EndsTheIndexWithTheTimeOfTheLastSample) {
  const Bytes file = *test::record_unfinished(test::light_info(), test::light_take(90));
  Bytes cut = file;
  for (const std::size_t cluster : test::cluster_offsets(file)) {
    const std::vector<FoundElement> inside = elements_in(file, cluster);
    const FoundElement first = first_of(inside, inside[2].id);
    if (first.id == Id::simple_block && file[first.data] == std::byte{0x83})
      cut[first.offset] = std::byte{0xEC};
  }
  const auto last_time = [](const Bytes& repaired) {
    const std::vector<FoundElement> last = elements_in(repaired, test::cluster_offsets(repaired).back());
    const FoundElement time = first_of(last, Id::timestamp);
    std::uint64_t value = 0;
    for (std::uint64_t at = time.data; at < time.end; ++at)
      value = value << 8 | std::to_integer<std::uint64_t>(repaired[at]);
    return value;
  };
  const Bytes other = repair(cut).file;
  ASSERT_GT(test::cluster_offsets(other).size(), test::cluster_offsets(cut).size());
  EXPECT_EQ(last_time(mended(cut)), last_time(other));
}

}  // namespace
}  // namespace genlock::recording
