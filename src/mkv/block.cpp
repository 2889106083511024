#include "mkv/block.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>

#include "mkv/endian.h"

namespace genlock::mkv {
namespace {

constexpr std::size_t kHeadSize = 4;  // track number below 127, time, flags

Error corrupt(std::string what) {
  return Error(Errc::corrupt, std::move(what));
}

/// Reads a lace's table of sizes from the front of a block's content.
class LaceReader {
 public:
  LaceReader(ByteSpan head, std::uint64_t total, std::size_t at) : head_(head), total_(total), at_(at) {}

  Result<std::vector<Extent>> read(Lacing lacing) {
    if (lacing == Lacing::none) return extents({}, 1);
    if (at_ >= head_.size()) return corrupt("a laced block ends before its number of frames");
    const std::size_t count = std::to_integer<std::size_t>(head_[at_++]) + 1;
    if (lacing == Lacing::fixed) return fixed(count);
    GENLOCK_ASSIGN(const std::vector<std::uint64_t> sizes,
                   lacing == Lacing::xiph ? xiph(count) : ebml(count));
    return extents(sizes, count);
  }

 private:
  Result<std::vector<Extent>> fixed(std::size_t count) {
    const std::uint64_t rest = total_ - at_;
    if (rest % count != 0) return corrupt(fmt::format("{} bytes are not {} frames of one size", rest, count));
    return extents(std::vector<std::uint64_t>(count - 1, rest / count), count);
  }

  Result<std::vector<std::uint64_t>> xiph(std::size_t count) {
    std::vector<std::uint64_t> sizes;
    while (sizes.size() + 1 < count) {
      std::uint64_t size = 0;
      std::uint64_t byte = 255;
      while (byte == 255) {
        if (at_ >= head_.size()) return corrupt("a block ends within its frame sizes");
        byte = std::to_integer<std::uint64_t>(head_[at_++]);
        size += byte;
      }
      sizes.push_back(size);
    }
    return sizes;
  }

  /// The first size as it is, the others as differences, stored as signed integers of their width.
  Result<std::vector<std::uint64_t>> ebml(std::size_t count) {
    std::vector<std::uint64_t> sizes;
    std::int64_t size = 0;
    while (sizes.size() + 1 < count) {
      const std::optional<Vint> field = get_vint(head_.subspan(std::min(at_, head_.size())));
      if (!field) return corrupt("a block ends within its frame sizes");
      at_ += static_cast<std::size_t>(field->width);
      const std::int64_t bias = sizes.empty() ? 0 : (std::int64_t{1} << (7 * field->width - 1)) - 1;
      const std::uint64_t all_ones = (std::uint64_t{1} << (7 * field->width)) - 1;
      size += static_cast<std::int64_t>(field->value == kUnknownSize ? all_ones : field->value) - bias;
      if (size < 0 || static_cast<std::uint64_t>(size) > total_)
        return corrupt("a frame is larger than its block");
      sizes.push_back(static_cast<std::uint64_t>(size));
    }
    return sizes;
  }

  /// `sizes` of all frames but the last, which takes what is left.
  Result<std::vector<Extent>> extents(const std::vector<std::uint64_t>& sizes, std::size_t count) {
    std::vector<Extent> frames;
    frames.reserve(count);
    std::uint64_t offset = at_;
    for (std::uint64_t size : sizes) {
      if (size > total_ - offset) return corrupt("the frames of a block are larger than the block");
      frames.push_back({offset, size});
      offset += size;
    }
    frames.push_back({offset, total_ - offset});
    return frames;
  }

