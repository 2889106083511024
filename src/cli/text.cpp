#include "cli/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace genlock::cli {

std::string readable_bytes(std::uint64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string readable_seconds(double seconds) {
  const auto total = static_cast<std::int64_t>(seconds);
  if (total < 120) return fmt::format("{} s", total);
  if (total < 7200) return fmt::format("{} min", total / 60);
  if (total < 172800) return fmt::format("{} h {} min", total / 3600, total / 60 % 60);
  return fmt::format("{} days", total / 86400);
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      text += i + 1 < row.size() ? fmt::format("{:<{}}  ", row[i], widths[i]) : row[i];
    text += "\n";
  }
  return text;
}

}  // namespace genlock::cli
