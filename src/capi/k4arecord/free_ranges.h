#pragma once

#include <cstddef>
#include <map>
#include <optional>

namespace genlock::capi {

/// Which parts of a piece of memory are free. What is taken and given back in about the same order, as images
/// of any size that wait for a disk, leaves few and large holes. One thread at a time.
class FreeRanges {
 public:
  explicit FreeRanges(std::size_t size);

  /// Offset of the lowest place with `size` bytes; none if there is none.
  std::optional<std::size_t> take(std::size_t size);

  /// The free bytes at `offset`, `most` at most: how many were taken.
  std::size_t take_at(std::size_t offset, std::size_t most);

  /// Gives taken bytes back.
  void give_back(std::size_t offset, std::size_t size);

 private:
  std::map<std::size_t, std::size_t> ends_;  ///< of free ranges, by their start; no two touch
};

}  // namespace genlock::capi
