#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

// docs/conformance.md lists every behaviour that the suite holds. The list must stay true.

namespace genlock::conformance {
namespace {

std::set<std::string> listed_behaviours() {
  std::ifstream page(GENLOCK_CONFORMANCE_PAGE);
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  static const std::regex kRow(R"(\n\| ([A-Z]\w+) \|)");
  std::set<std::string> names;
  for (auto row = std::sregex_iterator(text.begin(), text.end(), kRow); row != std::sregex_iterator(); ++row)
    EXPECT_TRUE(names.insert((*row)[1]).second) << (*row)[1] << " is listed twice";
  return names;
}

/// The names of tests that run once for each backend, without the backend's.
std::set<std::string> tested_behaviours() {
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  std::set<std::string> names;
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const testing::TestSuite& suite = *all.GetTestSuite(s);
    if (!std::string(suite.name()).starts_with("Backends/")) continue;
    for (int i = 0; i < suite.total_test_count(); ++i) {
      const std::string name = suite.GetTestInfo(i)->name();
      names.insert(name.substr(0, name.find('/')));
    }
  }
  return names;
}

TEST(ConformanceTable, ListsEveryBehaviourOfTheSuiteAndNoOther) {
  EXPECT_EQ(listed_behaviours(), tested_behaviours());
}

}  // namespace
}  // namespace genlock::conformance
