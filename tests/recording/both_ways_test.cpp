// What a recording gives forwards it gives backwards, and a survey lists as many: on files that no recorder
// makes, and on damaged ones.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "damage.h"
#include "made_file.h"
#include "mkv/endian.h"
#include "recording/file_contents.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using test::MadeBlock;
using test::MadeFile;
using testing::Contains;
using testing::HasSubstr;

std::unique_ptr<Reader> reader_of(const Bytes& file, ReaderOptions options = {}) {
  auto reader = Reader::open(std::make_unique<MemorySource>(file), options);
  EXPECT_TRUE(reader) << reader.error().message();
  return *std::move(reader);
}

/// Device times of a capture's images; -1 where there is none.
using Times = std::array<std::int64_t, 3>;

Times times_of(const Capture& capture) {
  const auto time = [](const std::optional<Image>& image) {
    return image ? count_us(image->device_time) : -1;
  };
  return {time(capture.color), time(capture.depth), time(capture.ir)};
}

template <class Next>
std::vector<Times> captures_by(Next next) {
  std::vector<Times> all;
  for (Result<std::optional<Capture>> capture = next(); capture.value(); capture = next())
    all.push_back(times_of(**capture));
  return all;
}

template <class Next>
std::size_t count(Next next) {
  std::size_t items = 0;
  while (next().value()) ++items;
  return items;
}

std::size_t images_of(const std::vector<Times>& captures) {
  std::size_t images = 0;
  for (const Times& times : captures) images += 3 - static_cast<std::size_t>(std::ranges::count(times, -1));
  return images;
}

struct Told {
  std::vector<Times> captures;
  std::size_t samples = 0;
  bool index_was_right = true;
  std::vector<std::string> problems;
};

/// Reads all of it, and holds both ways and surveys to one another.
Told expect_same_both_ways(const Bytes& file, ReaderOptions options = {}) {
  const auto reader = reader_of(file, options);
  const Survey before = reader->survey().value();
  Told told;
  told.captures = captures_by([&] { return reader->next_capture(); });
  std::vector<Times> backwards = captures_by([&] { return reader->previous_capture(); });
  std::ranges::reverse(backwards);
  EXPECT_EQ(told.captures, backwards);
  told.samples = count([&] { return reader->next_imu_sample(); });
  EXPECT_EQ(count([&] { return reader->previous_imu_sample(); }), told.samples);
  told.problems = reader->problems();
  for (const SurveyFrom from : {SurveyFrom::index, SurveyFrom::clusters}) {
    const Survey survey = reader->survey(from).value();
    EXPECT_EQ(survey.frames.size(), images_of(told.captures));
    EXPECT_EQ(survey.imu_samples, told.samples);
  }
  told.index_was_right =
      before.frames.size() == images_of(told.captures) && before.imu_samples == told.samples;
  EXPECT_TRUE(told.index_was_right || !told.problems.empty());
  return told;
}

/// Colour and depth at 30 fps, without frames yet.
MadeFile empty_file() {
  MadeFile file;
  const Size depth = image_size(DepthMode::nfov_2x2binned);
  file.tracks = {test::video_track(1, kColorTrack, PixelFormat::mjpg, {1280, 720}, 30),
                 test::video_track(2, kDepthTrack, PixelFormat::depth16, depth, 30)};
  file.tags = {{"K4A_DEPTH_MODE", "NFOV_2X2BINNED"}};
  return file;
}

Told expect_same_with_any_cues(MadeFile file) {
  Told told;
  for (const std::size_t cues : {0, 1, 3}) {
    file.cue_every = cues;
    const Told now = expect_same_both_ways(file.bytes(), {.any_image_size = true});
    EXPECT_TRUE(told.captures.empty() || now.captures == told.captures) << "a cue every " << cues;
    told = now;
  }
  return told;
}

