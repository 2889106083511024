#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "geometry/calibration.h"

namespace genlock::geometry {
namespace {

using Json = nlohmann::json;

constexpr double kSmallestMetricRadius = 1e-4;
constexpr double kDefaultMetricRadius = 1.7;  // about 120 degrees
constexpr double kRotationTolerance = 1e-2;
constexpr double kLongestLeverMm = 10000;
constexpr int kLargestSensor = 1 << 16;

/// Far above any blob of a unit (5 to 10 kB).
constexpr std::size_t kLargestBlob = 1 << 20;

/// A value of the blob together with its path, so that every complaint names the field.
struct Node {
  const Json* json;
  std::string path;

  Error damaged(std::string_view what) const {
    return Error(Errc::corrupt, fmt::format("calibration: {} {}", path, what));
  }
};

bool same_key(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Result<Node> member(const Node& object, std::string_view key) {
  Node found{nullptr, object.path.empty() ? std::string(key) : fmt::format("{}.{}", object.path, key)};
  if (!object.json->is_object()) return object.damaged("is not an object");
  for (const auto& item : object.json->items())
    if (same_key(item.key(), key)) {
      found.json = &item.value();
      return found;
    }
  return found.damaged("is missing");
}

Result<double> number(const Node& node) {
  if (!node.json->is_number()) return node.damaged("is not a number");
  const double value = node.json->get<double>();
  if (!std::isfinite(value)) return node.damaged("is not finite");
  return value;
}

Result<double> number_at(const Node& object, std::string_view key) {
  GENLOCK_ASSIGN(const Node node, member(object, key));
  return number(node);
}

Result<std::string> text_at(const Node& object, std::string_view key) {
  GENLOCK_ASSIGN(const Node node, member(object, key));
  if (!node.json->is_string()) return node.damaged("is not a string");
  return node.json->get<std::string>();
}

Result<int> whole_number_at(const Node& object, std::string_view key, int least, int most) {
  GENLOCK_ASSIGN(const Node node, member(object, key));
  GENLOCK_ASSIGN(const double value, number(node));
  if (value != std::floor(value) || value < least || value > most)
    return node.damaged(fmt::format("is {}, not a whole number from {} to {}", value, least, most));
  return static_cast<int>(value);
}

/// Up to N numbers; those that are missing at the end stay 0, as libk4a has it.
template <std::size_t N>
Result<std::array<double, N>> numbers_at(const Node& object, std::string_view key, std::size_t most = N) {
  GENLOCK_ASSIGN(const Node node, member(object, key));
  if (!node.json->is_array()) return node.damaged("is not an array");
  if (node.json->size() > most)
    return node.damaged(fmt::format("has {} numbers, more than {}", node.json->size(), most));
  std::array<double, N> values{};
  for (std::size_t i = 0; i < node.json->size(); ++i) {
    GENLOCK_ASSIGN(values[i], number({&(*node.json)[i], fmt::format("{}[{}]", node.path, i)}));
  }
  return values;
}

bool is_rotation(const std::array<double, 9>& r) {
  const auto close = [](double a, double b) { return std::abs(a - b) <= kRotationTolerance; };
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2];
      if (!close(product, i == j ? 1 : 0)) return false;
    }
  const double determinant = r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) +
                             r[2] * (r[3] * r[7] - r[4] * r[6]);
  return determinant > 0;
}

Result<Extrinsics> read_rt(const Node& owner) {
  GENLOCK_ASSIGN(const Node rt, member(owner, "Rt"));
  Extrinsics extrinsics;
  GENLOCK_ASSIGN(extrinsics.rotation, numbers_at<9>(rt, "Rotation"));
  if (!is_rotation(extrinsics.rotation))
    return Node{nullptr, rt.path + ".Rotation"}.damaged("is not a rotation");
  GENLOCK_ASSIGN(extrinsics.translation, numbers_at<3>(rt, "Translation"));
  for (double& metres : extrinsics.translation) {
    metres *= 1000;
    if (std::abs(metres) > kLongestLeverMm)
      return Node{nullptr, rt.path + ".Translation"}.damaged("is longer than a unit");
  }
  return extrinsics;
}

Result<LensModel> read_model(const Node& intrinsics) {
  constexpr std::string_view kPrefix = "CALIBRATION_LensDistortionModel";
  constexpr std::pair<std::string_view, LensModel> kModels[] = {{"Theta", LensModel::theta},
                                                                {"Polynomial3K", LensModel::polynomial_3k},
                                                                {"Rational6KT", LensModel::rational_6kt},
                                                                {"BrownConrady", LensModel::brown_conrady}};
  GENLOCK_ASSIGN(const std::string text, text_at(intrinsics, "ModelType"));
  for (const auto& [suffix, model] : kModels)
    if (text.starts_with(kPrefix) && std::string_view(text).substr(kPrefix.size()) == suffix) return model;
  return Node{nullptr, intrinsics.path + ".ModelType"}.damaged("names an unknown lens model");
}

