#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace genlock {

/// Several runs of bytes cut into pieces, for threads that share the work on them.
class Pieces {
 public:
  struct Piece {
    std::size_t run = 0;
    std::size_t at = 0;  ///< in the run
    std::size_t size = 0;
  };

  /// Each run is cut at multiples of `most`. `sizes` must outlive this.
  Pieces(std::span<const std::size_t> sizes, std::size_t most) : sizes_(sizes), most_(most) {
    for (const std::size_t size : sizes) bytes_ += size, count_ += pieces_of(size);
  }

  std::size_t bytes() const { return bytes_; }
  std::size_t count() const { return count_; }

  /// `number` is below count().
  Piece operator[](std::size_t number) const {
    std::size_t run = 0;
    for (; number >= pieces_of(sizes_[run]); ++run) number -= pieces_of(sizes_[run]);
    const std::size_t at = number * most_;
    return {run, at, std::min(most_, sizes_[run] - at)};
  }

 private:
  std::size_t pieces_of(std::size_t size) const { return (size + most_ - 1) / most_; }

  const std::span<const std::size_t> sizes_;
  const std::size_t most_;
  std::size_t bytes_ = 0, count_ = 0;
};

}  // namespace genlock
