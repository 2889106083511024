#pragma once

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "geometry/calibration.h"

namespace genlock::geometry::testing {

inline ByteSpan as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A blob of a real unit, from tests/data/calib.
inline std::string real_blob(const std::string& name) {
  std::ifstream file(std::string(GENLOCK_TEST_DATA) + "/calib/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline constexpr const char* kRealBlobs[] = {"k4a.net.raw_calibration.bin", "ms-sdk.TestCalibration.json",
                                             "ms-sdk.g_test_json.json"};

/// The made-up unit that the anchors of facts k4a-abi.md E6 belong to.
inline RawCalibration anchor_unit() {
  const auto lens = [](double cx, double cy, double fx, double fy, std::array<double, 6> k, double p2,
                       double p1) {
    return Intrinsics{LensModel::brown_conrady, 14, cx, cy, fx, fy, k, 0, 0, p2, p1};
  };
  RawCalibration raw;
  raw.depth = {
      lens(0.5012, 0.4987, 0.4925, 0.4931, {0.55, 0.02, 0.001, 0.88, 0.11, 0.004}, -0.00004, 0.00007),
      {1024, 1024},
      1.74,
      {}};
  raw.color = {lens(0.4991, 0.5023, 0.4772, 0.6361, {0.45, -2.6, 1.55, 0.33, -2.42, 1.47}, 0.0001, -0.0003),
               {4096, 3072},
               1.7,
               {{1, 0, 0, 0, 0.9945219, 0.10452846, 0, -0.10452846, 0.9945219}, {-32, -2, 4}}};
  raw.gyro.from_depth = {{0, 0, -1, -1, 0, 0, 0, 1, 0}, {0, 0, 0}};
  raw.accel.from_depth = {{0, 0, -1, -1, 0, 0, 0, 1, 0}, {-51, 3, 1.5}};
  return raw;
}

}  // namespace genlock::geometry::testing