  const ByteSpan head_;
  const std::uint64_t total_;
  std::size_t at_;
};

std::size_t xiph_table_size(std::span<const ByteSpan> frames) {
  std::size_t size = 0;
  for (const ByteSpan& frame : frames.first(frames.size() - 1)) size += frame.size() / 255 + 1;
  return size;
}

/// Bytes whose signed range, one value short at each end, holds `difference`.
int signed_width(std::int64_t difference) {
  const auto magnitude = static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
  int width = 1;
  while (magnitude >= (std::uint64_t{1} << (7 * width - 1)) - 1) ++width;
  return width;
}

std::int64_t difference_at(std::span<const ByteSpan> frames, std::size_t i) {
  return static_cast<std::int64_t>(frames[i].size()) - static_cast<std::int64_t>(frames[i - 1].size());
}

std::size_t ebml_table_size(std::span<const ByteSpan> frames) {
  std::size_t size = static_cast<std::size_t>(vint_width(frames[0].size()));
  for (std::size_t i = 1; i + 1 < frames.size(); ++i)
    size += static_cast<std::size_t>(signed_width(difference_at(frames, i)));
  return size;
}

void put_xiph_table(Output& out, std::span<const ByteSpan> frames) {
  for (const ByteSpan& frame : frames.first(frames.size() - 1)) {
    std::ranges::fill(out.extend(frame.size() / 255), std::byte{255});
    out.put(static_cast<std::uint8_t>(frame.size() % 255));
  }
}

void put_ebml_table(Output& out, std::span<const ByteSpan> frames) {
  put_vint(frames[0].size(), out.extend(static_cast<std::size_t>(vint_width(frames[0].size()))));
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    const std::int64_t difference = difference_at(frames, i);
    const int width = signed_width(difference);
    const std::int64_t bias = (std::int64_t{1} << (7 * width - 1)) - 1;
    put_vint(static_cast<std::uint64_t>(difference + bias), out.extend(static_cast<std::size_t>(width)));
  }
}

std::size_t table_size(std::span<const ByteSpan> frames, Lacing lacing) {
  switch (lacing) {
    case Lacing::none:
      return 0;
    case Lacing::fixed:
      return 1;
    case Lacing::xiph:
      return 1 + xiph_table_size(frames);
    case Lacing::ebml:
      return 1 + ebml_table_size(frames);
  }
  return 0;
}

Lacing best_lacing(std::span<const ByteSpan> frames) {
  if (frames.size() == 1) return Lacing::none;
  if (std::ranges::all_of(frames, [&](ByteSpan frame) { return frame.size() == frames[0].size(); }))
    return Lacing::fixed;
  return ebml_table_size(frames) < xiph_table_size(frames) ? Lacing::ebml : Lacing::xiph;
}

void put_head(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head, Lacing lacing,
              std::uint64_t content) {
  assert(head.track < 127);
  writer.begin_binary(id, kHeadSize + content);
  put_vint(head.track, out.extend(1));
  store_big(static_cast<std::uint16_t>(head.time), out.extend(2));
  out.put(static_cast<std::uint8_t>(head.flags | static_cast<unsigned>(lacing) << 1));
}

}  // namespace

Result<BlockLayout> parse_block(ByteSpan head, std::uint64_t total) {
  const std::optional<Vint> track = get_vint(head);
  if (!track || track->value == kUnknownSize) return corrupt("a block has no track number");
  const auto at = static_cast<std::size_t>(track->width);
  if (head.size() < at + 3) return corrupt("a block ends within its head");
  BlockLayout block;
  block.track = track->value;
  block.time = static_cast<std::int16_t>(load_big(head.subspan(at, 2)));
  block.flags = std::to_integer<std::uint8_t>(head[at + 2]);
  block.lacing = static_cast<Lacing>(block.flags >> 1 & 3);
  GENLOCK_ASSIGN(block.frames, LaceReader(head, total, at + 3).read(block.lacing));
  return block;
}

std::uint64_t begin_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                          std::uint64_t size) {
  put_head(writer, out, id, head, Lacing::none, size);
  return kHeadSize + size;
}

std::uint64_t begin_fixed_lace(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                               std::size_t frames, std::size_t frame_size) {
  assert(frames > 0 && frames <= kMaxLacedFrames);
  if (frames == 1) return begin_block(writer, out, id, head, frame_size);
  const std::uint64_t content = 1 + frames * frame_size;
  put_head(writer, out, id, head, Lacing::fixed, content);
  out.put(static_cast<std::uint8_t>(frames - 1));
  return kHeadSize + content;
}

std::uint64_t put_laced_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                              std::span<const ByteSpan> frames) {
  return put_laced_block(writer, out, id, head, frames, best_lacing(frames));
}

std::uint64_t put_laced_block(ElementWriter& writer, Output& out, ElementId id, const BlockHead& head,
                              std::span<const ByteSpan> frames, Lacing lacing) {
  assert(!frames.empty() && frames.size() <= kMaxLacedFrames);
  std::uint64_t content = table_size(frames, lacing);
  for (const ByteSpan& frame : frames) content += frame.size();
  put_head(writer, out, id, head, lacing, content);
  if (lacing != Lacing::none) out.put(static_cast<std::uint8_t>(frames.size() - 1));
  if (lacing == Lacing::xiph) put_xiph_table(out, frames);
  if (lacing == Lacing::ebml) put_ebml_table(out, frames);
  for (const ByteSpan& frame : frames) out.append(frame);
  return kHeadSize + content;
}

}  // namespace genlock::mkv
