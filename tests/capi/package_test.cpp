// The installed package as others use it: their programs, built outside the tree by a plain compiler with
// pkg-config and by CMake, their recordings judged by tools that are not ours.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string run(const std::vector<std::string>& command, const Process::Options& options = {}) {
  Process process(command, options);
  EXPECT_EQ(process.wait(), 0) << command.front() << ": " << process.output();
  return process.output();
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Installs once for all tests.
class InstalledPackage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    work_ = std::make_unique<TemporaryFolder>();
    run({GENLOCK_CMAKE, "--install", GENLOCK_BUILD_FOLDER, "--component", "c-libraries", "--prefix",
         prefix().string()});
    fs::copy(GENLOCK_OUTSIDE_FOLDER, *work_ / "source");
  }
  static void TearDownTestSuite() { work_.reset(); }

  static fs::path prefix() { return *work_ / "installed"; }
  static fs::path source(const char* name) { return *work_ / "source" / name; }
  static Process::Options at_run_time() {
    return {.environment = {{"LD_LIBRARY_PATH", (prefix() / GENLOCK_LIBDIR / "genlock").string()}}};
  }

  /// Compiles one file with what pkg-config says.
  static fs::path compile(const std::string& compiler, const char* name) {
    const fs::path program = *work_ / fs::path(name).stem();
    const std::string flags =
        " -Wall -Wextra -Wpedantic -Werror -o " + program.string() + " " + source(name).string();
    run({"sh", "-c", compiler + flags + " $(pkg-config --cflags --libs k4arecord)"},
        {.environment = {{"PKG_CONFIG_PATH", (prefix() / GENLOCK_LIBDIR / "pkgconfig").string()}}});
    return program;
  }

  /// The take that record_take makes, recorded once.
  static fs::path take() {
    static const fs::path file = [] {
      const fs::path made = *work_ / "take.mkv";
      run({compile("cc -std=c11", "record_take.c").string(), made.string()}, at_run_time());
      return made;
    }();
    return file;
  }

  static inline std::unique_ptr<TemporaryFolder> work_;
};

TEST_F(InstalledPackage, RecordsFromAPlainCProgram) {
  const Result<Playback> played = play(take());
  ASSERT_TRUE(played) << played.error().message();
  EXPECT_TRUE(played->survey.finalised);
  EXPECT_THAT(played->survey.problems, testing::IsEmpty());
  ASSERT_EQ(played->captures.size(), 12U);
  EXPECT_EQ(count_us(played->captures[11].depth->device_time), 5'000'000 + 11 * 33333);
  EXPECT_EQ(played->captures[11].depth->data.bytes()[2], std::byte{12});
  EXPECT_EQ(played->captures[11].color->data.bytes()[0], std::byte{27});
  EXPECT_EQ(played->imu.size(), 12U * 55);
  EXPECT_EQ(played->info.tags.at("OPERATOR"), "somebody else");
}

TEST_F(InstalledPackage, RecordingsPassMkvinfoWithoutAWarning) {
  const std::string report = run({"mkvinfo", "--all", take().string()});
  for (const char* name : {"COLOR", "DEPTH", "IR", "IMU", "THERMAL", "FORCE"})
    EXPECT_THAT(report, HasSubstr(std::string("Name: ") + name + "\n"));
  EXPECT_THAT(report, HasSubstr("File name: notes.txt"));
  EXPECT_THAT(report, HasSubstr("Codec ID: V_THERMAL"));
  EXPECT_THAT(report, Not(HasSubstr("rror")));
  EXPECT_THAT(report, Not(HasSubstr("arning")));
}

TEST_F(InstalledPackage, RecordingsPassFfprobe) {
  const std::string report =
      run({"ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:1", "-show_entries",
           "stream=nb_read_packets,width,height", "-of", "csv=p=0", take().string()});
  EXPECT_THAT(report, HasSubstr("320,288,12"));
}

