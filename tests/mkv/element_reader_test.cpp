// The reader on annotated bytes, right ones and wrong ones.

#include "mkv/element_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "byte_helpers.h"

namespace genlock::mkv {
namespace {

using Id = ElementId;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// Walks the children of a master at the start of some bytes.
struct Walk {
  explicit Walk(Bytes file) : source(std::move(file)), input(source) {
    const std::optional<FoundElement> master = read_element(input, 0, input.size());
    if (!master) return;
    Children children(input, *master);
    while (const std::optional<FoundElement> child = children.next()) found.push_back(*child);
    end = children.position();
    damaged = children.damaged();
  }

  std::vector<Id> ids() const {
    std::vector<Id> all;
    for (const FoundElement& element : found) all.push_back(element.id);
    return all;
  }

  MemorySource source;
  Input input;
  std::vector<FoundElement> found;
  std::uint64_t end = 0;
  bool damaged = false;
};

TEST(ElementReader, FindsTheElementsOfAMaster) {
  Walk walk(bytes({0x1F, 0x43, 0xB6, 0x75, 0x86,  // Cluster of 6 bytes
                   0xE7, 0x81, 0x2A,              // Timestamp 42
                   0xA7, 0x81, 0x01}));           // Position 1
  EXPECT_THAT(walk.ids(), ElementsAre(Id::timestamp, Id::position));
  EXPECT_EQ(uint_value(walk.input, walk.found[0]), 42U);
  EXPECT_EQ(walk.found[1].offset, 8U);
  EXPECT_EQ(walk.found[1].size(), 1U);
  EXPECT_EQ(walk.end, 11U);
  EXPECT_THAT(walk.input.problems(), IsEmpty());
}

TEST(ElementReader, ReadsEveryTypeOfValue) {
  Walk walk(join({bytes({0x15, 0x49, 0xA9, 0x66, 0xB3}),                       // Info of 51 bytes
                  bytes({0x44, 0x89, 0x84, 0x44, 0x7A, 0x00, 0x00}),           // Duration 1000, float
                  bytes({0x44, 0x89, 0x88, 0x40, 0x8F, 0x40, 0, 0, 0, 0, 0}),  // Duration 1000, double
                  bytes({0x7B, 0xA9, 0x84}), ascii("ab"), bytes({0, 0}),       // Title "ab", padded
                  bytes({0x44, 0x61, 0x88, 0, 0, 0, 0, 0x3B, 0x9A, 0xCA, 0}),  // 2001-01-01 00:00:01
                  bytes({0x2A, 0xD7, 0xB1, 0x82, 0x03, 0xE8}),                 // TimestampScale 1000
                  bytes({0x73, 0xA4, 0x83, 1, 2, 3, 0xEC, 0x81, 0x00})}));     // SegmentUUID, Void
  ASSERT_EQ(walk.found.size(), 7U);
  EXPECT_EQ(real_value(walk.input, walk.found[0]), 1000.0);
  EXPECT_EQ(real_value(walk.input, walk.found[1]), 1000.0);
  EXPECT_EQ(string_value(walk.input, walk.found[2]), "ab");
  EXPECT_EQ(date_value(walk.input, walk.found[3]), WallTime(std::chrono::seconds(978'307'201)));
  EXPECT_EQ(uint_value(walk.input, walk.found[4]), 1000U);
  EXPECT_EQ(binary_value(walk.input, walk.found[5], 100), bytes({1, 2, 3}));
  EXPECT_THAT(walk.input.problems(), IsEmpty());
}

TEST(ElementReader, EndsAMasterOfUnknownSizeWhereTheNextBegins) {
  Walk walk(bytes({0x18, 0x53, 0x80, 0x67, 0xFF,  // Segment, size unknown
                   0x1F, 0x43, 0xB6, 0x75, 0xFF,  // Cluster, size unknown
                   0xE7, 0x81, 0x01,              // Timestamp
                   0xA0, 0xFF, 0x9B, 0x81, 0x05,  // BlockGroup, size unknown, BlockDuration
                   0x1F, 0x43, 0xB6, 0x75, 0x83,  // Cluster of 3 bytes
                   0xE7, 0x81, 0x02}));
  EXPECT_THAT(walk.ids(), ElementsAre(Id::cluster, Id::cluster));
  EXPECT_EQ(walk.found[1].offset, 18U);
  EXPECT_THAT(walk.input.problems(), IsEmpty());
}

TEST(ElementReader, SkipsElementsItDoesNotKnow) {
  Walk walk(bytes({0x1F, 0x43, 0xB6, 0x75, 0x89, 0x4D, 0xBC, 0x83, 9, 9, 9, 0xE7, 0x81, 0x2A}));
  EXPECT_THAT(walk.ids(), ElementsAre(static_cast<Id>(0x4DBC), Id::timestamp));
  EXPECT_THAT(walk.input.problems(), IsEmpty());
}

TEST(ElementReader, EndsAMasterThatClaimsItsNeighbour) {
  Walk walk(bytes({0x1F, 0x43, 0xB6, 0x75, 0x8D,                    // Cluster that claims 13 bytes
                   0xE7, 0x81, 0x01,                                // Timestamp
                   0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0x81, 0x02,  // the next Cluster
                   0xEC, 0x80}));
  EXPECT_THAT(walk.ids(), ElementsAre(Id::timestamp));
  EXPECT_EQ(walk.end, 8U);
  EXPECT_FALSE(walk.damaged);
  EXPECT_THAT(walk.input.problems(), Not(IsEmpty()));
}

TEST(ElementReader, MarksWhatIsCutOff) {
  Walk walk(bytes({0x1F, 0x43, 0xB6, 0x75, 0x9F, 0xE7, 0x81, 0x01, 0xA3, 0x88, 0x81}));
  ASSERT_EQ(walk.found.size(), 2U);
  EXPECT_TRUE(walk.found[1].cut);
  EXPECT_EQ(walk.found[1].end, 11U);
  EXPECT_FALSE(binary_value(walk.input, walk.found[1], 100));
  EXPECT_THAT(walk.input.problems(), Not(IsEmpty()));
}

TEST(ElementReader, StopsAtBytesThatAreNoElement) {
  Walk walk(bytes({0x1F, 0x43, 0xB6, 0x75, 0x86, 0xE7, 0x81, 0x2A, 0x00, 0x00, 0x00}));
  EXPECT_THAT(walk.ids(), ElementsAre(Id::timestamp));
  EXPECT_TRUE(walk.damaged);
  EXPECT_EQ(walk.end, 8U);
}

TEST(ElementReader, IsNotMisledBySizesOfAllSorts) {
  // 2^56 - 2 bytes, in a file of 20.
  Walk huge(
      bytes({0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xE7, 0x81, 0x01}));
  EXPECT_THAT(huge.ids(), ElementsAre(Id::timestamp));
  Walk number(bytes({0x1F, 0x43, 0xB6, 0x75, 0x8C, 0xE7, 0x8A, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  ASSERT_EQ(number.found.size(), 1U);
  EXPECT_FALSE(uint_value(number.input, number.found[0]));
  EXPECT_FALSE(real_value(number.input, number.found[0]));
  // A number without a size has no end.
  Walk endless(bytes({0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0xFF, 0x01}));
  EXPECT_TRUE(endless.damaged);
}

/// Some bytes and behind them others a million times over.
Bytes and_a_million(Bytes file, const Bytes& content) {
  file.reserve(file.size() + 1'000'000 * content.size());
  for (int i = 0; i < 1'000'000; ++i) file.insert(file.end(), content.begin(), content.end());
  return file;
}

// Masters of unknown size, each inside the one before and none where it belongs: looking for their ends must
// not go as deep as the file says.
TEST(ElementReader, BoundsTheDepthOfMastersOfUnknownSize) {
  const Bytes segment = bytes({0x18, 0x53, 0x80, 0x67, 0xFF});
  Walk crossed(and_a_million(segment, bytes({0xE0, 0xFF, 0x63, 0xC0, 0xFF})));  // Video, Targets
  EXPECT_TRUE(crossed.damaged);
  EXPECT_THAT(crossed.input.problems(), Not(IsEmpty()));
  Walk segments(and_a_million(segment, segment));
  EXPECT_TRUE(segments.damaged);
  EXPECT_THAT(segments.input.problems(), Not(IsEmpty()));
  // Here Tracks, TrackEntry and the first Video stand where they belong.
  const Bytes tracks_head = bytes({0x16, 0x54, 0xAE, 0x6B, 0xFF, 0xAE, 0xFF});
  Walk tracks(and_a_million(join({segment, tracks_head}), bytes({0xE0, 0xFF, 0x63, 0xC0, 0xFF})));
  EXPECT_THAT(tracks.ids(), ElementsAre(Id::tracks));
  EXPECT_TRUE(tracks.damaged);
  EXPECT_EQ(tracks.end, 14U);
}

TEST(ElementReader, FollowsMastersOfUnknownSizeWhereTheyBelong) {
  Walk walk(bytes({0x18, 0x53, 0x80, 0x67, 0xFF,        // Segment
                   0x1C, 0x53, 0xBB, 0x6B, 0xFF,        // Cues
                   0xBB, 0xFF, 0xB3, 0x81, 0x01,        // CuePoint, CueTime
                   0xB7, 0xFF, 0xF7, 0x81, 0x01,        // CueTrackPositions, CueTrack
                   0xBB, 0xFF, 0xB3, 0x81, 0x02,        // CuePoint, CueTime
                   0x12, 0x54, 0xC3, 0x67, 0xFF,        // Tags
                   0x73, 0x73, 0xFF, 0x63, 0xC0, 0xFF,  // Tag, Targets
                   0x63, 0xC5, 0x81, 0x01}));           // TagTrackUID
  EXPECT_THAT(walk.ids(), ElementsAre(Id::cues, Id::tags));
  EXPECT_EQ(walk.found[1].offset, 25U);
  EXPECT_EQ(walk.end, 40U);
  EXPECT_FALSE(walk.damaged);
  EXPECT_THAT(walk.input.problems(), IsEmpty());
}

TEST(ElementReader, WalksAnyBytesToAnEnd) {
  std::uint32_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    Bytes noise = bytes({0x18, 0x53, 0x80, 0x67, 0xFF});
    for (int i = 0; i < 64; ++i)
      noise.push_back(static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24));
    Walk walk(std::move(noise));
    for (const FoundElement& element : walk.found) {
      EXPECT_LE(element.end, walk.input.size());
      (void)string_value(walk.input, element);
      (void)real_value(walk.input, element);
    }
  }
}

/// Fails every read.
class BrokenSource final : public ByteSource {
 public:
  Result<std::size_t> read_at(std::uint64_t, MutableByteSpan) const override {
    return Error(Errc::io, "no disk");
  }
  std::uint64_t size() const override { return 1000; }
};

TEST(Input, RemembersTheFirstErrorOfItsSource) {
  const BrokenSource source;
  Input input(source);
  EXPECT_FALSE(read_element(input, 0, input.size()));
  ASSERT_FALSE(input.status());
  EXPECT_EQ(input.status().error().code(), Errc::io);
}

/// Zeros; notes how much was read of them.
class CountingSource final : public ByteSource {
 public:
  Result<std::size_t> read_at(std::uint64_t, MutableByteSpan out) const override {
    ++reads;
    bytes += out.size();
    std::ranges::fill(out, std::byte{0});
    return out.size();
  }
  std::uint64_t size() const override { return std::uint64_t{1} << 40; }

  mutable std::size_t reads = 0, bytes = 0;
};

TEST(Input, ReadsLittleAroundPlacesThatLieFarApart) {
  const CountingSource source;
  Input input(source);
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(input.peek(i << 20, 16).size(), 16U);
  EXPECT_EQ(source.reads, 100U);
  EXPECT_LE(source.bytes, 100U * 512);
}

TEST(Input, ReadsAheadWherePlacesFollowOneAnother) {
  const CountingSource source;
  Input input(source);
  for (std::uint64_t i = 0; i < 10000; ++i) EXPECT_EQ(input.peek(100 * i, 16).size(), 16U);
  EXPECT_LE(source.reads, 300U) << "of a megabyte";
}

TEST(Input, BoundsItsListOfProblems) {
  const MemorySource source(Bytes{});
  Input input(source);
  for (int i = 0; i < 5000; ++i) input.problem("number " + std::to_string(i));
  ASSERT_EQ(input.problems().size(), 1001U);
  EXPECT_EQ(input.problems().back(), "and 4000 more");
}

TEST(Input, NotesDamageOnceHoweverOftenItIsMet) {
  const MemorySource source(Bytes{});
  Input input(source);
  for (int i = 0; i < 5000; ++i) input.problem(i % 2 == 0 ? "this" : "that");
  EXPECT_EQ(input.problems(), (std::vector<std::string>{"this", "that"}));
}

}  // namespace
}  // namespace genlock::mkv
