// The image functions of Genlock's libk4a beside the official ones, which run in the depth engine under a
// software renderer.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

/// A display that nobody sees.
class Display {
 public:
  Display() : server_({GENLOCK_XVFB, "-displayfd", "1", "-screen", "0", "64x64x24", "-nolisten", "tcp"}, {}) {
    EXPECT_TRUE(server_.wait_for("\n")) << server_.output();
  }
  ~Display() {
    server_.signal(SIGTERM);
    server_.wait();
  }
  std::string name() const { return ":" + server_.output().substr(0, server_.output().find('\n')); }

 private:
  Process server_;
};

using Milliseconds = std::map<std::string, double>;

/// What the probe prints over the library in `folders`, its images in `results`.
Milliseconds probe(const std::string& folders, const std::string& display, const fs::path& blob,
                   std::array<int, 2> modes, const fs::path& results) {
  fs::create_directories(results);
  Process process(
      {GENLOCK_IMAGES_PROBE, blob, std::to_string(modes[0]), std::to_string(modes[1]), "2", results},
      {.environment = {{"LD_LIBRARY_PATH", folders},
                       {"DISPLAY", display},
                       {"LIBGL_ALWAYS_SOFTWARE", "1"},
                       {"K4A_ENABLE_LOG_TO_STDOUT", "0"}}});
  EXPECT_EQ(process.wait(), 0) << process.output();
  std::istringstream lines(process.output());
  Milliseconds times;
  std::string name;
  for (double ms = 0; lines >> name >> ms;) times[name] = ms;
  return times;
}

template <class Value>
std::vector<int> load(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Value));
  return {values.begin(), values.end()};
}

struct Difference {
  std::size_t both = 0;          ///< values that neither has left empty
  std::size_t ours_alone = 0;    ///< filled by ours only
  std::size_t theirs_alone = 0;  ///< filled by the official one only
  std::size_t differing = 0;     ///< of both
  int largest = 0;
};

void compare(const std::vector<int>& ours, const std::vector<int>& theirs, Difference& sum) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    sum.ours_alone += ours[i] != 0 && theirs[i] == 0;
    sum.theirs_alone += ours[i] == 0 && theirs[i] != 0;
    if (ours[i] == 0 || theirs[i] == 0) continue;
    ++sum.both;
    sum.differing += ours[i] != theirs[i];
    sum.largest = std::max(sum.largest, std::abs(ours[i] - theirs[i]));
  }
}

struct Subject {
  const char* name;
  std::vector<int> (*load)(const fs::path& file);
  int largest;       ///< difference that is allowed
  double differing;  ///< part of the values that may differ at all
};

// Labels travel with the nearest of several surfaces, so where these are equally near another one may win.
const Subject kSubjects[] = {{"depth_to_color", load<std::uint16_t>, 1, 0.001},
                             {"labels_to_color", load<std::uint8_t>, 255, 0.0001},
                             {"color_to_depth", load<std::uint8_t>, 1, 0.01},
                             {"point_cloud", load<std::int16_t>, 1, 0.001}};

class OfficialImages : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(engine_ / "libdepthengine.so.2.0"))
      GTEST_SKIP() << "the official engine is missing: it was not fetched (is there a network and npm?)";
    if (std::string(GENLOCK_XVFB).empty()) GTEST_SKIP() << "Xvfb is missing: install xvfb";
  }

  void compare_on(const fs::path& blob, std::array<int, 2> modes) {
    const Display display;
    const Milliseconds ours = probe(GENLOCK_LIBRARY_FOLDER, display.name(), blob, modes, folder_ / "ours");
    const Milliseconds theirs = probe(std::string(GENLOCK_ORACLE_FOLDER) + ":" + engine_.string(),
                                      display.name(), blob, modes, folder_ / "theirs");
    for (const Subject& subject : kSubjects) {
      Difference& difference = differences_[subject.name];
      compare(subject.load(folder_ / "ours" / subject.name), subject.load(folder_ / "theirs" / subject.name),
              difference);
      fmt::print("{:<16} {:8.2f} ms, official {:8.2f} ms\n", subject.name, ours.at(subject.name),
                 theirs.at(subject.name));
    }
  }

  void expect_within_limits() {
    for (const Subject& subject : kSubjects) {
      const Difference& d = differences_[subject.name];
      fmt::print(
          "{:<16} {:8} values, {} differ, by {} at most; {} in ours alone, {} in the official one alone\n",
          subject.name, d.both, d.differing, d.largest, d.ours_alone, d.theirs_alone);
      EXPECT_GT(d.both, 200'000U) << subject.name;
      EXPECT_LE(d.largest, subject.largest) << subject.name;
      const double values = static_cast<double>(d.both);
      EXPECT_LE(static_cast<double>(d.differing), values * subject.differing) << subject.name;
      EXPECT_LE(static_cast<double>(d.ours_alone + d.theirs_alone), values * 1e-4) << subject.name;
    }
  }

  const fs::path engine_ = fs::path(GENLOCK_ORACLE_FOLDER) / "engine";
  TemporaryFolder folder_;
  std::map<std::string, Difference> differences_;
};

constexpr std::array<int, 2> kBinnedOn720p{1, 1};
constexpr std::array<int, 2> kUnbinnedOn1080p{2, 2};

TEST_F(OfficialImages, AreTheSameOnEveryCalibration) {
  for (const auto& blob : fs::directory_iterator(GENLOCK_TEST_DATA "/calib"))
    compare_on(blob.path(), kBinnedOn720p);
  expect_within_limits();
}

TEST_F(OfficialImages, AreTheSameInFullSize) {
  compare_on(GENLOCK_TEST_DATA "/calib/k4a.net.raw_calibration.bin", kUnbinnedOn1080p);
  expect_within_limits();
}

}  // namespace
}  // namespace genlock::test