TEST_F(InstalledPackage, IsFoundByCMakeUnderBothNames) {
  const std::string build = *work_ / "build";
  run({GENLOCK_CMAKE, "-S", (*work_ / "source").string(), "-B", build,
       "-DCMAKE_PREFIX_PATH=" + prefix().string()});
  run({GENLOCK_CMAKE, "--build", build});
  const fs::path file = *work_ / "from_cmake.mkv";
  run({build + "/record_take", file.string()});
  EXPECT_TRUE(play(file));
}

TEST_F(InstalledPackage, CopiesARecordingFromACppProgram) {
  const fs::path copy = *work_ / "copy.mkv";
  run({compile("c++ -std=c++11", "copy_take.cpp").string(), take().string(), copy.string()}, at_run_time());
  const Result<Playback> original = play(take());
  const Result<Playback> copied = play(copy);
  ASSERT_TRUE(original && copied);
  ASSERT_EQ(copied->captures.size(), original->captures.size());
  for (std::size_t i = 0; i < original->captures.size(); ++i)
    EXPECT_TRUE(same_capture(copied->captures[i], original->captures[i])) << i;
  EXPECT_EQ(copied->imu.size(), original->imu.size());
  EXPECT_EQ(copied->info.tags.at("OPERATOR"), "somebody else");
}

// Facts k4a-abi.md F.
TEST_F(InstalledPackage, LogsWhereAndWhatTheEnvironmentSays) {
  const fs::path program = compile("cc -std=c11", "record_take.c");
  std::ofstream(*work_ / "file") << "no folder";
  const std::string impossible = *work_ / "file" / "take.mkv";
  const auto log_of = [&](std::map<std::string, std::string> environment, const char* file) {
    Process::Options options = at_run_time();
    environment.try_emplace("K4A_ENABLE_LOG_TO_STDOUT", "1");
    options.environment.merge(environment);
    options.directory = work_->path();
    Process failing({program.string(), impossible}, options);
    EXPECT_EQ(failing.wait(), 1);
    std::string text = failing.output();
    if (file != nullptr) text = text_of(*work_ / file);
    return text;
  };
  const char* const kLine = "[error] [t=";
  EXPECT_THAT(log_of({}, nullptr), HasSubstr(kLine));
  EXPECT_THAT(log_of({}, nullptr), HasSubstr("k4a_record_create: creating " + impossible));
  EXPECT_THAT(log_of({{"K4A_ENABLE_LOG_TO_STDOUT", "0"}}, nullptr), Not(HasSubstr(kLine)));
  EXPECT_THAT(log_of({{"K4A_LOG_LEVEL", "Critical"}}, nullptr), Not(HasSubstr(kLine)));
  EXPECT_THAT(log_of({{"K4A_LOG_LEVEL", "w"}}, nullptr), HasSubstr(kLine));
  EXPECT_THAT(log_of({{"K4A_RECORD_ENABLE_LOG_TO_A_FILE", "own.log"}}, "own.log"), HasSubstr(kLine));
  EXPECT_THAT(log_of({{"K4A_RECORD_ENABLE_LOG_TO_A_FILE", "1"}}, "k4a.log"), HasSubstr(kLine));
  EXPECT_THAT(log_of({{"K4A_RECORD_ENABLE_LOG_TO_A_FILE", "own.log"}}, nullptr), Not(HasSubstr(kLine)));
  EXPECT_THAT(log_of({{"K4A_RECORD_ENABLE_LOG_TO_A_FILE", *work_ / "file" / "x.log"}}, nullptr),
              HasSubstr(kLine));
}

// Moving the folder is what package managers do.
TEST_F(InstalledPackage, MayBeMoved) {
  const fs::path moved = *work_ / "elsewhere";
  fs::copy(prefix(), moved, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const std::string flags =
      run({"pkg-config", "--cflags", "--libs", "k4arecord"},
          {.environment = {{"PKG_CONFIG_PATH", (moved / GENLOCK_LIBDIR / "pkgconfig").string()}}});
  EXPECT_THAT(flags, HasSubstr("elsewhere"));
  EXPECT_THAT(flags, Not(HasSubstr("/installed/")));
}

}  // namespace
}  // namespace genlock::test
