#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "geometry/lens.h"
#include "geometry/points.h"

// Whatever bytes come: parse_calibration answers, and what it accepts can be used.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace genlock;
  using namespace genlock::geometry;
  const auto raw = parse_calibration(std::as_bytes(std::span(data, size)));
  if (!raw) {
    if (raw.error().message().empty()) std::abort();
    return 0;
  }
  const auto calibration = calibration_for(*raw, DepthMode::nfov_unbinned, ColorResolution::r1080p);
  if (!calibration) return 0;
  (void)point_2d_to_2d(*calibration, {320, 288}, 1000, Sensor::depth, Sensor::color);
  (void)point_2d_to_3d(*calibration, {1900, 1000}, 2500, Sensor::color, Sensor::accel);
  return 0;
}
