#pragma once

#include <cstdint>
#include <string>

#include "base/camera.h"

// The bench of the soak: a chain of nine whose every stamp can be computed.

namespace genlock::soak {

inline constexpr int kUnits = 9;
inline constexpr int kSpeed = 50;
inline constexpr int kMasterFirstPulse = 8;
inline constexpr int kSubordinateFirstPulse = 6;
inline constexpr std::int64_t kTicksPerPulse = 3000;  ///< 90 kHz, 30 fps

std::string unit_name(int unit);

/// The bench as TOML: no jitter, a counter offset and a clock error of its own for every unit.
std::string bench_file();

CameraConfig cameras(int unit);

/// What the API gives as the stamp, in µs, of the frame of a pulse, exposed `centre_ns` after it.
std::int64_t expected_stamp_us(int unit, std::int64_t pulse, std::int64_t centre_ns);

}  // namespace genlock::soak
