#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genlock::geometry::testing {

/// One way in which a calibration may be wrong.
struct Damage {
  const char* from;     ///< what the text of a real unit has
  const char* to;       ///< what stands there instead
  const char* message;  ///< part of what parse_calibration must say
};

/// Every kind of damage that is told apart, as found in the blob of k4a.net; other blobs have most of these
/// places.
inline constexpr Damage kDamages[] = {
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
    {"\"ModelParameterCount\":14", "\"ModelParameterCount\":13.5", "Intrinsics.ModelParameterCount is 13.5"},
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

/// A blob with its first `damage.from` replaced; nothing where it has none.
inline std::optional<std::string> with_damage(std::string blob, const Damage& damage) {
  const std::string_view from = damage.from;
  const std::size_t at = blob.find(from);
  if (at == std::string::npos) return std::nullopt;
  return blob.replace(at, from.size(), damage.to);
}

}  // namespace genlock::geometry::testing
