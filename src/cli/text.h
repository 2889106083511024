#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace genlock::cli {

/// "734 B", "12.3 MB", "4.1 GB": decimal units, as disks are sold.
std::string readable_bytes(std::uint64_t bytes);

/// "1 cluster", "3 clusters".
std::string counted(std::uint64_t count, std::string_view noun);

constexpr double in_seconds(DeviceDuration d) {
  return static_cast<double>(count_us(d)) / 1e6;
}

/// "45 s", "12 min", "3 h 20 min", "5 days".
std::string readable_seconds(double seconds);

/// Rows as columns of equal width, two spaces between them, the last not padded.
std::string columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace genlock::cli