TEST(BothWays, GiveTheSameWhereClustersAreOutOfOrder) {
  MadeFile file = empty_file();
  for (const std::int64_t time : {0, 33'000, 66'000, 20'000, 53'000, 86'000, 86'000, 1'000, 900'000, 5'000})
    file.clusters.push_back({{1, time, {"colour"}}, {2, time + 4'000, {"depth"}}});
  const Told told = expect_same_with_any_cues(file);
  EXPECT_EQ(images_of(told.captures), 20U);
  EXPECT_EQ(told.captures[3], (Times{20'000, 24'000, -1}));
}

TEST(BothWays, GiveTheSameWhereBlocksAreFarFromTheirClusters) {
  MadeFile file = empty_file();
  for (std::int64_t i = 0; i < 30; ++i)
    file.clusters.push_back({{1, i * 10'000, {"colour"}},
                             {2, i * 10'000 + i * 7 % 5 * 6'000 - 11'000, {"depth"}},
                             {1, i * 10'000 + i * 5 % 7 * 4'000, {"colour"}}});
  EXPECT_EQ(images_of(expect_same_with_any_cues(file).captures), 90U);
}

TEST(BothWays, GiveTheSameWhereAllImagesAreOfOneTime) {
  MadeFile file = empty_file();
  for (std::uint64_t i = 0; i < 100; ++i) file.clusters.push_back({{1 + i % 3 % 2, 5'000, {"image"}}});
  EXPECT_EQ(images_of(expect_same_with_any_cues(file).captures), 100U);
}

/// Images closer to one another than half a period, on and on.
MadeFile file_of_a_run() {
  MadeFile file = empty_file();
  std::int64_t time = 0;
  for (std::uint64_t i = 0; i < 400; ++i, time += 6'000 + static_cast<std::int64_t>(i % 7) * 1'500)
    file.clusters.push_back({{1 + i % 3 % 2, time, {"image"}}});
  return file;
}

TEST(BothWays, GiveTheSameInRunsWithoutAnEnd) {
  EXPECT_EQ(images_of(expect_same_with_any_cues(file_of_a_run()).captures), 400U);
}

// A place to begin at must not change what is one capture.
TEST(BothWays, GiveTheSameFromAnySeekIntoARunWithoutAnEnd) {
  const auto reader = reader_of(file_of_a_run().bytes(), {.any_image_size = true});
  const std::vector<Times> all = captures_by([&] { return reader->next_capture(); });
  for (std::int64_t time = 0; time < 4'000'000; time += 17'300) {
    reader->seek(device_time_us(time));
    const std::vector<Times> rest = captures_by([&] { return reader->next_capture(); });
    ASSERT_LE(rest.size(), all.size());
    EXPECT_TRUE(std::equal(rest.rbegin(), rest.rend(), all.rbegin())) << time;
  }
}

// Both ways, a run is looked through for a bounded time only.
TEST(BothWays, GiveTheFirstCaptureOfARunWithoutReadingAllOfIt) {
  class CountingSource final : public ByteSource {
   public:
    CountingSource(Bytes bytes, std::size_t& reads) : bytes_(std::move(bytes)), reads_(reads) {}
    Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
      reads_ += out.size();
      return bytes_.read_at(offset, out);
    }
    std::uint64_t size() const override { return bytes_.size(); }

   private:
    MemorySource bytes_;
    std::size_t& reads_;
  };
  MadeFile file = file_of_a_run();
  for (std::vector<MadeBlock>& cluster : file.clusters) cluster[0].frames[0] = std::string(20'000, 'x');
  std::size_t bytes = 0;
  auto opened = Reader::open(std::make_unique<CountingSource>(file.bytes(), bytes), {.any_image_size = true});
  ASSERT_TRUE(opened);
  bytes = 0;
  ASSERT_TRUE((*opened)->next_capture().value());
  EXPECT_LT(bytes, 200 * 4096U);
}

/// Recorded, with an index.
const Bytes& recorded() {
  static const Bytes file = [] {
    test::TakeContent take = test::light_take(75);
    for (Capture& capture : take.captures)
      capture.color->data = Buffer::from_vector(std::vector<std::byte>(500, std::byte{7}));
    return test::record(test::light_info(), take).value();
  }();
  return file;
}

const Told& sound() {
  static const Told told = expect_same_both_ways(recorded());
  return told;
}

TEST(BothWays, GiveTheSameOfASoundRecording) {
  EXPECT_EQ(sound().captures.size(), 75U);
  EXPECT_TRUE(sound().index_was_right);
  EXPECT_TRUE(sound().problems.empty());
}

TEST(BothWays, GiveTheSameWhereverBytesAreDamaged) {
  const std::vector<std::size_t> clusters = test::cluster_offsets(recorded());
  for (const std::size_t cluster : {0U, 31U, 32U, 60U}) {
    for (std::size_t at = clusters[cluster]; at < clusters[cluster + 1];
         at += at < clusters[cluster] + 90 ? 3 : 97) {
      for (const unsigned change : {0x10U, 0xFFU}) {
        Bytes file = recorded();
        file[at] ^= static_cast<std::byte>(change);
        const Told told = expect_same_both_ways(file);
        EXPECT_GE(told.captures.size(), 70U) << "byte " << at << " of " << clusters[cluster];
      }
    }
  }
}

TEST(BothWays, GiveTheSameWhereClustersAreOverwritten) {
  const std::vector<std::size_t> clusters = test::cluster_offsets(recorded());
  for (std::size_t first = 1; first + 3 < clusters.size(); first += 9) {
    for (const std::size_t length : {200U, 1500U}) {
      for (const bool zeros : {false, true}) {
        Bytes file = recorded();
        const std::size_t from = clusters[first] + first * 37 % 700;
        test::spoil(file, from, from + length);
        if (zeros) std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(from), length, std::byte{0});
        EXPECT_GE(expect_same_both_ways(file).captures.size(), 68U);
      }
    }
  }
}

/// The size field of a cluster changed so that it ends where the cluster behind the next begins.
TEST(BothWays, GiveTheSameWhereAClusterClaimsTheNextOne) {
  const std::vector<std::size_t> clusters = test::cluster_offsets(recorded());
  for (const std::size_t cluster : {5U, 31U, 40U}) {
    Bytes file = recorded();
    constexpr std::size_t kHead = 12;  // id and a size of 8 bytes
    mkv::store_big(clusters[cluster + 2] - clusters[cluster] - kHead,
                   MutableByteSpan(file).subspan(clusters[cluster] + 5, 7));
    EXPECT_GE(expect_same_both_ways(file).captures.size(), 73U);
  }
}

/// The records of a cluster in the index, from their position field on.
std::vector<MutableByteSpan> records_of(Bytes& file, std::size_t cluster) {
  const MemorySource source(file);
  mkv::Input input(source);
  const FileContents contents = read_contents(input).value();
  const std::vector<std::size_t> clusters = test::cluster_offsets(file);
  std::array<std::byte, 12> start;
  mkv::store_little(clusters[cluster] - contents.segment.data, MutableByteSpan(start).first(8));
  mkv::store_little(clusters[cluster + 1] - clusters[cluster], MutableByteSpan(start).subspan(8));
  std::vector<MutableByteSpan> records;
  for (const std::size_t at : test::offsets_of(file, start))
    records.push_back(MutableByteSpan(file).subspan(at));
  return records;
}

constexpr std::size_t kEntries = 24;
constexpr std::size_t kEntryBytes = 16;
constexpr std::size_t kEntryTrack = 12;

// It is believed until what it says of is read: then that is told, and a survey lists what is there.
TEST(IndexOfDamage, IsBelievedUntilReadingContradictsIt) {
  Bytes file = recorded();
  for (const MutableByteSpan record : records_of(file, 20))
    for (std::size_t entry = 0; entry < mkv::load_little(record.subspan(14, 2)); ++entry)
      record[kEntries + entry * kEntryBytes + kEntryTrack] = std::byte{99};
  ASSERT_NE(file, recorded());
  const Told told = expect_same_both_ways(file);
  EXPECT_FALSE(told.index_was_right);
  EXPECT_EQ(told.captures, sound().captures);
  EXPECT_EQ(told.samples, sound().samples);
  EXPECT_THAT(told.problems, Contains(HasSubstr("the index does not list what is in the cluster")));
}

// So that a small file cannot make it list more frames than it has room for.
TEST(IndexOfDamage, IsNotBelievedWhereItsBlocksOverlap) {
  Bytes file = recorded();
  std::size_t changed = 0;
  for (std::size_t cluster = 0; cluster < 30; ++cluster) {
    for (const MutableByteSpan record : records_of(file, cluster)) {
      const MutableByteSpan entries = record.subspan(kEntries);
      if (mkv::load_little(record.subspan(14, 2)) < 2) continue;
      std::ranges::copy(entries.first(8), entries.subspan(kEntryBytes).begin());
      ++changed;
    }
  }
  ASSERT_GT(changed, 10U);
  const Told told = expect_same_both_ways(file);
  EXPECT_TRUE(told.index_was_right);
  EXPECT_EQ(told.captures, sound().captures);
}

/// Positions in the Cues, each in as many bytes as it takes.
std::vector<std::pair<std::size_t, std::size_t>> cue_positions(const Bytes& file) {
  const MemorySource source(file);
  mkv::Input input(source);
  const FileContents contents = read_contents(input).value();
  std::vector<std::pair<std::size_t, std::size_t>> places;
  mkv::Children points(input, *contents.cues);
  while (const auto point = points.next()) {
    mkv::Children fields(input, *point);
    while (const auto field = fields.next()) {
      if (field->id != mkv::ElementId::cue_track_positions) continue;
      mkv::Children parts(input, *field);
      while (const auto part = parts.next())
        if (part->id == mkv::ElementId::cue_cluster_position) places.emplace_back(part->data, part->size());
    }
  }
  return places;
}

TEST(CuesOfDamage, ThatLieAreLeftOutAndTheOthersUsed) {
  for (const auto& [at, size] : cue_positions(recorded())) {
    Bytes file = recorded();
    const MutableByteSpan position = MutableByteSpan(file).subspan(at, size);
    mkv::store_big(mkv::load_big(position) + 1, position);
    EXPECT_EQ(expect_same_both_ways(file).captures, sound().captures);
  }
}

// Where a cue point leads to what looks like a cluster, that is one, from whichever side reading comes to it.
TEST(CuesOfDamage, DecideWhichClustersThereAre) {
  Bytes file = recorded();
  const std::vector<std::size_t> clusters = test::cluster_offsets(file);
  const std::array<std::uint8_t, 9> fake{0x1F, 0x43, 0xB6, 0x75, 0xBF, 0xE7, 0x82, 0x01, 0x00};
  const std::size_t at = clusters[20] + 700;
  std::ranges::copy(std::as_bytes(std::span(fake)), file.begin() + static_cast<std::ptrdiff_t>(at));
  const MemorySource source(file);
  mkv::Input input(source);
  const std::uint64_t segment = read_contents(input).value().segment.data;
  const auto places = cue_positions(file);
  for (std::size_t cue = 1; cue < places.size(); ++cue) {
    Bytes lying = file;
    mkv::store_big(at - segment, MutableByteSpan(lying).subspan(places[cue].first, places[cue].second));
    EXPECT_GE(expect_same_both_ways(lying).captures.size(), 73U);
  }
}

}  // namespace
}  // namespace genlock::recording
