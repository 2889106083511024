#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

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

/// The same with depth cameras on a USB bus that umockdev makes up (fake_units.cpp): their descriptors are
/// read, and they refuse commands.
class OfficialLibraryOverFakeUsb : public OfficialLibrary {
 protected:
  void SetUp() override {
    OfficialLibrary::SetUp();
#ifndef GENLOCK_FAKE_UNITS
    GTEST_SKIP() << "umockdev is missing: install libumockdev-dev and umockdev";
#endif
  }

#ifdef GENLOCK_FAKE_UNITS
  static std::string run_over(int units, const std::string& program, std::vector<std::string> words,
                              int exit_code) {
    words.insert(words.begin(), {GENLOCK_UMOCKDEV_WRAPPER, GENLOCK_FAKE_UNITS, std::to_string(units),
                                 fs::path(GENLOCK_PROGRAMS) / program});
    words.insert(words.end(), {"--libk4a", library()});
    Process process(words, {.environment = {{ "GENLOCK_BENCH", "" }}, .directory = GENLOCK_ORACLE_FOLDER});
    EXPECT_EQ(process.wait(), exit_code);
    return process.output();
  }
#endif
};

#ifdef GENLOCK_FAKE_UNITS
constexpr const char* kRefused = "the unit refused a command over USB: unplug it and plug it in again";

TEST_F(OfficialLibraryOverFakeUsb, CountsTheUnitsOnTheBus) {
  for (const int units : {1, 2, 5}) {
    const auto listed = nlohmann::json::parse(run_over(units, "genlock", {"list", "--json"}, 0));
    EXPECT_EQ(listed.size(), static_cast<std::size_t>(units));
  }
}

TEST_F(OfficialLibraryOverFakeUsb, ListSaysOfEachUnitWhyItCannotBeOpened) {
  const std::string said = run_over(2, "genlock", {"list"}, 0);
  EXPECT_THAT(
      said, AllOf(HasSubstr("Microsoft's libk4a"), HasSubstr("opening unit 0"), HasSubstr("opening unit 1")));
  EXPECT_THAT(said, HasSubstr(kRefused));
}

TEST_F(OfficialLibraryOverFakeUsb, RecorderSaysWhyAUnitCannotBeOpenedAndLeavesNoFile) {
  const std::string said = run_over(2, "k4arecorder", {"--device", "1", "none.mkv"}, 1);
  EXPECT_THAT(said, AllOf(testing::StartsWith("k4arecorder: opening unit 1"), HasSubstr(kRefused)));
  EXPECT_FALSE(fs::exists(fs::path(GENLOCK_ORACLE_FOLDER) / "none.mkv"));
  EXPECT_THAT(run_over(2, "k4arecorder", {"--device", "2", "none.mkv"}, 1), HasSubstr("there is no unit 2"));
}
#else
TEST_F(OfficialLibraryOverFakeUsb, IsNotTested) {}
#endif

}  // namespace
}  // namespace genlock
