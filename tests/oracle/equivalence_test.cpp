// The same C programs over Genlock's libk4arecord and over the official one: they print the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

const std::filesystem::path kOfficial = GENLOCK_ORACLE_FOLDER;
const std::filesystem::path kOurs = GENLOCK_LIBRARY_FOLDER;

/// The official reader corrupts its heap once in many runs; ours may never crash.
constexpr int kCrashesBorne = 3;

/// Runs a program of this folder with the libraries of `libraries`; its output.
std::string run(const std::filesystem::path& libraries, std::vector<std::string> command) {
  command[0] = (std::filesystem::path(GENLOCK_PROGRAM_FOLDER) / command[0]).string();
  const Process::Options options{
      .environment = {{"LD_LIBRARY_PATH", libraries}, {"K4A_ENABLE_LOG_TO_STDOUT", "0"}}};
  for (int crashes_left = libraries == kOfficial ? kCrashesBorne : 0;; --crashes_left) {
    Process process(command, options);
    const int exit_code = process.wait();
    if (exit_code > 128 && crashes_left > 0) continue;
    EXPECT_EQ(exit_code, 0) << process.output();
    return process.output();
  }
}

/// What the probe prints about a file, line by line, without the library's path, which must be the right one.
std::vector<std::string> probe(const std::filesystem::path& libraries, const std::filesystem::path& file,
                               const std::vector<std::string>& options) {
  std::vector<std::string> command{"playback_probe", file};
  command.insert(command.end(), options.begin(), options.end());
  std::istringstream output(run(libraries, command));
  std::vector<std::string> lines;
  for (std::string line; std::getline(output, line);) lines.push_back(line);
  EXPECT_EQ(lines.at(0), "library " + (libraries / "libk4arecord.so.1.4").string());
  lines.erase(lines.begin());
  return lines;
}

class TwoLibraries : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kOfficial / "libk4arecord.so.1.4"))
      GTEST_SKIP() << "the official reader is missing: it was not fetched (is there a network and npm?)";
  }

  /// The first line that differs, if any, with the one before it.
  void expect_equal(const std::filesystem::path& file, const std::vector<std::string>& options) {
    const std::vector<std::string> ours = probe(kOurs, file, options);
    const std::vector<std::string> official = probe(kOfficial, file, options);
    ASSERT_GT(official.size(), 20U);
    std::string before;
    for (std::size_t i = 0; i < std::min(ours.size(), official.size()); ++i) {
      ASSERT_EQ(ours[i], official[i]) << file << " line " << i << " after " << before;
      before = ours[i];
    }
    EXPECT_EQ(ours.size(), official.size()) << file;
  }

  /// Everything, and random walks.
  void expect_equal_everywhere(const std::filesystem::path& file) {
    for (const char* seed : {"1", "2"}) expect_equal(file, {"walk", seed});
  }

  TemporaryFolder folder_;
};

TEST_F(TwoLibraries, ReadFilesOfTheOfficialWriterAlike) {
  run(kOfficial, {"record_files", folder_.path()});
  for (const char* name : {"everything.mkv", "depth.mkv", "color.mkv"})
    expect_equal_everywhere(folder_ / name);
}

TEST_F(TwoLibraries, ReadFilesOfOurWriterAlike) {
  run(kOurs, {"record_files", folder_.path()});
  for (const char* name : {"everything.mkv", "depth.mkv", "color.mkv"})
    expect_equal_everywhere(folder_ / name);
}

TEST_F(TwoLibraries, ReadTheFilesOfOtherTestsAlike) {
  const std::filesystem::path files = GENLOCK_PLAYBACK_FILES;
  for (const char* name : {"imu.mkv", "custom.mkv", "delay_plus.mkv", "delay_minus.mkv", "ir_only.mkv"})
    expect_equal_everywhere(files / name);
  // Neighbours that are partial: the official reader splits them where the direction changes in between.
  for (const char* name : {"gaps.mkv", "halves.mkv", "walk.mkv"}) expect_equal(files / name, {"walk"});
}

TEST_F(TwoLibraries, ReadRealAndGoldenRecordingsAlike) {
  expect_equal_everywhere(data_file("mkv/pyk4a_recording.mkv"));
  expect_equal_everywhere(data_file("golden/small.mkv"));
  // Its samples lie up to a millisecond behind their blocks: after a seek in between, the official reader
  // misses them.
  expect_equal(data_file("mkv/ms_sdk_2018_playback_test_input.mkv"), {"walk"});
}

/// How far two files of pixels are apart.
struct Apart {
  int most = 0;
  double mean = 0;
};

class TwoLibrariesColor : public TwoLibraries {
 protected:
  Apart converted(const std::filesystem::path& file, int format) {
    const std::string number = std::to_string(format);
    probe(kOurs, file, {"convert", number, folder_ / "ours"});
    probe(kOfficial, file, {"convert", number, folder_ / "official"});
    const auto ours = load_file(folder_ / "ours");
    const auto official = load_file(folder_ / "official");
    EXPECT_TRUE(ours && official && !ours->empty() && ours->size() == official->size())
        << file << " to " << format;
    Apart apart;
    if (!ours || !official || ours->size() != official->size()) return apart;
    for (std::size_t i = 0; i < ours->size(); ++i) {
      const int one = std::abs(std::to_integer<int>((*ours)[i]) - std::to_integer<int>((*official)[i]));
      apart.most = std::max(apart.most, one);
      apart.mean += one;
    }
    apart.mean /= static_cast<double>(ours->size());
    return apart;
  }
};

constexpr int kNv12 = 1;
constexpr int kYuy2 = 2;
constexpr int kBgra = 3;

// The official library goes through BGRA for NV12 and YUY2, which shows at the edges of a real picture.
TEST_F(TwoLibrariesColor, ConvertARealFrameAlike) {
  const std::filesystem::path frame = data_file("mkv/pyk4a_recording.mkv");
  EXPECT_EQ(converted(frame, kBgra).most, 0);
  for (const int format : {kNv12, kYuy2}) {
    const Apart apart = converted(frame, format);
    EXPECT_LE(apart.most, 6) << format;
    EXPECT_LE(apart.mean, 0.8) << format;
  }
}

TEST_F(TwoLibrariesColor, ConvertYuvAlike) {
  const std::filesystem::path files = GENLOCK_PLAYBACK_FILES;
  EXPECT_EQ(converted(files / "color_nv12.mkv", kBgra).most, 0);
  EXPECT_EQ(converted(files / "color_yuy2.mkv", kBgra).most, 0);
  EXPECT_LE(converted(files / "color_nv12.mkv", kYuy2).most, 2);
  EXPECT_LE(converted(files / "color_yuy2.mkv", kNv12).most, 2);
}

}  // namespace
}  // namespace genlock::test
