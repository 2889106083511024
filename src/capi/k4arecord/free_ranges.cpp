#include "capi/k4arecord/free_ranges.h"

#include <algorithm>
#include <iterator>

namespace genlock::capi {

FreeRanges::FreeRanges(std::size_t size) {
  if (size > 0) ends_.emplace(0, size);
}

std::optional<std::size_t> FreeRanges::take(std::size_t size) {
  const auto found =
      std::ranges::find_if(ends_, [size](const auto& range) { return range.second - range.first >= size; });
  if (found == ends_.end()) return std::nullopt;
  const std::size_t offset = found->first;
  take_at(offset, size);
  return offset;
}

std::size_t FreeRanges::take_at(std::size_t offset, std::size_t most) {
  const auto behind = ends_.upper_bound(offset);
  if (behind == ends_.begin() || most == 0) return 0;
  const auto range = std::prev(behind);
  const auto [start, end] = *range;
  if (end <= offset) return 0;
  const std::size_t size = std::min(most, end - offset);
  if (offset + size < end) ends_.emplace_hint(behind, offset + size, end);
  if (start < offset) {
    range->second = offset;
  } else {
    ends_.erase(range);
  }
  return size;
}

void FreeRanges::give_back(std::size_t offset, std::size_t size) {
  std::size_t end = offset + size;
  auto behind = ends_.lower_bound(offset);
  if (behind != ends_.end() && behind->first == end) {
    end = behind->second;
    behind = ends_.erase(behind);
  }
  if (behind != ends_.begin() && std::prev(behind)->second == offset) {
    std::prev(behind)->second = end;
  } else {
    ends_.emplace_hint(behind, offset, end);
  }
}

}  // namespace genlock::capi
