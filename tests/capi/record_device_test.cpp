// Recording with a device handle, over a libk4a that has devices: this program brings the three functions of
// one, which the library finds because a program's own symbols come first.

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "record_support.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace {

/// How the pretended unit answers.
struct Unit {
  std::string serial = "000011590212";
  std::string calibration = "{\"CalibrationInformation\":{}}";
  bool nul_counts = true;  ///< the calibration's size includes a terminating NUL
  bool version_fails = false;
  bool calibration_fails = false;
  bool serial_fails = false;
} unit;

int device_object = 0;
const k4a_device_t kDevice = reinterpret_cast<k4a_device_t>(&device_object);

k4a_buffer_result_t give(const std::string& bytes, void* data, size_t* size) {
  const bool fits = data != nullptr && *size >= bytes.size();
  *size = bytes.size();
  if (!fits) return K4A_BUFFER_RESULT_TOO_SMALL;
  std::memcpy(data, bytes.data(), bytes.size());
  return K4A_BUFFER_RESULT_SUCCEEDED;
}

}  // namespace

extern "C" {

k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t device, char* serial_number, size_t* size) {
  if (device != kDevice || unit.serial_fails) return K4A_BUFFER_RESULT_FAILED;
  return give(unit.serial + '\0', serial_number, size);
}

k4a_result_t k4a_device_get_version(k4a_device_t device, k4a_hardware_version_t* version) {
  if (device != kDevice || unit.version_fails) return K4A_RESULT_FAILED;
  *version = {};
  version->rgb = {1, 6, 110};
  version->depth = {1, 6, 79};
  return K4A_RESULT_SUCCEEDED;
}

k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t device, uint8_t* data, size_t* size) {
  if (device != kDevice || unit.calibration_fails) return K4A_BUFFER_RESULT_FAILED;
  return give(unit.nul_counts ? unit.calibration + '\0' : unit.calibration, data, size);
}
}

namespace genlock::test {
namespace {

class RecordDevice : public testing::Test {
 protected:
  void SetUp() override { unit = Unit(); }

  k4a_result_t record(k4a_device_t device) {
    k4a_record_t recording = nullptr;
    const k4a_result_t result = k4a_record_create(file().c_str(), device, small_device_config(), &recording);
    if (result != K4A_RESULT_SUCCEEDED) {
      EXPECT_EQ(recording, nullptr);
      EXPECT_FALSE(std::filesystem::exists(file())) << "nothing was replaced for nothing";
      return result;
    }
    EXPECT_EQ(k4a_record_write_header(recording), K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(write_capture(recording, small_capture(1000)), K4A_RESULT_SUCCEEDED);
    k4a_record_close(recording);
    return result;
  }

  recording::RecordingInfo read() {
    const Result<Playback> played = play(file());
    EXPECT_TRUE(played) << played.error().message();
    return played ? played->info : recording::RecordingInfo();
  }

  std::filesystem::path file() const { return folder_ / "recording.mkv"; }

  TemporaryFolder folder_;
};

TEST_F(RecordDevice, TheFileSaysWhichUnitItIsOf) {
  for (const bool nul_counts : {true, false}) {
    unit.nul_counts = nul_counts;
    ASSERT_EQ(record(kDevice), K4A_RESULT_SUCCEEDED);
    const recording::RecordingInfo info = read();
    EXPECT_EQ(info.serial, "000011590212");
    EXPECT_EQ(info.color_firmware, (Version{1, 6, 110}));
    EXPECT_EQ(info.depth_firmware, (Version{1, 6, 79}));
    EXPECT_EQ(
        std::string(reinterpret_cast<const char*>(info.raw_calibration.data()), info.raw_calibration.size()),
        unit.calibration);
    EXPECT_FALSE(info.simulated);
  }
}

TEST_F(RecordDevice, SimulatedUnitsAreMarked) {
  unit.serial = "900000712345";
  ASSERT_EQ(record(kDevice), K4A_RESULT_SUCCEEDED);
  EXPECT_TRUE(read().simulated);
}

TEST_F(RecordDevice, AnUnreadableSerialIsNoFailure) {
  unit.serial_fails = true;
  ASSERT_EQ(record(kDevice), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(read().serial, "");
}

TEST_F(RecordDevice, UnreadableVersionsOrCalibrationsAre) {
  unit.version_fails = true;
  EXPECT_EQ(record(kDevice), K4A_RESULT_FAILED);
  unit = Unit();
  unit.calibration_fails = true;
  EXPECT_EQ(record(kDevice), K4A_RESULT_FAILED);
  unit = Unit();
  EXPECT_EQ(record(reinterpret_cast<k4a_device_t>(&unit)), K4A_RESULT_FAILED) << "no device";
}

}  // namespace
}  // namespace genlock::test
