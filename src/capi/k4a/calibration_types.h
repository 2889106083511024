#pragma once

#include "geometry/calibration.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// A calibration in the ABI's layout. A camera that is off is all zero.
k4a_calibration_t api_calibration(const geometry::Calibration& calibration);

/// Back again. An error where the modes do not exist.
Result<geometry::Calibration> calibration_from(const k4a_calibration_t& api);

/// Errors where the ABI's number stands for no mode or sensor.
Result<DepthMode> depth_mode_from(const k4a_depth_mode_t& mode);
Result<ColorResolution> color_resolution_from(const k4a_color_resolution_t& resolution);
Result<geometry::Sensor> sensor_from(const k4a_calibration_type_t& sensor);

}  // namespace genlock::capi
