// Seeks led by the cluster records of the GENLOCK track: they save reading, and what they say wrongly changes
// nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damage.h"
#include "mkv/endian.h"
#include "recording/file_contents.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using testing::Contains;
using testing::HasSubstr;

constexpr std::size_t kCaptures = 150;
constexpr std::int64_t kStartUs = 1'000'000;

/// Images of more bytes than are looked at to find the next one.
Bytes light_file() {
  constexpr std::size_t kImageBytes = 6000;
  test::TakeContent take = test::light_take(kCaptures);
  for (Capture& capture : take.captures)
    capture.color->data = Buffer::from_vector(std::vector<std::byte>(kImageBytes, std::byte{7}));
  const Result<Bytes> file = test::record(test::light_info(), take);
  EXPECT_TRUE(file);
  return *file;
}

/// Counts the reads of what it passes on.
class CountingSource final : public ByteSource {
 public:
  CountingSource(Bytes bytes, int& reads) : source_(std::move(bytes)), reads_(reads) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    ++reads_;
    return source_.read_at(offset, out);
  }
  std::uint64_t size() const override { return source_.size(); }

 private:
  MemorySource source_;
  int& reads_;
};

std::unique_ptr<Reader> reader_of(Bytes file) {
  auto reader = Reader::open(std::make_unique<MemorySource>(std::move(file)));
  EXPECT_TRUE(reader) << reader.error().message();
  return *std::move(reader);
}

std::int64_t time_of(const Result<std::optional<Capture>>& capture) {
  EXPECT_TRUE(capture && *capture && (*capture)->color);
  return capture && *capture && (*capture)->color ? count_us((*capture)->color->device_time) : 0;
}

/// Device times of the capture before and the three behind each of many places, from late to early and back.
std::vector<std::int64_t> seen_about(Reader& reader) {
  std::vector<std::int64_t> seen;
  constexpr std::int64_t kStepUs = 350'000;
  constexpr std::int64_t kLastUs = kStartUs + 4'600'000;
  for (std::int64_t step = 0; step < 26; ++step) {
    const std::int64_t place = step < 13 ? kLastUs - step * kStepUs : kLastUs - (25 - step) * kStepUs;
    reader.seek(device_time_us(place));
    for (int i = 0; i < 3; ++i) seen.push_back(time_of(reader.next_capture()));
    reader.seek(device_time_us(place));
    seen.push_back(time_of(reader.previous_capture()));
  }
  return seen;
}

/// The cluster records of a file, to be changed in place.
class Records {
 public:
  explicit Records(Bytes& file) {
    const MemorySource source(file);
    mkv::Input input(source);
    const auto contents = read_contents(input);
    EXPECT_TRUE(contents);
    const std::vector<std::size_t> clusters = test::cluster_offsets(file);
    for (std::size_t i = 0; i + 1 < clusters.size(); ++i) {
      std::array<std::byte, 12> start;
      mkv::store_little(clusters[i] - contents->segment.data, MutableByteSpan(start).first(8));
      mkv::store_little(clusters[i + 1] - clusters[i], MutableByteSpan(start).subspan(8));
      for (const std::size_t at : test::offsets_of(file, start))
        records_.push_back(MutableByteSpan(file).subspan(at, 24));
    }
  }

  std::size_t size() const { return records_.size(); }

  void add_to_position(std::size_t record, std::uint64_t amount) { add(record, 0, 8, amount); }
  void add_to_bytes(std::size_t record, std::uint64_t amount) { add(record, 8, 4, amount); }
  void add_to_time(std::size_t record, std::int64_t us) {
    add(record, 16, 8, static_cast<std::uint64_t>(us));
  }
  /// So that it says to have the next one's cluster too.
  void swallow_next(std::size_t record) {
    add_to_bytes(record, mkv::load_little(records_[record + 1].subspan(8, 4)));
  }

 private:
  void add(std::size_t record, std::size_t at, std::size_t bytes, std::uint64_t amount) {
    const MutableByteSpan field = records_[record].subspan(at, bytes);
    mkv::store_little(mkv::load_little(field) + amount, field);
  }

  std::vector<MutableByteSpan> records_;
};

// Between the cues of every second are 31 clusters.
TEST(RecordSeek, DoesNotReadTheHeadsBetweenTwoCues) {
  int reads = 0;
  auto opened = Reader::open(std::make_unique<CountingSource>(light_file(), reads));
  ASSERT_TRUE(opened);
  Reader& reader = **opened;
  reader.seek(device_time_us(kStartUs + 4'000'000));
  (void)reader.next_capture();
  reads = 0;
  reader.seek(device_time_us(kStartUs + 1'700'000));
  EXPECT_EQ(time_of(reader.next_capture()), kStartUs + 1'700'000);
  EXPECT_LE(reads, 20);
  EXPECT_TRUE(reader.problems().empty());
}

class LyingRecord : public testing::TestWithParam<void (*)(Records&, std::size_t)> {};

TEST_P(LyingRecord, ChangesNothingThatIsRead) {
  const Bytes file = light_file();
  const std::vector<std::int64_t> expected = seen_about(*reader_of(file));
  Bytes lying = file;
  const std::size_t records = Records(lying).size();
  ASSERT_GT(records, 100U);
  for (std::size_t record = 1; record + 1 < records; record += 41) {
    lying = file;
    Records changed(lying);
    GetParam()(changed, record);
    ASSERT_NE(lying, file);
    EXPECT_EQ(seen_about(*reader_of(lying)), expected) << "record " << record;
  }
}

TEST_P(LyingRecord, ChangesNothingWhereAllLie) {
  Bytes file = light_file();
  const std::vector<std::int64_t> expected = seen_about(*reader_of(file));
  Records records(file);
  for (std::size_t i = 0; i + 1 < records.size(); ++i) GetParam()(records, i);
  EXPECT_EQ(seen_about(*reader_of(file)), expected);
}

constexpr std::int64_t kLongUs = 3'000'000'000;

INSTANTIATE_TEST_SUITE_P(Recording, LyingRecord,
                         testing::Values(
                             +[](Records& records, std::size_t i) { records.add_to_position(i, 1); },
                             +[](Records& records, std::size_t i) { records.add_to_bytes(i, 1); },
                             +[](Records& records, std::size_t i) { records.add_to_bytes(i, 1U << 31); },
                             +[](Records& records, std::size_t i) { records.swallow_next(i); },
                             +[](Records& records, std::size_t i) { records.add_to_time(i, 1); },
                             +[](Records& records, std::size_t i) { records.add_to_time(i, -40'000); },
                             +[](Records& records, std::size_t i) { records.add_to_time(i, 40'000); },
                             +[](Records& records, std::size_t i) { records.add_to_time(i, kLongUs); },
                             +[](Records& records, std::size_t i) { records.add_to_time(i, -kLongUs); },
                             +[](Records& records, std::size_t i) {
                               records.add_to_time(i,
                                                   std::numeric_limits<std::int64_t>::max() - 2 * kStartUs);
                             }));

TEST(RecordSeek, NotesARecordThatItsClusterContradicts) {
  Bytes file = light_file();
  Records records(file);
  for (std::size_t i = 0; i < records.size(); ++i) records.add_to_time(i, 1);
  const auto reader = reader_of(file);
  (void)seen_about(*reader);
  EXPECT_THAT(reader->problems(), Contains(HasSubstr("record of the cluster at byte")));
}

}  // namespace
}  // namespace genlock::recording
