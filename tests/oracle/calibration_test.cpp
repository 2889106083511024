// The calibration functions of Genlock's libk4a beside the official ones, on the calibrations of real units.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "support/process.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

const fs::path kOfficial = GENLOCK_ORACLE_FOLDER;
const fs::path kOurs = GENLOCK_LIBRARY_FOLDER;

struct Line {
  std::string kind;
  int valid = 0;  ///< -1 for a call that failed
  std::vector<double> numbers;
};

/// What the probe prints over one of the libraries. The log of the official one goes elsewhere.
std::vector<Line> probe(const fs::path& library, const fs::path& blob) {
  Process process({GENLOCK_CALIBRATION_PROBE, blob},
                  {.environment = {{"LD_LIBRARY_PATH", library}, {"K4A_ENABLE_LOG_TO_STDOUT", "0"}}});
  EXPECT_EQ(process.wait(), 0) << process.output();
  std::istringstream output(process.output());
  std::vector<Line> lines;
  for (std::string text; std::getline(output, text);) {
    std::istringstream words(text);
    Line line;
    words >> line.kind >> line.valid;
    for (double number = 0; words >> number;) line.numbers.push_back(number);
    lines.push_back(line);
  }
  return lines;
}

struct Difference {
  double largest = 0;
  std::size_t compared = 0;  ///< lines that are valid in both
  std::size_t gained = 0;    ///< lines that are valid in ours alone
  std::size_t lost = 0;      ///< lines that are valid in the official one alone
};

using Differences = std::map<std::string, Difference>;

void compare(const std::vector<Line>& ours, const std::vector<Line>& official, Differences& differences) {
  ASSERT_EQ(ours.size(), official.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_EQ(ours[i].kind, official[i].kind) << "line " << i;
    ASSERT_EQ(ours[i].numbers.size(), official[i].numbers.size());
    Difference& difference = differences[ours[i].kind];
    if (ours[i].valid != official[i].valid) {
      ++(ours[i].valid == 1 ? difference.gained : difference.lost);
      continue;
    }
    if (ours[i].valid != 1) continue;
    ++difference.compared;
    for (std::size_t n = 0; n < ours[i].numbers.size(); ++n)
      difference.largest =
          std::max(difference.largest, std::abs(ours[i].numbers[n] - official[i].numbers[n]));
  }
}

struct Limit {
  const char* kind;
  double largest;  ///< pixels or mm; parts of 1 for rotations and distortion
};

// The official library rounds to 32 bits at every step, ours once.
constexpr Limit kLimits[] = {
    {"modes", 0},          {"size", 0},     {"distortion", 0},   {"intrinsics", 5e-4}, {"rotation", 1e-6},
    {"translation", 1e-4}, {"point", 2e-2}, {"point_far", 1e-1}, {"pixel", 5e-3},      {"search", 2e-2}};

TEST(OfficialCalibration, GivesTheSameNumbersInEveryPairOfModes) {
  if (!fs::exists(kOfficial / "libk4a.so.1.4"))
    GTEST_SKIP() << "the official reader is missing: it was not fetched (is there a network and npm?)";
  Differences differences;
  for (const auto& blob : fs::directory_iterator(GENLOCK_TEST_DATA "/calib")) {
    const std::vector<Line> ours = probe(kOurs, blob.path());
    ASSERT_GT(ours.size(), 10000U) << blob.path();
    compare(ours, probe(kOfficial, blob.path()), differences);
  }
  ASSERT_EQ(differences.size(), std::size(kLimits));
  for (const Limit& limit : kLimits) {
    const Difference& difference = differences[limit.kind];
    std::printf("%-12s %8zu compared, largest difference %.3g, valid in ours alone %zu, official alone %zu\n",
                limit.kind, difference.compared, difference.largest, difference.gained, difference.lost);
    EXPECT_GT(difference.compared, 50U) << limit.kind;
    EXPECT_LE(difference.largest, limit.largest) << limit.kind;
    // Rounding at every step loses a pixel now and then where the lens bends most.
    EXPECT_LE(difference.gained, difference.compared / 500) << limit.kind;
    EXPECT_EQ(difference.lost, 0U) << limit.kind;
  }
}

}  // namespace
}  // namespace genlock::test
