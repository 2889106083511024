#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "mkv/element_writer.h"

// Blocks and their lacing (RFC 9559 section 10): several frames of one track in one block.

namespace genlock::mkv {

/// Most frames one block can hold: their number minus one is stored in a byte.
inline constexpr std::size_t kMaxLacedFrames = 256;

enum class Lacing : std::uint8_t { none = 0, xiph = 1, fixed = 2, ebml = 3 };

struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const Extent&) const = default;
};

/// A block's head, and where its frames lie, relative to the start of its content.
struct BlockLayout {
  std::uint64_t track = 0;
  std::int16_t time = 0;  ///< in the segment's units, from the cluster's timestamp
  std::uint8_t flags = 0;
  Lacing lacing = Lacing::none;
  std::vector<Extent> frames;
};

/// Most bytes of a block that parse_block looks at.
inline constexpr std::size_t kLongestBlockHead = 65536;

/// `head` is the beginning of a block's content of `total` bytes: all of it, or at least kLongestBlockHead
/// (less may do where there is no lacing). Errc::corrupt says what is wrong.
Result<BlockLayout> parse_block(ByteSpan head, std::uint64_t total);

/// BlockHead::flags of a key frame in a SimpleBlock.
inline constexpr std::uint8_t kKeyFrame = 0x80;

struct BlockHead {
  std::uint64_t track = 0;  ///< below 127
  std::int16_t time = 0;
  std::uint8_t flags = 0;  ///< kKeyFrame; lacing is added
};

// These give the bytes of the block's content, its head included.

/// A SimpleBlock or Block of one frame, whose `size` bytes the caller appends to the Output next.
std::uint64_t begin_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                          std::uint64_t size);

/// A SimpleBlock or Block of 1 to kMaxLacedFrames frames of `frame_size` bytes, all of which the caller
/// appends to the Output next.
std::uint64_t begin_fixed_lace(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                               std::size_t frames, std::size_t frame_size);

/// A SimpleBlock or Block of 1 to kMaxLacedFrames frames: fixed lacing where they are of one size, else
/// whichever of Xiph and EBML lacing is smaller.
std::uint64_t put_laced_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                              std::span<const ByteSpan> frames);

/// The same with the lacing chosen by the caller, who knows that it fits: none for one frame, fixed for equal
/// sizes.
std::uint64_t put_laced_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                              std::span<const ByteSpan> frames, Lacing lacing);

}  // namespace genlock::mkv
