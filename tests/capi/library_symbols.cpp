#include "library_symbols.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support/process.h"

namespace genlock::test {
namespace {

std::string output_of(const std::vector<std::string>& command) {
  Process process(command, {});
  EXPECT_EQ(process.wait(), 0) << process.output();
  return process.output();
}

std::string path_of(const std::string& library) {
  return std::string(GENLOCK_LIBRARY_FOLDER) + "/" + library;
}

}  // namespace

std::set<std::string> defined_symbols(const std::string& library) {
  std::set<std::string> names;
  std::istringstream lines(
      output_of({"nm", "--dynamic", "--defined-only", "--format=posix", path_of(library)}));
  for (std::string line; std::getline(lines, line);) names.insert(line.substr(0, line.find(' ')));
  return names;
}

std::string dynamic_section(const std::string& library) {
  return output_of({"readelf", "--dynamic", path_of(library)});
}

std::set<std::string> needed_libraries(const std::string& library) {
  std::set<std::string> names;
  std::istringstream lines(dynamic_section(library));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t from = line.find('[');
    if (line.find("(NEEDED)") == line.npos || from == line.npos) continue;
    names.insert(line.substr(from + 1, line.find(']') - from - 1));
  }
  return names;
}

}  // namespace genlock::test
