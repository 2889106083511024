#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geometry/calibration.h"
#include "geometry/ray_table.h"
#include "geometry/warp.h"

// The image transformations as facts k4a-abi.md E5 defines them, pixel by pixel, in plain C++: what
// geometry::Transformation has to equal, and what its speed is compared with. It stands here and not in src
// because a product needs one implementation, and the tests one that shares nothing with it but the table of
// rays.

namespace genlock::geometry::reference {

/// Where the colour camera sees a depth pixel; a depth of 0 for nowhere.
struct Correspondence {
  float u = 0, v = 0, depth = 0;
};

/// Outputs get their size from the first call on; later calls allocate nothing.
class Warps {
 public:
  explicit Warps(const Calibration& calibration);

  void depth_to_color(std::span<const std::uint16_t> depth, std::vector<std::uint16_t>& out);

  /// `tied`, if not null, gets 1 wherever two surfaces had the same depth: there the custom value depends on
  /// their order.
  template <class Value>
  void depth_to_color(std::span<const std::uint16_t> depth, std::span<const Value> custom,
                      Interpolation interpolation, Value invalid, std::vector<std::uint16_t>& out,
                      std::vector<Value>& custom_out, std::vector<std::uint8_t>* tied = nullptr);

  void color_to_depth(std::span<const std::uint16_t> depth, std::span<const std::uint32_t> color,
                      std::vector<std::uint32_t>& out);

  /// The table of the camera is made by the caller, who may want it more than once.
  static void point_cloud(const RayTable& rays, std::span<const std::uint16_t> depth,
                          std::vector<std::int16_t>& xyz);

 private:
  void correspond(std::span<const std::uint16_t> depth);

  Size depth_size_, color_size_;
  CameraCalibration color_;
  Extrinsics extrinsics_;
  RayTable rays_;
  std::vector<Correspondence> points_;
};

}  // namespace genlock::geometry::reference
