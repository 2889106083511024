#include "recording/pixel_reader.h"

#include <algorithm>

#include "base/pieces.h"
#include "recording/pixel_order.h"

namespace genlock::recording {
namespace {

/// Read and swapped at a time, so that the second touch finds the bytes in the cache.
constexpr std::size_t kReadPiece = std::size_t{256} << 10;

/// Less is read nearly as soon as another thread wakes up.
constexpr std::size_t kWorthTwo = std::size_t{512} << 10;

/// The same for pieces that two threads take in turn: what one waits for at the end is half of one.
constexpr std::size_t kSharedPiece = std::size_t{128} << 10;

PixelRead piece_of(const PixelRead& image, std::size_t at, std::size_t most) {
  PixelRead piece = image;
  piece.offset += at;
  piece.to = image.to.subspan(at, std::min(most, image.to.size() - at));
  return piece;
}

void put_in_order(const PixelRead& image) {
  if (image.swap_pairs) copy_swapping_pairs(image.to, image.to);
}

bool read_in_order(const PixelRead& image) {
  for (std::size_t at = 0; at < image.to.size(); at += kReadPiece) {
    const PixelRead piece = piece_of(image, at, kReadPiece);
    if (!image.part->input.read(piece.offset, piece.to)) return false;
    put_in_order(piece);
  }
  return true;
}

}  // namespace

/// What goes wrong on two threads is tried again on one, where the error is remembered.
void PixelReader::read(std::array<PixelRead, 3>& images) {
  const bool done = read_by_two(images);
  for (PixelRead& image : images) image.whole = done || read_in_order(image);
}

bool PixelReader::read_by_two(const std::array<PixelRead, 3>& images) {
  std::array<std::size_t, 3> sizes;
  std::ranges::transform(images, sizes.begin(), [](const PixelRead& image) { return image.to.size(); });
  const Pieces pieces(sizes, kSharedPiece);
  if (pieces.bytes() < kWorthTwo) return false;
  std::atomic<bool> failed = false;
  helper_.run(pieces.count(), [&](std::size_t number) noexcept {
    const auto [image, at, size] = pieces[number];
    const PixelRead piece = piece_of(images[image], at, size);
    const Result<bool> whole = read_whole(*piece.part->source, piece.offset, piece.to);
    if (whole && *whole) {
      put_in_order(piece);
    } else {
      failed = true;
    }
  });
  return !failed;
}

}  // namespace genlock::recording
