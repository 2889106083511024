#include "facts/facts.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace genlock::facts {
namespace {

FactList all_facts() {
  FactList all;
  for (Topic& topic : topics())
    for (FactCheck& check : topic.facts) all.push_back(std::move(check));
  return all;
}

class Facts : public testing::TestWithParam<FactCheck> {};

TEST_P(Facts, LieWithinThoseOfRealUnits) {
  const Fact& fact = measured(GetParam());
  for (const std::string& cell : {fact.fact, fact.source, fact.real, fact.bench}) {
    EXPECT_FALSE(cell.empty());
    EXPECT_EQ(cell.find_first_of("|\n"), std::string::npos) << "it would break the table: " << cell;
  }
  RecordProperty("bench", fact.bench);
}

INSTANTIATE_TEST_SUITE_P(Bench, Facts, testing::ValuesIn(all_facts()),
                         [](const auto& check) { return check.param.name; });

class FactTable : public testing::TestWithParam<std::string> {};

TEST_P(FactTable, HasEachTestOnce) {
  std::set<std::string> names;
  for (const FactCheck& check : all_facts()) EXPECT_TRUE(names.insert(check.name).second) << check.name;
}

TEST_P(FactTable, IsTheOneInTheDocuments) {
  const std::string document_path = std::string(GENLOCK_DOCS) + "/" + GetParam();
  const std::string now = document();
  if (std::getenv("GENLOCK_REGENERATE") != nullptr) std::ofstream(document_path) << now;
  std::ifstream file(document_path);
  std::ostringstream written;
  written << file.rdbuf();
  EXPECT_EQ(written.str(), now) << "run with GENLOCK_REGENERATE=1 if the change is meant";
}

INSTANTIATE_TEST_SUITE_P(Document, FactTable, testing::Values("bench-facts.md"),
                         [](const auto&) { return "BenchFacts"; });

}  // namespace
}  // namespace genlock::facts
