// What a program's environment changes: facts k4a-abi.md F, and which bench the units are of.

#include <filesystem>
#include <fstream>

#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

/// A variable for as long as this exists.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

class DeviceEnvironment : public testing::Test {
 protected:
  /// Captures of about a second that have both cameras' images, and those that have not.
  std::pair<int, int> whole_and_single() {
    const OpenDevice device;
    const auto config = small_cameras();
    EXPECT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
    std::pair<int, int> seen;
    for (int i = 0; i < 20; ++i) {
      const OwnedCapture capture = next_capture(bench_, device);
      ++(color_of(capture) && ir_of(capture) ? seen.first : seen.second);
    }
    return seen;
  }

  ProgramBench bench_;
};

TEST_F(DeviceEnvironment, TurnsPairingOffWhenADeviceIsOpened) {
  EXPECT_EQ(whole_and_single(), std::pair(20, 0));
  {
    const Variable off("K4A_DISABLE_SYNCHRONIZATION", "1");
    EXPECT_EQ(whole_and_single(), std::pair(0, 20));
  }
  const Variable on("K4A_DISABLE_SYNCHRONIZATION", "0");
  EXPECT_EQ(whole_and_single(), std::pair(20, 0));
}

TEST_F(DeviceEnvironment, HasStampsLoggedOnceForEachFrameAndForEachCapture) {
  {
    const Heard heard(K4A_LOG_LEVEL_INFO);
    whole_and_single();
    EXPECT_THAT(heard.lines(), Not(Contains(HasSubstr("frame:"))));
  }
  const Variable on("K4A_ENABLE_TS_LOGGING", "1");
  const Heard heard(K4A_LOG_LEVEL_INFO);
  whole_and_single();
  EXPECT_THAT(heard.lines(), Contains(HasSubstr("frame: color ")).Times(testing::Ge(20)));
  EXPECT_THAT(heard.lines(), Contains(HasSubstr("frame: depth ")).Times(testing::Ge(20)));
  EXPECT_THAT(
      heard.lines(),
      Contains(testing::ContainsRegex("capture: color [0-9]+ us depth [0-9]+ us")).Times(testing::Ge(20)));
}

TEST_F(DeviceEnvironment, NamesTheHostWhoseUnitsShow) {
  EXPECT_EQ(k4a_device_get_installed_count(), 3U);
  const ProgramBench with_hosts({.more = "[[host]]\nname = \"left\"\nunits = [\"sub1\"]\n"});
  const Variable host("GENLOCK_BENCH_HOST", "left");
  EXPECT_EQ(k4a_device_get_installed_count(), 1U);
  const OpenDevice device;
  char serial[13];
  std::size_t size = sizeof serial;
  ASSERT_EQ(k4a_device_get_serialnum(device, serial, &size), K4A_BUFFER_RESULT_SUCCEEDED);
  EXPECT_STREQ(serial, ProgramBench::kSerials[1]);
}

TEST_F(DeviceEnvironment, AnAlteredBenchIsSeenOnceAnotherProcessHasMadeItAnew) {
  EXPECT_EQ(k4a_device_get_installed_count(), 3U);
  {
    std::ofstream file(bench_.file());
    file << "name = \"program\"\nclock = \"stepped\"\n[[unit]]\nname = \"only\"\nserial = \""
         << ProgramBench::kSerials[2] << "\"\nimages = \"flat\"\n";
  }
  const auto anew =
      device::sim::Bench::open({.bench = bench_.file(), .state_directory = bench_.folder().path()});
  ASSERT_TRUE(anew);
  EXPECT_EQ(k4a_device_get_installed_count(), 1U);
}

}  // namespace
}  // namespace genlock::test
