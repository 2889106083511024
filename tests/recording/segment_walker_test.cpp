// What it costs to find the next cluster in damage.

#include "recording/segment_walker.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "recording/block_walker.h"

namespace genlock::recording {
namespace {

using Bytes = std::vector<std::byte>;
using Id = mkv::ElementId;

/// Bytes in memory that count how many of them are read.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(Bytes bytes) : source_(std::move(bytes)) {}
  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    read_ += out.size();
    return source_.read_at(offset, out);
  }
  std::uint64_t size() const override { return source_.size(); }
  std::uint64_t read() const { return read_; }

 private:
  MemorySource source_;
  mutable std::uint64_t read_ = 0;
};

void append(Bytes& file, std::initializer_list<unsigned> values) {
  for (const unsigned value : values) file.push_back(static_cast<std::byte>(value));
}

/// A segment of damage, `damage` over and over, with a cluster behind it.
Bytes damaged_segment(std::initializer_list<unsigned> damage) {
  Bytes file;
  append(file, {0x18, 0x53, 0x80, 0x67, 0xFF, 0x00});
  while (file.size() < 300'000) append(file, damage);
  append(file, {0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0x81, 0x02});
  return file;
}

/// A walk that starts in the damage.
struct Damaged {
  explicit Damaged(std::initializer_list<unsigned> damage)
      : source(damaged_segment(damage)),
        input(source),
        segment(*mkv::read_element(input, 0, source.size())) {}

  std::optional<mkv::FoundElement> next() { return SegmentWalker(input, segment, segment.data).next(); }
  std::uint64_t last_cluster() const { return source.size() - 8; }
  std::uint64_t reads_of_a_byte() const { return source.read() / source.size(); }

  CountingSource source;
  mkv::Input input;
  mkv::FoundElement segment;
};

constexpr std::uint64_t kMostReads = 8;

TEST(SegmentWalker, PassesFalseClustersWithoutReadingThemOverAndOver) {
  Damaged file({0x1F, 0x43, 0xB6, 0x75});
  const auto cluster = file.next();
  ASSERT_TRUE(cluster);
  EXPECT_EQ(cluster->offset, file.last_cluster());
  EXPECT_LE(file.reads_of_a_byte(), kMostReads);
}

// Each looks like a cluster until its second element.
TEST(SegmentWalker, PassesClustersThatAreAllDamagedWithoutReadingThemOverAndOver) {
  Damaged file({0x1F, 0x43, 0xB6, 0x75, 0xFF, 0xEC, 0x80, 0x00});
  BlockWalker walker(file.input, file.segment, file.segment.data, 1'000'000);
  EXPECT_FALSE(walker.next());
  EXPECT_LE(file.reads_of_a_byte(), kMostReads);
}

TEST(SegmentWalker, FindsAClusterFarBehindDamage) {
  Damaged file({0x00});
  const auto cluster = file.next();
  ASSERT_TRUE(cluster);
  EXPECT_EQ(cluster->id, Id::cluster);
  EXPECT_EQ(cluster->offset, file.last_cluster());
  EXPECT_LE(file.reads_of_a_byte(), kMostReads);
}

// Half of all bytes can be the id of an element, and what follows its size: up to the end of the file.
TEST(SegmentWalker, DoesNotTakeDamageForAnElementThatHidesClusters) {
  Bytes bytes;
  append(bytes, {0x18, 0x53, 0x80, 0x67, 0xFF});
  append(bytes, {0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0x81, 0x02});
  append(bytes, {0x9D});  // with the id of the next cluster as its size
  append(bytes, {0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0x81, 0x03});
  append(bytes, {0xEC, 0x84, 1, 2, 3, 4, 5, 6});  // a Void with something behind it
  append(bytes, {0x1F, 0x43, 0xB6, 0x75, 0x83, 0xE7, 0x81, 0x04});
  const MemorySource source(bytes);
  mkv::Input input(source);
  SegmentWalker walker(input, *mkv::read_element(input, 0, bytes.size()), 5);
  std::vector<std::uint64_t> clusters;
  while (const auto found = walker.next()) {
    EXPECT_EQ(found->id, Id::cluster);
    clusters.push_back(found->offset);
  }
  EXPECT_EQ(clusters, (std::vector<std::uint64_t>{5, 14, 30}));
}

}  // namespace
}  // namespace genlock::recording
