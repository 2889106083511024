#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/result.h"
#include "geometry/types.h"

// A unit's calibration: the blob it returns, and what follows from it for a pair of modes (facts k4a-abi.md
// E1, E2).

namespace genlock::geometry {

/// The numeric values are those of libk4a's ABI.
enum class LensModel : std::uint8_t { unknown, theta, polynomial_3k, rational_6kt, brown_conrady };

enum class Sensor : std::uint8_t { depth, color, gyro, accel };
inline constexpr std::size_t kSensors = 4;

/// Where a camera's optics put a ray; in pixels for a mode, in parts of the sensor's size in the blob.
struct Intrinsics {
  LensModel model = LensModel::unknown;
  int parameter_count = 0;  ///< how many the blob has; a lens needs 14
  double cx = 0, cy = 0, fx = 0, fy = 0;
  std::array<double, 6> k{};
  double codx = 0, cody = 0;
  double p2 = 0, p1 = 0;
};

/// A camera as the blob has it.
struct RawCamera {
  Intrinsics
      intrinsics;  ///< corner-based: the image spans 0..1, (0,0) is the outer corner of the first pixel
  Size sensor;
  double metric_radius = 0;  ///< largest x²+y² root at z = 1 for which the lens model holds
  Extrinsics from_depth;     ///< depth camera's frame to this sensor's
};

/// A gyroscope or accelerometer as the blob has it. Missing trailing coefficients are 0.
struct RawInertialSensor {
  Extrinsics from_depth;
  std::array<double, 12> bias_temperature_model{};    ///< 3 cubic polynomials, low order first
  std::array<double, 36> mixing_temperature_model{};  ///< 3x3 of them, row-major
  std::array<double, 9> second_order_scaling{};
  std::array<double, 3> bias_uncertainty{};
  std::array<double, 6> noise{};
  std::array<double, 2> temperature_bounds{};
  double temperature_c = 0;
  double model_type_mask = 0;
};

struct RawCalibration {
  RawCamera depth;
  RawCamera color;
  RawInertialSensor gyro;
  RawInertialSensor accel;
};

/// Reads a blob, with or without its terminating NUL, whatever the process's locale. Errc::corrupt names the
/// field.
Result<RawCalibration> parse_calibration(ByteSpan blob);

/// A camera in a mode. All zero for a camera that is off.
struct CameraCalibration {
  Intrinsics intrinsics;  ///< pixels
  Size size;
  double metric_radius = 0;
  Extrinsics from_depth;
};

/// A unit in a pair of modes.
struct Calibration {
  DepthMode depth_mode = DepthMode::off;
  ColorResolution color_resolution = ColorResolution::off;
  CameraCalibration depth;
  CameraCalibration color;
  std::array<std::array<Extrinsics, kSensors>, kSensors>
      extrinsics;  ///< [source][target]; zeros where a camera is off

  /// `sensor` is depth or color.
  const CameraCalibration& camera(Sensor sensor) const { return sensor == Sensor::color ? color : depth; }
};

/// Errc::invalid if both cameras are off, Errc::unsupported if the blob's sensor sizes do not fit the modes.
Result<Calibration> calibration_for(const RawCalibration& raw, DepthMode depth_mode,
                                    ColorResolution color_resolution);

}  // namespace genlock::geometry
