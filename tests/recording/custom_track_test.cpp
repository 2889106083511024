// Data of the user's own tracks, attachments, and images of sizes that no mode has.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "recording/block_walker.h"
#include "recording/file_contents.h"
#include "recording/format.h"
#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using test::KeptSink;

Buffer text(std::string_view characters) {
  return Buffer::copy_of(std::as_bytes(std::span(characters)));
}

Buffer bytes_of_size(std::size_t size, unsigned seed) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(seed * 31 + i * 7);
  return Buffer::from_vector(std::move(bytes));
}

struct Datum {
  DeviceTime time;
  Buffer data;
};

/// One block of a custom track as it is in the file.
struct FoundBlock {
  std::int64_t time_us = 0;
  std::vector<std::vector<std::byte>> frames;
};

class CustomTracks : public testing::Test {
 protected:
  static constexpr const char* kNotes = "NOTES";
  static constexpr const char* kForce = "FORCE-SENSOR";

  void SetUp() override {
    info_.custom_tracks.push_back({.name = kNotes, .codec_id = "S_TEXT/UTF8", .codec_private = {}});
    info_.custom_tracks.push_back(
        {.name = kForce, .codec_id = "S_MY/FORCE", .codec_private = text("newton"), .high_frequency = true});
    info_.custom_tracks.push_back({.name = "THERMAL",
                                   .kind = CustomTrack::Kind::video,
                                   .codec_id = "V_MY/THERMAL",
                                   .codec_private = text("kelvin"),
                                   .width = 32,
                                   .height = 24,
                                   .frames_per_second = 9});
    info_.attachments.push_back({"notes.txt", text("left tripod")});
    info_.attachments.push_back({"no extension", bytes_of_size(70'000, 3)});
  }

  std::unique_ptr<Writer> make(WriterOptions options = test::fixed_options()) {
    auto writer = Writer::create(std::make_unique<KeptSink>(memory_), info_, std::move(options));
    EXPECT_TRUE(writer) << writer.error().message();
    return *std::move(writer);
  }

  std::optional<Errc> refusal() {
    const auto writer = Writer::create(std::make_unique<KeptSink>(memory_), info_, test::fixed_options());
    return writer ? std::nullopt : std::optional(writer.error().code());
  }

  std::uint64_t number_of(const FileContents& contents, std::string_view name) {
    const auto track = std::ranges::find(contents.tracks, name, &TrackElement::name);
    EXPECT_NE(track, contents.tracks.end()) << name;
    return track == contents.tracks.end() ? 0 : track->number;
  }

  std::vector<FoundBlock> blocks_of(std::string_view name) {
    const MemorySource source(memory_->bytes());
    mkv::Input input(source);
    const Result<FileContents> contents = read_contents(input);
    EXPECT_TRUE(contents);
    const std::uint64_t number = number_of(*contents, name);
    BlockWalker walker(input, contents->segment, contents->first_cluster, kTimestampScaleNs);
    std::vector<FoundBlock> blocks;
    while (const std::optional<StoredBlock> block = walker.next()) {
      if (block->track != number) continue;
      FoundBlock found{block->time_ns / 1000, {}};
      for (const mkv::Extent& frame : block->frames) {
        found.frames.emplace_back(frame.size);
        EXPECT_TRUE(input.read(frame.offset, found.frames.back()));
      }
      blocks.push_back(std::move(found));
    }
    return blocks;
  }

  RecordingInfo info_ = test::synthetic_info(test::small_config(), true);
  const std::shared_ptr<MemorySink> memory_ = std::make_shared<MemorySink>();
};

/// Every 100 us, of sizes up to 700 bytes: more in one cluster than a lace can hold.
std::vector<Datum> uneven_data(DeviceTime first) {
  std::vector<Datum> data;
  for (unsigned i = 0; i < 900; ++i)
    data.push_back({first + device_us(100 * i), bytes_of_size(1 + i * 37 % 701, i)});
  return data;
}

TEST_F(CustomTracks, KeepEachDatumByItselfUnlessTheyAreLaced) {
  const auto writer = make();
  const DeviceTime start = device_time_us(5'000'000);
  for (unsigned i = 0; i < 5; ++i)
    ASSERT_TRUE(writer->write(kNotes, start + device_us(70 * i), bytes_of_size(i, i)));
  ASSERT_TRUE(writer->close());
  const std::vector<FoundBlock> blocks = blocks_of(kNotes);
  ASSERT_EQ(blocks.size(), 5U);
  for (unsigned i = 0; i < 5; ++i) {
    EXPECT_EQ(blocks[i].time_us, 70 * i);
    ASSERT_EQ(blocks[i].frames.size(), 1U);
    EXPECT_TRUE(std::ranges::equal(blocks[i].frames[0], bytes_of_size(i, i).bytes()));
  }
}

TEST_F(CustomTracks, LaceDataOfAnySizesInLacesThatAByteCanCount) {
  const auto writer = make();
  const DeviceTime start = device_time_us(1'000'000);
  const std::vector<Datum> data = uneven_data(start);
  for (auto datum = data.rbegin(); datum != data.rend(); ++datum)  // the order is the writer's business
    ASSERT_TRUE(writer->write(kForce, datum->time, datum->data));
  ASSERT_TRUE(writer->close());
  std::size_t at = 0;
  for (const FoundBlock& block : blocks_of(kForce)) {
    EXPECT_LE(block.frames.size(), 255U);
    EXPECT_EQ(block.time_us, count_us(data[at].time - start));
    for (const std::vector<std::byte>& frame : block.frames) {
      ASSERT_LT(at, data.size());
      EXPECT_TRUE(std::ranges::equal(frame, data[at].data.bytes())) << at;
      ++at;
    }
  }
  EXPECT_EQ(at, data.size());
}

TEST_F(CustomTracks, AreCountedEachByItself) {
  WriterOptions options = test::fixed_options();
  options.max_queued_bytes = 100'000;
  const auto writer = make(options);
  ASSERT_TRUE(writer->write(kNotes, device_time_us(2'000'000), text("here")));
  EXPECT_EQ(writer->write(kForce, device_time_us(1'000'000), text("late")).error().code(), Errc::too_late);
  EXPECT_EQ(writer->write("THERMAL", device_time_us(2'000'000), bytes_of_size(200'000, 1)).error().code(),
            Errc::overflow);
  EXPECT_EQ(writer->write("NOBODY", device_time_us(2'000'000), text("?")).error().code(), Errc::invalid);
  EXPECT_EQ(writer->write("COLOR", device_time_us(2'000'000), text("?")).error().code(), Errc::invalid);
  const WriterCounters counters = writer->counters();
  ASSERT_EQ(counters.custom.size(), 3U);
  EXPECT_EQ(counters.custom[0].written, 1U);
  EXPECT_EQ(counters.custom[1].refused, 1U);
  EXPECT_EQ(counters.custom[2].refused, 1U);
}

TEST_F(CustomTracks, NeedNamesOfTheirOwn) {
  for (const char* name : {"", "lower", "WITH.DOT", "SPA CE", "COLOR", "GENLOCK", kNotes}) {
    info_.custom_tracks[2].name = name;
    EXPECT_EQ(refusal(), Errc::invalid) << name;
  }
  EXPECT_EQ(memory_->size(), 0U);
  info_.color_track = false;
  info_.custom_tracks[2].name = "COLOR";  // of a track that this file has not: facts k4a-abi.md B10
  EXPECT_EQ(refusal(), std::nullopt);
}

TEST_F(CustomTracks, AreNoMoreThanABlockCanNumberInAByte) {
  while (info_.custom_tracks.size() < 121) {
    CustomTrack track = info_.custom_tracks[0];
    track.name = "TRACK_" + std::to_string(info_.custom_tracks.size());
    info_.custom_tracks.push_back(track);
  }
  const std::string last = info_.custom_tracks.back().name;
  const auto writer = make();
  ASSERT_TRUE(writer->write(last, device_time_us(1), text("x")));
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(blocks_of(last).size(), 1U);
  info_.custom_tracks.push_back({.name = "TOO_MANY", .codec_id = "S_X", .codec_private = {}});
  EXPECT_EQ(refusal(), Errc::invalid);
}

TEST_F(CustomTracks, AreThereWithAttachmentsForOutsideTools) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "custom.mkv";
  auto sink = create_file(file, IfExists::refuse);
  ASSERT_TRUE(sink);
  const auto writer = Writer::create(*std::move(sink), info_, test::fixed_options());
  ASSERT_TRUE(writer);
  const DeviceTime start = device_time_us(1'000'000);
  for (const Capture& capture : test::synthetic_take(test::small_config(), false, 3, start).captures)
    ASSERT_TRUE((*writer)->write(capture));
  for (const Datum& datum : uneven_data(start)) {
    ASSERT_TRUE((*writer)->write(kForce, datum.time, datum.data));
    if (count_us(datum.time) % 10'000 == 0) {
      ASSERT_TRUE((*writer)->write(kNotes, datum.time, text("note")));
    }
  }
  ASSERT_TRUE((*writer)->close());
  test::Process mkvinfo({"mkvinfo", "--all", file}, {});
  ASSERT_EQ(mkvinfo.wait(), 0);
  for (const char* word : {"nknown element", "invalid", "rror", "arning"})
    EXPECT_THAT(mkvinfo.output(), testing::Not(testing::HasSubstr(word)));
  for (const char* word : {"notes.txt", "no extension", "K4A_CUSTOM_TRACK_FORCE-SENSOR", "S_MY/FORCE",
                           "V_MY/THERMAL", "track number 7, 255 frame(s)"})
    EXPECT_THAT(mkvinfo.output(), testing::HasSubstr(word));
  test::Process ffprobe({"ffprobe", "-v", "quiet", "-count_packets", "-show_entries",
                         "stream=nb_read_packets", "-select_streams", "6", "-of", "csv=p=0", file},
                        {});
  ASSERT_EQ(ffprobe.wait(), 0);
  EXPECT_EQ(ffprobe.output(), "900\n");
}

TEST_F(CustomTracks, MakeARecordingWithoutCameras) {
  info_.color_track = info_.depth_track = info_.ir_track = info_.imu_track = false;
  const auto writer = make();
  ASSERT_TRUE(writer->write(kNotes, device_time_us(7), text("alone")));
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(blocks_of(kNotes).size(), 1U);
}

TEST_F(CustomTracks, LeaveImagesOfAnySizeAsTheyAreWhereWanted) {
  WriterOptions options = test::fixed_options();
  Capture capture;
  capture.depth = test::synthetic_image(PixelFormat::depth16, {3, 5}, device_time_us(9), 1);
  capture.depth->data = bytes_of_size(31, 4);  // not even whole pixels
  EXPECT_EQ(make(options)->write(capture).error().code(), Errc::invalid);
  options.any_image_size = true;
  *memory_ = MemorySink();
  const auto writer = make(options);
  ASSERT_TRUE(writer->write(capture));
  capture.depth->data = {};
  EXPECT_EQ(writer->write(capture).error().code(), Errc::invalid);
  ASSERT_TRUE(writer->close());
  const std::vector<FoundBlock> blocks = blocks_of("DEPTH");
  ASSERT_EQ(blocks.size(), 1U);
  const Buffer pixels = bytes_of_size(31, 4);
  const ByteSpan given = pixels.bytes();
  const std::vector<std::byte>& found = blocks[0].frames.at(0);
  ASSERT_EQ(found.size(), 31U);
  EXPECT_EQ(found[0], given[1]);
  EXPECT_EQ(found[1], given[0]);
  EXPECT_EQ(found[30], given[30]);
}

}  // namespace
}  // namespace genlock::recording
