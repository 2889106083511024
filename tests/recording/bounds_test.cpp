// Files with more of something than any recording has: they open, say what was left out, and cost no more
// memory than the bounds allow.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "damage.h"
#include "made_file.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "recording/part.h"
#include "recording/reader.h"

namespace genlock::recording {
namespace {

using mkv::ElementWriter;
using test::Bytes;
using test::MadeFile;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using Id = mkv::ElementId;
using Put = std::function<void(ElementWriter&)>;

/// Three colour images, and notes.
MadeFile small_recording() {
  MadeFile file;
  file.tracks = {test::video_track(1, kColorTrack, PixelFormat::mjpg, {1280, 720}, 30),
                 {.number = 3, .name = "NOTES", .codec_private = {}, .size = {}}};
  file.tags = {{"K4A_COLOR_MODE", "MJPG_720P"}};
  for (std::int64_t i = 0; i < 3; ++i)
    file.clusters.push_back({{1, i * 33'333, {"color"}}, {3, i * 33'333, {"note"}}});
  return file;
}

/// The bytes of what `put` writes into a segment.
Bytes segment_content(const Put& put) {
  mkv::Output out;
  ElementWriter writer(out);
  writer.put_master(Id::segment, {.size_width = 8}, [&] { put(writer); });
  return {out.bytes().begin() + 12, out.bytes().end()};
}

/// The small recording with more before its first cluster.
Bytes recording_with(const Bytes& more) {
  Bytes file = small_recording().bytes();
  const auto at = static_cast<std::ptrdiff_t>(test::cluster_offsets(file).front());
  file.insert(file.begin() + at, more.begin(), more.end());
  return file;
}
Bytes recording_with(const Put& put) {
  return recording_with(segment_content(put));
}

ByteSpan span_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::unique_ptr<Part> open_part(const Bytes& file) {
  auto part = Part::open(std::make_unique<MemorySource>(file), {});
  EXPECT_TRUE(part) << part.error().message();
  return *std::move(part);
}

/// Its images are there all the same.
void expect_playable(const Bytes& file) {
  const auto reader = Reader::open(std::make_unique<MemorySource>(file));
  ASSERT_TRUE(reader) << reader.error().message();
  std::size_t captures = 0;
  for (const Result<Capture>& capture : (*reader)->captures()) captures += capture && capture->color;
  EXPECT_EQ(captures, 3U);
  EXPECT_EQ((*reader)->survey().value().frames.size(), 3U);
}

void put_simple_tag(ElementWriter& writer, std::string_view value) {
  writer.put_master(Id::simple_tag, [&] {
    writer.put_string(Id::tag_name, "N");
    writer.put_string(Id::tag_string, value);
  });
}

/// Tags with one Tag each of so many targets and simple tags.
Put tag_with(std::size_t targets, std::size_t simple_tags, const std::string& value = "v") {
  return [=](ElementWriter& writer) {
    writer.put_master(Id::tags, [&] {
      writer.put_master(Id::tag, [&] {
        writer.put_master(Id::targets, [&] {
          for (std::size_t i = 0; i < targets; ++i) writer.put_uint(Id::tag_track_uid, 1001);
        });
        for (std::size_t i = 0; i < simple_tags; ++i) put_simple_tag(writer, value);
      });
    });
  };
}

TEST(Bounds, HoldForTheNumberOfTags) {
  const Bytes file = recording_with(tag_with(0, FileLimits::kTags + 10'000));
  const auto part = open_part(file);
  EXPECT_EQ(part->contents.tags.size(), FileLimits::kTags);
  EXPECT_THAT(part->open_problems, Contains(HasSubstr("too many tags")));
  expect_playable(file);
}

TEST(Bounds, HoldForTheTextOfTags) {
  const std::string value(60'000, 'v');
  const Bytes file = recording_with(tag_with(0, 300, value));
  const auto part = open_part(file);
  std::size_t bytes = 0;
  for (const TagElement& tag : part->contents.tags) bytes += tag.name.size() + tag.value.size();
  EXPECT_LE(bytes, FileLimits::kTextBytes + value.size());
  EXPECT_THAT(part->open_problems, Contains(HasSubstr("too many tags")));
  expect_playable(file);
}

TEST(Bounds, HoldForTheTargetsOfATag) {
  const Bytes file = recording_with(tag_with(5000, 1));
  const auto part = open_part(file);
  EXPECT_EQ(part->contents.tags.back().tracks.size(), FileLimits::kTagTargets);
  expect_playable(file);
}

// Each of a tag's values has all of its targets.
TEST(Bounds, HoldForTargetsTimesValues) {
  const Bytes file = recording_with(tag_with(FileLimits::kTagTargets, FileLimits::kTags - 1));
  const auto part = open_part(file);
  std::size_t targets = 0;
  for (const TagElement& tag : part->contents.tags) targets += tag.tracks.size() + tag.attachments.size();
  EXPECT_LE(targets, FileLimits::kTargets);
  EXPECT_THAT(part->open_problems, Contains(HasSubstr("too many tags")));
  expect_playable(file);
}

// As many tags with a target each as a file with many tracks can have are no attack.
TEST(Bounds, LeaveRoomForTagsOfManyTracks) {
  const Bytes file = recording_with([](ElementWriter& writer) {
    for (int i = 0; i < 3000; ++i) tag_with(1, 1)(writer);
  });
  const auto part = open_part(file);
  EXPECT_THAT(part->open_problems, IsEmpty());
  EXPECT_EQ(std::ranges::count(part->contents.tags, false, &TagElement::global), 3000);
}

TEST(Bounds, HoldForTracks) {
  MadeFile made = small_recording();
  for (std::uint64_t i = 0; i < 5000; ++i)
    made.tracks.push_back(
        {.number = 10 + i, .name = "T" + std::to_string(i), .codec_private = {}, .size = {}});
  const Bytes file = made.bytes();
  const auto part = open_part(file);
  EXPECT_EQ(part->contents.tracks.size(), FileLimits::kTracks);
  EXPECT_THAT(part->open_problems, Contains(HasSubstr("more than 1000 tracks")));
  expect_playable(file);
}

TEST(Bounds, HoldForThePrivateDataOfTracks) {
  MadeFile made = small_recording();
  const std::string data(60'000, 'p');
  for (std::uint64_t i = 0; i < 300; ++i)
    made.tracks.push_back(
        {.number = 10 + i, .name = "T" + std::to_string(i), .codec_private = data, .size = {}});
  const Bytes file = made.bytes();
  std::size_t bytes = 0;
  const auto part = open_part(file);
  for (const TrackElement& track : part->contents.tracks) bytes += track.codec_private.size();
  EXPECT_LE(bytes, FileLimits::kPrivateBytes);
  expect_playable(file);
}

TEST(Bounds, HoldForAttachments) {
  const Bytes file = recording_with([](ElementWriter& writer) {
    writer.put_master(Id::attachments, [&] {
      for (int i = 0; i < 5000; ++i)
        writer.put_master(Id::attached_file, [&] {
          writer.put_string(Id::file_name, "a" + std::to_string(i));
          writer.put_uint(Id::file_uid, 1);
          writer.put_binary(Id::file_data, span_of("x"));
        });
    });
  });
  const auto part = open_part(file);
  EXPECT_EQ(part->contents.attachments.size(), FileLimits::kAttachments);
  EXPECT_THAT(part->open_problems, Contains(HasSubstr("more than 1000 attachments")));
  expect_playable(file);
}

/// Counts the calls to it.
class CountedSource final : public ByteSource {
 public:
  CountedSource(const Bytes& bytes, std::size_t& calls) : bytes_(bytes), calls_(calls) {}
  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    ++calls_;
    return bytes_.read_at(offset, out);
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const MemorySource bytes_;
  std::size_t& calls_;
};

// Each entry that is followed costs a look at another place of the file: here at both ends of it, in turn.
TEST(Bounds, HoldForSeekEntries) {
  constexpr std::uint64_t kEntries = 20'000;
  const Bytes file = recording_with([](ElementWriter& writer) {
    writer.put_master(Id::seek_head, [&] {
      for (std::uint64_t i = 0; i < kEntries; ++i)
        writer.put_master(Id::seek, [&] {
          std::array<std::byte, 4> id;
          mkv::store_big(static_cast<std::uint32_t>(Id::tags), id);
          writer.put_binary(Id::seek_id, id);
          writer.put_uint(Id::seek_position, i % 2 * 200'000 + i);
        });
    });
  });
  std::size_t calls = 0;
  const auto reader = Reader::open(std::make_unique<CountedSource>(file, calls));
  ASSERT_TRUE(reader) << reader.error().message();
  EXPECT_LT(calls, file.size() / 1024 + 200);
  expect_playable(file);
}

/// Cue points that all name another place, where no cluster is.
Bytes cues_element(std::size_t points) {
  constexpr std::size_t kPoint = 16;
  const auto content = static_cast<std::uint32_t>(points * kPoint);
  Bytes bytes{std::byte{0x1C}, std::byte{0x53}, std::byte{0xBB}, std::byte{0x6B}, std::byte{0x08}};
  bytes.resize(9 + content);
  mkv::store_big(content, MutableByteSpan(bytes).subspan(5, 4));
  for (std::size_t i = 0; i < points; ++i) {
    // CuePoint { CueTime 1, CueTrackPositions { CueTrack 1, CueClusterPosition } }
    constexpr std::array<unsigned char, 12> kHead{0xBB, 0x8E, 0xB3, 0x81, 0x01, 0xB7,
                                                  0x89, 0xF7, 0x81, 0x01, 0xF1, 0x84};
    const MutableByteSpan point = MutableByteSpan(bytes).subspan(9 + i * kPoint, kPoint);
    std::ranges::copy(std::as_bytes(std::span(kHead)), point.begin());
    mkv::store_big(i + 1, point.last(4));
  }
  return bytes;
}

TEST(Bounds, HoldForCuePoints) {
  const Bytes file = recording_with(cues_element(CueList::kMost + 500));
  const auto part = open_part(file);
  EXPECT_EQ(part->cues.all().size(), CueList::kMost);
  EXPECT_THAT(part->input.problems(), Contains(HasSubstr("cue points; the others are ignored")));
  expect_playable(file);
  const auto reader = Reader::open(std::make_unique<MemorySource>(file)).value();
  reader->seek_end();
  EXPECT_EQ(reader->previous_capture().value().value().color->device_time, device_time_us(66'666));
}

TEST(Bounds, HoldForTheFramesOfACluster) {
  constexpr std::size_t kMostFrames = 65536;
  for (const bool laced : {false, true}) {
    MadeFile made = small_recording();
    const std::vector<std::string> frames(laced ? 250 : 1, "n");
    for (std::size_t i = 0; i < kMostFrames + 2000; i += frames.size())
      made.clusters[1].push_back({3, 33'334, frames});
    const auto reader = Reader::open(std::make_unique<MemorySource>(made.bytes())).value();
    std::size_t notes = 0;
    for (const Result<DataBlock>& note : reader->data("NOTES")) notes += note.has_value();
    EXPECT_LE(notes, kMostFrames + 2);
    EXPECT_GE(notes, kMostFrames - 250);
    EXPECT_THAT(reader->problems(), Contains(HasSubstr("frames; those behind the first 65536 are left out")));
    expect_playable(made.bytes());
  }
}

}  // namespace
}  // namespace genlock::recording