Result<Intrinsics> read_intrinsics(const Node& camera) {
  GENLOCK_ASSIGN(const Node node, member(camera, "Intrinsics"));
  Intrinsics lens;
  GENLOCK_ASSIGN(lens.model, read_model(node));
  GENLOCK_ASSIGN(lens.parameter_count, whole_number_at(node, "ModelParameterCount", 0, 15));
  GENLOCK_ASSIGN(const auto v,
                 numbers_at<15>(node, "ModelParameters", static_cast<std::size_t>(lens.parameter_count)));
  lens.cx = v[0], lens.cy = v[1], lens.fx = v[2], lens.fy = v[3];
  std::copy_n(v.begin() + 4, lens.k.size(), lens.k.begin());
  lens.codx = v[10], lens.cody = v[11], lens.p2 = v[12], lens.p1 = v[13];
  return lens;
}

Result<RawCamera> read_camera(const Node& node) {
  RawCamera camera;
  GENLOCK_ASSIGN(camera.intrinsics, read_intrinsics(node));
  GENLOCK_ASSIGN(camera.from_depth, read_rt(node));
  GENLOCK_ASSIGN(camera.sensor.width, whole_number_at(node, "SensorWidth", 1, kLargestSensor));
  GENLOCK_ASSIGN(camera.sensor.height, whole_number_at(node, "SensorHeight", 1, kLargestSensor));
  GENLOCK_ASSIGN(camera.metric_radius, number_at(node, "MetricRadius"));
  if (camera.metric_radius <= kSmallestMetricRadius) camera.metric_radius = kDefaultMetricRadius;
  return camera;
}

Result<RawInertialSensor> read_inertial_sensor(const Node& node) {
  RawInertialSensor sensor;
  GENLOCK_ASSIGN(sensor.from_depth, read_rt(node));
  GENLOCK_ASSIGN(sensor.bias_temperature_model, numbers_at<12>(node, "BiasTemperatureModel"));
  GENLOCK_ASSIGN(sensor.bias_uncertainty, numbers_at<3>(node, "BiasUncertainty"));
  GENLOCK_ASSIGN(sensor.mixing_temperature_model, numbers_at<36>(node, "MixingMatrixTemperatureModel"));
  GENLOCK_ASSIGN(sensor.model_type_mask, number_at(node, "ModelTypeMask"));
  GENLOCK_ASSIGN(sensor.noise, numbers_at<6>(node, "Noise"));
  GENLOCK_ASSIGN(sensor.second_order_scaling, numbers_at<9>(node, "SecondOrderScaling"));
  GENLOCK_ASSIGN(sensor.temperature_bounds, numbers_at<2>(node, "TemperatureBounds"));
  GENLOCK_ASSIGN(sensor.temperature_c, number_at(node, "TemperatureC"));
  return sensor;
}

/// The first entry of an array whose `key` says `value`. Its path tells it by that value.
Result<Node> entry(const Node& array, std::string_view key, std::string_view value) {
  if (!array.json->is_array()) return array.damaged("is not an array");
  for (std::size_t i = 0; i < array.json->size(); ++i) {
    const Node candidate{&(*array.json)[i], fmt::format("{}[{}]", array.path, i)};
    GENLOCK_ASSIGN(const std::string text, text_at(candidate, key));
    if (text == value) return Node{candidate.json, fmt::format("{}[{}]", array.path, value)};
  }
  return array.damaged(fmt::format("has no entry with {} {}", key, value));
}

Result<RawCalibration> read_blob(const Json& json) {
  GENLOCK_ASSIGN(const Node information, member({&json, ""}, "CalibrationInformation"));
  GENLOCK_ASSIGN(const Node cameras, member(information, "Cameras"));
  GENLOCK_ASSIGN(const Node inertial, member(information, "InertialSensors"));
  GENLOCK_ASSIGN(const Node depth, entry(cameras, "Location", "CALIBRATION_CameraLocationD0"));
  GENLOCK_ASSIGN(const Node color, entry(cameras, "Location", "CALIBRATION_CameraLocationPV0"));
  GENLOCK_ASSIGN(const Node gyro, entry(inertial, "SensorType", "CALIBRATION_InertialSensorType_Gyro"));
  GENLOCK_ASSIGN(const Node accel,
                 entry(inertial, "SensorType", "CALIBRATION_InertialSensorType_Accelerometer"));
  RawCalibration raw;
  GENLOCK_ASSIGN(raw.depth, read_camera(depth));
  GENLOCK_ASSIGN(raw.color, read_camera(color));
  GENLOCK_ASSIGN(raw.gyro, read_inertial_sensor(gyro));
  GENLOCK_ASSIGN(raw.accel, read_inertial_sensor(accel));
  return raw;
}

}  // namespace

Result<RawCalibration> parse_calibration(ByteSpan blob) {
  if (blob.size() > kLargestBlob)
    return Error(Errc::corrupt,
                 fmt::format("calibration: the blob has {} bytes, more than 1 MiB", blob.size()));
  std::string_view text(reinterpret_cast<const char*>(blob.data()), blob.size());
  text = text.substr(0, text.find('\0'));
  if (text.empty()) return Error(Errc::corrupt, "calibration: the blob is empty");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return Error(Errc::corrupt, "calibration: the blob is not JSON");
  if (!json.is_object()) return Error(Errc::corrupt, "calibration: the blob is not a JSON object");
  return read_blob(json);
}

}  // namespace genlock::geometry
