#pragma once

#include <string>

inline std::string numbers(int count) {
  std::string text = "[0";
  for (int i = 1; i < count; ++i) text += ",0";
  return text + "]";
}

inline std::string camera(const char* location, const char* parameters, const char* rotation,
                          const char* translation, const char* size, const char* radius) {
  return std::string(R"({"Location":"CALIBRATION_CameraLocation)") + location +
         R"(","Intrinsics":{"ModelParameterCount":14,"ModelType":"CALIBRATION_LensDistortionModelBrownConrady",)" +
         R"("ModelParameters":[)" + parameters + R"(]},"Rt":{"Rotation":[)" + rotation +
         R"(],"Translation":[)" + translation + "]}," + size + R"(,"MetricRadius":)" + radius + "}";
}

inline std::string inertial(const char* kind, const char* translation) {
  return std::string(R"({"SensorType":"CALIBRATION_InertialSensorType_)") + kind +
         R"(","Rt":{"Rotation":[0,0,-1,-1,0,0,0,1,0],"Translation":[)" + translation +
         R"(]},"BiasTemperatureModel":)" + numbers(12) + R"(,"BiasUncertainty":)" + numbers(3) +
         R"(,"MixingMatrixTemperatureModel":)" + numbers(36) + R"(,"ModelTypeMask":0,"Noise":)" + numbers(6) +
         R"(,"SecondOrderScaling":)" + numbers(9) + R"(,"TemperatureBounds":)" + numbers(2) +
         R"(,"TemperatureC":0})";
}

/// The made-up unit of facts E6 as it would return itself.
inline std::string anchor_unit() {
  return R"({"CalibrationInformation":{"Cameras":[)" +
         camera("D0", "0.5012,0.4987,0.4925,0.4931,0.55,0.02,0.001,0.88,0.11,0.004,0,0,-0.00004,0.00007",
                "1,0,0,0,1,0,0,0,1", "0,0,0", R"("SensorWidth":1024,"SensorHeight":1024)", "1.74") +
         "," +
         camera("PV0", "0.4991,0.5023,0.4772,0.6361,0.45,-2.6,1.55,0.33,-2.42,1.47,0,0,0.0001,-0.0003",
                "1,0,0,0,0.9945219,0.10452846,0,-0.10452846,0.9945219", "-0.032,-0.002,0.004",
                R"("SensorWidth":4096,"SensorHeight":3072)", "1.7") +
         R"(],"InertialSensors":[)" + inertial("Gyro", "0,0,0") + "," +
         inertial("Accelerometer", "-0.051,0.003,0.0015") + "]}}";
}
