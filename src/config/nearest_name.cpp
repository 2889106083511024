#include "config/nearest_name.h"

#include <algorithm>
#include <vector>

namespace genlock::config {
namespace {

/// Letters to leave out, put in, change or swap with their neighbour to make one of the other.
std::size_t slips_between(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> slips((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t k) -> std::size_t& { return slips[i * width + k]; };
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t k = 0; k <= b.size(); ++k) {
      if (i == 0 || k == 0) {
        at(i, k) = i + k;
        continue;
      }
      const std::size_t change = a[i - 1] == b[k - 1] ? 0 : 1;
      at(i, k) = std::min({at(i - 1, k) + 1, at(i, k - 1) + 1, at(i - 1, k - 1) + change});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        at(i, k) = std::min(at(i, k), at(i - 2, k - 2) + 1);
    }
  }
  return slips.back();
}

std::size_t common_start(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view written, std::span<const std::string> names) {
  constexpr std::size_t kLongest = 100;
  std::size_t fewest = std::max<std::size_t>(written.size() / 3, 1);
  std::optional<std::string> nearest;
  if (written.size() > kLongest) return nearest;
  for (const std::string& name : names) {
    const std::size_t slips = slips_between(written, name);
    if (slips > fewest ||
        (slips == fewest && nearest && common_start(written, name) <= common_start(written, *nearest)))
      continue;
    fewest = slips;
    nearest = name;
  }
  return nearest;
}

}  // namespace genlock::config
