#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "backend_under_test.h"

// docs/conformance.md lists every behaviour that the suite holds. The list must stay true.

namespace genlock::conformance {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// All sources of a folder of tests/.
std::string sources(const std::string& folder) {
  std::string text;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(GENLOCK_TESTS_FOLDER) / folder))
    if (file.path().extension() == ".cpp") text += contents(file.path());
  return text;
}

struct Row {
  std::string bench, replay, libk4a;  ///< "yes" or a dash
  std::string odd;                    ///< Suite.Name, or a dash
};

std::map<std::string, Row> listed_rows() {
  const std::string text = contents(GENLOCK_CONFORMANCE_PAGE);
  static const std::regex kRow(R"(\n\| ([A-Z]\w+) \| [^|]+ \| (\S+) \| (\S+) \| (\S+) \| `?([^ `]+)`? \|)");
  std::map<std::string, Row> rows;
  for (auto row = std::sregex_iterator(text.begin(), text.end(), kRow); row != std::sregex_iterator(); ++row)
    EXPECT_TRUE(rows.emplace((*row)[1], Row{(*row)[2], (*row)[3], (*row)[4], (*row)[5]}).second)
        << (*row)[1] << " is listed twice";
  return rows;
}

std::set<std::string> listed_behaviours() {
  std::set<std::string> names;
  for (const auto& [name, row] : listed_rows()) names.insert(name);
  return names;
}

/// What each behaviour needs of a unit, by the sources; a fault, of those in fault_test.cpp.
std::map<std::string, std::string> needs_of_behaviours() {
  static const std::regex kNeeds(R"(TEST_P\(\w+,\s*(\w+)\) \{\s*CONFORMANCE_NEEDS\((\w+)\))");
  static const std::regex kFault(R"(TEST_P\(\w+,\s*(\w+)\))");
  const std::string suite = sources("conformance");
  const std::string faults = contents(GENLOCK_TESTS_FOLDER "/conformance/fault_test.cpp");
  std::map<std::string, std::string> needs;
  for (auto test = std::sregex_iterator(suite.begin(), suite.end(), kNeeds); test != std::sregex_iterator();
       ++test)
    needs[(*test)[1]] = (*test)[2];
  for (auto test = std::sregex_iterator(faults.begin(), faults.end(), kFault); test != std::sregex_iterator();
       ++test)
    needs[(*test)[1]] = "faults";
  return needs;
}

bool has(const BackendUnderTest& backend, const std::string& need) {
  const std::map<std::string, bool Abilities::*> members{{"any_mode", &Abilities::any_mode},
                                                         {"wired_sync", &Abilities::wired_sync},
                                                         {"can_be_lost", &Abilities::can_be_lost},
                                                         {"lasting_controls", &Abilities::lasting_controls},
                                                         {"real_exposure", &Abilities::real_exposure},
                                                         {"all_versions", &Abilities::all_versions},
                                                         {"imu_temperature", &Abilities::imu_temperature}};
  if (need == "faults") return !backend.faults().empty();
  return backend.abilities().*members.at(need);
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

TEST(ConformanceTable, SaysYesWhereTheBackendCanAndADashWhereItCannot) {
  const auto rows = listed_rows();
  const auto needs = needs_of_behaviours();
  EXPECT_GT(needs.size(), 10U);
  const auto check = [&](const BackendCase& backend, std::string Row::*cell) {
    const auto unit = backend.make();
    for (const auto& [name, row] : rows) {
      const auto need = needs.find(name);
      EXPECT_EQ(row.*cell, need == needs.end() || has(*unit, need->second) ? "yes" : "—")
          << name << " of " << backend.name;
    }
  };
  check(sim_backend(), &Row::bench);
  check(disciplined_sim_backend(), &Row::bench);
  check(replay_backend(), &Row::replay);
  check(k4a_backend(), &Row::libk4a);
}

TEST(ConformanceTable, NamesTestsOverOddLibrariesThatExist) {
  const std::string tests = sources("device/k4a");
  int named = 0;
  for (const auto& [name, row] : listed_rows()) {
    if (row.odd == "—") continue;
    ++named;
    const std::size_t dot = row.odd.find('.');
    ASSERT_NE(dot, row.odd.npos) << name;
    EXPECT_TRUE(std::regex_search(
        tests, std::regex("TEST_F\\(" + row.odd.substr(0, dot) + ",\\s*" + row.odd.substr(dot + 1) + "\\)")))
        << name << ": tests/device/k4a has no " << row.odd;
  }
  EXPECT_GT(named, 20);
}

}  // namespace
}  // namespace genlock::conformance
