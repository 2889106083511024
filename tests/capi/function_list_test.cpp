// docs/c-api.md lists every function with the test that covers it and the numbers of its differences from the
// vendor's. The list must stay true.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "library_symbols.h"

namespace genlock::test {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Coverage {
  std::string file;  ///< below tests/
  std::string test;  ///< Suite.Name, or the name of a test in C
  std::string differs;
};

std::map<std::string, Coverage> listed_functions() {
  const std::string page = contents(GENLOCK_SOURCE_FOLDER "/docs/c-api.md");
  static const std::regex kRow(R"(\| `((?:k4a|genlock)_\w+)` \| `([\w/.]+)` `([\w.]+)` \| ([^|]+) \|)");
  std::map<std::string, Coverage> listed;
  for (auto row = std::sregex_iterator(page.begin(), page.end(), kRow); row != std::sregex_iterator(); ++row)
    EXPECT_TRUE(listed.emplace((*row)[1], Coverage{(*row)[2], (*row)[3], (*row)[4]}).second)
        << (*row)[1] << " is listed twice";
  return listed;
}

std::set<int> numbers_in(const std::string& text, const std::regex& pattern) {
  std::set<int> numbers;
  for (auto found = std::sregex_iterator(text.begin(), text.end(), pattern); found != std::sregex_iterator();
       ++found)
    numbers.insert(std::stoi((*found)[1]));
  return numbers;
}

/// Whether a source defines the test: by GoogleTest's macros, or in the table of a C program.
bool defines_test(const std::string& source, const std::string& test) {
  const std::size_t dot = test.find('.');
  const std::string pattern =
      dot == test.npos ? "\\{\"" + test + "\", " + test + "\\}"
                       : "TEST(_F|_P)?\\(" + test.substr(0, dot) + ",\\s*" + test.substr(dot + 1) + "\\)";
  return std::regex_search(source, std::regex(pattern));
}

TEST(FunctionList, HasEveryFunctionThatTheLibrariesShowAndNoOther) {
  std::set<std::string> listed;
  for (const auto& [function, coverage] : listed_functions()) listed.insert(function);
  std::set<std::string> shown = defined_symbols("libk4a.so");
  shown.merge(defined_symbols("libk4arecord.so"));
  EXPECT_EQ(listed, shown);
}

TEST(FunctionList, NamesTestsThatExistInFilesThatNameTheFunction) {
  for (const auto& [function, coverage] : listed_functions()) {
    const std::string source =
        contents(std::filesystem::path(GENLOCK_SOURCE_FOLDER "/tests") / coverage.file);
    EXPECT_TRUE(defines_test(source, coverage.test)) << coverage.file << " has no test " << coverage.test;
    EXPECT_TRUE(std::regex_search(source, std::regex("\\b" + function + "\\b")))
        << coverage.file << " does not name " << function;
  }
}

TEST(FunctionList, MarksEveryDifferenceThatThePageExplains) {
  constexpr int kOfEveryHandle = 6;
  std::set<int> explained =
      numbers_in(contents(GENLOCK_SOURCE_FOLDER "/docs/c-api.md"), std::regex(R"(\n(\d+)\. )"));
  EXPECT_EQ(explained.erase(kOfEveryHandle), 1U);
  std::set<int> marked;
  for (const auto& [function, coverage] : listed_functions()) {
    const bool own = function.starts_with("genlock_");
    EXPECT_EQ(coverage.differs == "ours alone", own) << function;
    EXPECT_TRUE(std::regex_match(coverage.differs, std::regex(R"(—|ours alone|\d+(, \d+)*)"))) << function;
    marked.merge(numbers_in(coverage.differs, std::regex(R"((\d+))")));
  }
  EXPECT_EQ(marked, explained);
}

}  // namespace
}  // namespace genlock::test
