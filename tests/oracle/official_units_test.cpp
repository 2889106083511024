#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "device/k4a/provider.h"
#include "support/process.h"

// Our tools over Microsoft's own libk4a 1.4.1, without a camera: what it lacks is said cleanly.

namespace genlock {
namespace {

namespace fs = std::filesystem;
using test::Process;
using testing::AllOf;
using testing::HasSubstr;

class OfficialLibrary : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(library()))
      GTEST_SKIP() << "the official reader is missing: " << library() << " was not fetched";
  }
  static fs::path library() { return fs::path(GENLOCK_ORACLE_FOLDER) / "libk4a.so.1.4"; }

  static std::string run(const std::string& program, std::vector<std::string> words, int exit_code) {
    words.insert(words.begin(), fs::path(GENLOCK_PROGRAMS) / program);
    words.insert(words.end(), {"--libk4a", library()});
    Process process(words, {.environment = {{"GENLOCK_BENCH", ""}}, .directory = GENLOCK_ORACLE_FOLDER});
    EXPECT_EQ(process.wait(), exit_code);
    return process.output();
  }
};

TEST_F(OfficialLibrary, LoadsWithItsLogAndIsKnownForMicrosofts) {
  const auto loaded = device::k4a::Library::load(library());
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ((*loaded)->vendor(), device::k4a::Vendor::microsoft);
  EXPECT_TRUE((*loaded)->log_is_read());
}

TEST_F(OfficialLibrary, WithoutACameraTheRecorderSaysSoAndLeavesNoFile) {
  const std::string said = run("k4arecorder", {"none.mkv"}, 1);
  EXPECT_THAT(said, AllOf(HasSubstr("k4arecorder: no unit is attached"), HasSubstr("udev")));
  EXPECT_EQ(std::ranges::count(said, '\n'), 1)
      << "one line, and nothing of the library's own printing: " << said;
  EXPECT_FALSE(fs::exists(fs::path(GENLOCK_ORACLE_FOLDER) / "none.mkv"));
}

TEST_F(OfficialLibrary, ListOfNoUnitsIsNoFailure) {
  EXPECT_THAT(run("genlock", {"list"}, 0), HasSubstr("No units found in Microsoft's libk4a"));
  EXPECT_THAT(run("genlock", {"list", "--json"}, 0), testing::StartsWith("[]"));
}

}  // namespace
}  // namespace genlock
