#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace genlock::test {

/// The lines that a high terminal shows after this text, of which it knows what the live table uses: line
/// breaks, "go up so many lines" and "erase from here on".
inline std::vector<std::string> terminal_picture(std::string_view text) {
  std::vector<std::string> lines{""};
  std::size_t row = 0, column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      const std::size_t end = text.find_first_of("FJK", i);
      if (end == std::string_view::npos) break;
      const auto count =
          static_cast<std::size_t>(std::atoi(std::string(text.substr(i + 2, end - i - 2)).c_str()));
      if (text[end] == 'F') row -= std::min(row, count), column = 0;
      if (text[end] != 'F') lines[row].resize(column);
      if (text[end] == 'J') lines.resize(row + 1);
      i = end;
    } else if (text[i] == '\n') {
      ++row, column = 0;
      if (row == lines.size()) lines.emplace_back();
    } else if (text[i] == '\r') {
      column = 0;
    } else {
      if (lines[row].size() <= column) lines[row].resize(column + 1, ' ');
      lines[row][column++] = text[i];
    }
  }
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace genlock::test
