#pragma once

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

// Files of /sys and /proc, most of which are one line.

namespace genlock::rig {

/// Empty where it cannot be read.
inline std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// The number that a file begins with.
inline std::optional<int> number_in(const std::filesystem::path& file) {
  const std::string text = first_line(file);
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace genlock::rig
