#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "blobs.h"

namespace genlock::geometry {
namespace {

using testing::as_bytes;
using ::testing::HasSubstr;
using testing::real_blob;

/// The blob of a real unit with its first `from` replaced by `to`.
std::string damaged(const std::string& from, const std::string& to) {
  std::string blob = real_blob("k4a.net.raw_calibration.bin");
  const std::size_t at = blob.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? blob : blob.replace(at, from.size(), to);
}

struct Damage {
  std::string from, to;
  std::string message;  ///< part of what parse_calibration must say
};

TEST(Damage, EveryKindIsToldByTheNameOfItsField) {
  const Damage rows[] = {
      {"\"CalibrationInformation\"", "\"Information\"", "CalibrationInformation is missing"},
      {"\"Cameras\"", "\"Kameras\"", "CalibrationInformation.Cameras is missing"},
      {"\"InertialSensors\"", "\"Inertial\"", "CalibrationInformation.InertialSensors is missing"},
      {"CameraLocationD0", "CameraLocationD1",
       "Cameras has no entry with Location CALIBRATION_CameraLocationD0"},
      {"CameraLocationPV0", "CameraLocationPV1",
       "Cameras has no entry with Location CALIBRATION_CameraLocationPV0"},
      {"SensorType_Gyro", "SensorType_Girl",
       "has no entry with SensorType CALIBRATION_InertialSensorType_Gyro"},
      {"SensorType_Accelerometer", "SensorType_Magnet",
       "has no entry with SensorType CALIBRATION_InertialSensorType_Accelerometer"},
      {"\"Location\"", "\"Place\"", "Cameras[0].Location is missing"},
      {"\"ModelType\":\"CALIBRATION_LensDistortionModelBrownConrady\"", "\"ModelType\":\"Fisheye\"",
       "[CALIBRATION_CameraLocationD0].Intrinsics.ModelType names an unknown lens model"},
      {"\"ModelParameterCount\":14", "\"ModelParameterCount\":16", "Intrinsics.ModelParameterCount is 16"},
      {"\"ModelParameterCount\":14", "\"ModelParameterCount\":13.5",
       "Intrinsics.ModelParameterCount is 13.5"},
      {"\"ModelParameterCount\":14", "\"ModelParameterCount\":13",
       "ModelParameters has 14 numbers, more than 13"},
      {"\"ModelParameters\":[0.4", "\"ModelParameters\":[null,0.4", "ModelParameters has 15 numbers"},
      {"\"ModelParameters\":[0.49738526344299316", "\"ModelParameters\":[\"0.4\"",
       "ModelParameters[0] is not a number"},
      {"\"MetricRadius\":", "\"MetricRadius\":\"wide\",\"Old\":",
       "[CALIBRATION_CameraLocationD0].MetricRadius is not a number"},
      {"\"Rotation\":[1,0,0", "\"Rotation\":[1,1,0", "Rt.Rotation is not a rotation"},
      {"\"Rotation\":[1,0,0,0,1,0,0,0,1]", "\"Rotation\":[]", "Rt.Rotation is not a rotation"},
      {"\"Rotation\":[1,0,0,0,1,0,0,0,1]", "\"Rotation\":{}", "Rt.Rotation is not an array"},
      {"\"Translation\":[0,0,0]", "\"Translation\":[0,0,0,0]", "Rt.Translation has 4 numbers, more than 3"},
      {"\"Translation\":[0,0,0]", "\"Translation\":[0,0,1000]", "Rt.Translation is longer than a unit"},
      {"\"SensorHeight\":1024", "\"SensorHeight\":0", "SensorHeight is 0"},
      {"\"SensorWidth\":4096", "\"SensorWidth\":true",
       "[CALIBRATION_CameraLocationPV0].SensorWidth is not a number"},
      {"\"BiasUncertainty\"", "\"Bias\"", "[CALIBRATION_InertialSensorType_Gyro].BiasUncertainty is missing"},
  };
  for (const Damage& row : rows) {
    const auto raw = parse_calibration(as_bytes(damaged(row.from, row.to)));
    ASSERT_FALSE(raw) << row.message;
    EXPECT_EQ(raw.error().code(), Errc::corrupt);
    EXPECT_THAT(raw.error().message(), HasSubstr(row.message));
  }
}

TEST(Damage, BytesThatAreNoBlobAreRefused) {
  for (const char* text :
       {"", "{", "[]", "17", "\"text\"", "{} {}", "Hello World", "{\"CalibrationInformation\":1e999}"}) {
    const auto raw = parse_calibration(as_bytes(text));
    ASSERT_FALSE(raw) << text;
    EXPECT_EQ(raw.error().code(), Errc::corrupt);
  }
  EXPECT_FALSE(parse_calibration(as_bytes(std::string(2 << 20, ' '))));
}

TEST(Damage, EveryCutIsRefusedWithoutHarm) {
  const std::string blob = real_blob("k4a.net.raw_calibration.bin");
  const std::size_t end = blob.rfind('}');
  for (std::size_t size = 0; size <= end; ++size)
    EXPECT_FALSE(parse_calibration(as_bytes(blob.substr(0, size))));
}

TEST(Damage, KeysAreFoundWhateverTheirCase) {
  EXPECT_TRUE(
      parse_calibration(as_bytes(damaged("\"CalibrationInformation\"", "\"calibrationINFORMATION\""))));
  EXPECT_TRUE(parse_calibration(as_bytes(damaged("\"MetricRadius\"", "\"metricradius\""))));
}

TEST(Damage, MissingCoefficientsAtTheEndAreZero) {
  const auto raw = parse_calibration(as_bytes(damaged("\"Translation\":[0,0,0]", "\"Translation\":[0.5]")));
  ASSERT_TRUE(raw) << raw.error().message();
  EXPECT_EQ(raw->depth.from_depth.translation, (std::array<double, 3>{500, 0, 0}));
}

}  // namespace
}  // namespace genlock::geometry
