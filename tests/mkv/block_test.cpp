// Blocks and lacing, byte by byte and there and back.

#include "mkv/block.h"

#include <gtest/gtest.h>

#include "byte_helpers.h"

namespace genlock::mkv {
namespace {

using Id = ElementId;

constexpr BlockHead kHead{.track = 2, .time = -3, .flags = 0x80};

/// `count` frames whose sizes are `sizes` in turn.
std::vector<Bytes> make_frames(std::initializer_list<std::size_t> sizes) {
  std::vector<Bytes> frames;
  for (std::size_t size : sizes) frames.emplace_back(size, static_cast<std::byte>(frames.size() + 1));
  return frames;
}

Bytes block_of(const std::vector<Bytes>& frames, std::optional<Lacing> lacing = std::nullopt) {
  Output out;
  ElementWriter writer(out);
  std::vector<ByteSpan> spans(frames.begin(), frames.end());
  if (lacing) {
    put_laced_block(writer, out, Id::simple_block, kHead, spans, *lacing);
  } else {
    put_laced_block(writer, out, Id::simple_block, kHead, spans);
  }
  return to_bytes(out);
}

/// The content of the block element in `element`.
ByteSpan content_of(const Bytes& element) {
  const std::optional<Vint> size = get_vint(ByteSpan(element).subspan(1));
  return ByteSpan(element).subspan(1 + static_cast<std::size_t>(size->width));
}

void expect_comes_back(const std::vector<Bytes>& frames, const Bytes& element, Lacing lacing) {
  const ByteSpan content = content_of(element);
  const Result<BlockLayout> block = parse_block(content, content.size());
  ASSERT_TRUE(block) << block.error().message();
  EXPECT_EQ(block->track, kHead.track);
  EXPECT_EQ(block->time, kHead.time);
  EXPECT_EQ(block->lacing, lacing);
  EXPECT_EQ(block->flags & 0x80, 0x80);
  ASSERT_EQ(block->frames.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const ByteSpan frame = content.subspan(block->frames[i].offset, block->frames[i].size);
    EXPECT_EQ(Bytes(frame.begin(), frame.end()), frames[i]) << i;
  }
}

TEST(Block, HasNoTableForOneFrame) {
  const Bytes block = block_of({ascii("abc")});
  EXPECT_EQ(block, join({bytes({0xA3, 0x87, 0x82, 0xFF, 0xFD, 0x80}), ascii("abc")}));
  expect_comes_back({ascii("abc")}, block, Lacing::none);
}

TEST(Block, LacesEqualFramesWithoutSizes) {
  const std::vector<Bytes> frames = make_frames({2, 2, 2});
  const Bytes block = block_of(frames);
  EXPECT_EQ(block, bytes({0xA3, 0x8B, 0x82, 0xFF, 0xFD, 0x84, 0x02, 1, 1, 2, 2, 3, 3}));
  expect_comes_back(frames, block, Lacing::fixed);
}

TEST(Block, LacesInTheSmallerOfTheTwoOtherWays) {
  // Xiph: one byte each. EBML: one byte each as well, so Xiph.
  const std::vector<Bytes> small = make_frames({3, 5, 4});
  const Bytes small_block = block_of(small);
  EXPECT_EQ(Bytes(small_block.begin() + 5, small_block.begin() + 9), bytes({0x82, 0x02, 3, 5}));
  expect_comes_back(small, small_block, Lacing::xiph);
  // 800, 500, 1000 is the standard's own example of EBML lacing: 0x4320, then -300 as 0x5ED3.
  const std::vector<Bytes> large = make_frames({800, 500, 1000});
  const Bytes block = block_of(large);
  EXPECT_EQ(Bytes(block.begin() + 7, block.begin() + 12), bytes({0x02, 0x43, 0x20, 0x5E, 0xD3}));
  expect_comes_back(large, block, Lacing::ebml);
}

TEST(Block, ComesBackFromEveryLacing) {
  for (const Lacing lacing : {Lacing::xiph, Lacing::ebml}) {
    for (const auto& frames :
         {make_frames({255, 254, 0, 256, 510}), make_frames({0, 0}),
          make_frames({1, 70000, 3, 1, 64, 62, 127, 9000}), make_frames({63, 126, 1, 8000, 0})})
      expect_comes_back(frames, block_of(frames, lacing), lacing);
  }
}

TEST(Block, HoldsUpTo256Frames) {
  std::vector<Bytes> frames(kMaxLacedFrames, Bytes(40, std::byte{7}));
  expect_comes_back(frames, block_of(frames), Lacing::fixed);
  frames[17].push_back(std::byte{8});
  expect_comes_back(frames, block_of(frames), Lacing::xiph);
}

TEST(Block, RefusesWhatCannotBe) {
  const auto refused = [](const Bytes& content) {
    const Result<BlockLayout> block = parse_block(content, content.size());
    return !block && block.error().code() == Errc::corrupt;
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused(bytes({0x81, 0, 0})));                                // no flags
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x04})));                          // fixed lacing, no count
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x04, 0x01, 1, 2, 3})));           // 3 bytes for 2 frames
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x02, 0x01, 9, 1, 2})));           // Xiph: a frame of 9 in 2
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x02, 0x02, 255, 255})));          // Xiph: the table does not end
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x06, 0x02, 0x81, 0x80, 1, 2})));  // EBML: 1 - 63 bytes
  EXPECT_TRUE(refused(bytes({0x81, 0, 0, 0x06, 0x01, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})));
  EXPECT_TRUE(refused(bytes({0xFF, 0, 0, 0, 1})));  // no track
}

TEST(Block, SurvivesEveryShorteningAndEveryByte) {
  for (const Lacing lacing : {Lacing::xiph, Lacing::ebml}) {
    const Bytes element = block_of(make_frames({300, 5, 700, 1}), lacing);
    const ByteSpan content = content_of(element);
    for (std::size_t size = 0; size < content.size(); ++size) (void)parse_block(content.first(size), size);
    Bytes damaged(content.begin(), content.end());
    for (std::size_t at = 0; at < 16; ++at) {
      for (unsigned value = 0; value < 256; ++value) {
        const std::byte before = std::exchange(damaged[at], static_cast<std::byte>(value));
        const Result<BlockLayout> block = parse_block(damaged, damaged.size());
        if (block) {
          EXPECT_LE(block->frames.back().offset + block->frames.back().size, damaged.size());
        }
        damaged[at] = before;
      }
    }
  }
}

}  // namespace
}  // namespace genlock::mkv
