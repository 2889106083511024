#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "geometry/calibration.h"
#include "geometry/cloud_rays.h"
#include "geometry/warp.h"

namespace genlock::geometry {

/// A second image that goes with depth into the colour camera. Value is std::uint8_t or std::uint16_t.
template <class Value>
struct CustomImages {
  std::span<const Value> image;  ///< of the depth camera's size
  std::span<Value> transformed;  ///< of the colour camera's size
  Interpolation interpolation = Interpolation::nearest;
  Value invalid = 0;  ///< where there is no depth
};

/// Whole images between the cameras of a unit (facts k4a-abi.md E5). Images are rows without padding, depth
/// in mm, 0 for none; inputs and outputs must not overlap. A call fails with Errc::invalid, and leaves the
/// outputs alone, when an image is of another size or a camera that it needs is off.
///
/// One call at a time. Calls allocate nothing, except the colour camera's first point cloud, which makes its
/// table.
class Transformation {
 public:
  /// Errc::unsupported for lenses that cannot be used or cameras without pixels. Takes about 0.1 µs for a
  /// pixel of the depth camera.
  static Result<Transformation> create(const Calibration& calibration);

  /// 0x0 for a camera that is off.
  Size size(Sensor camera) const { return calibration_.camera(camera).size; }

  /// Depth as the colour camera would see it: a mesh through all pixels, nearer parts over farther ones.
  Status depth_to_color(std::span<const std::uint16_t> depth, std::span<std::uint16_t> transformed);

  /// The same with another value of every pixel.
  template <class Value>
  Status depth_to_color(std::span<const std::uint16_t> depth, std::span<std::uint16_t> transformed,
                        const CustomImages<Value>& custom);

  /// For every depth pixel the colour, BGRA, of what it sees, without a test whether something is in front. 0
  /// where there is none; a colour of 0 becomes a blue of 1.
  Status color_to_depth(std::span<const std::uint16_t> depth, std::span<const std::uint32_t> color,
                        std::span<std::uint32_t> transformed);

  /// A depth image in the geometry of `camera`, depth or color, as x, y, z for every pixel, in mm and the
  /// frame of that camera. 0, 0, 0 where there is no depth.
  Status point_cloud(Sensor camera, std::span<const std::uint16_t> depth, std::span<std::int16_t> xyz);

 private:
  explicit Transformation(const Calibration& calibration);

  Status check_both(std::size_t depth_pixels, std::size_t color_pixels) const;
  float correspond(std::size_t y, std::span<const std::uint16_t> depth, CorrespondenceRow row) const;
  CorrespondenceRow row(std::size_t which);
  template <class Value>
  void draw_mesh(std::span<const std::uint16_t> depth, std::span<std::uint16_t> transformed,
                 const CustomImages<Value>& custom, const MeshTarget& target);

  Calibration calibration_;
  DepthToColor warp_;
  CloudRays depth_rays_;
  CloudRays color_rays_;              ///< empty until needed
  std::size_t stride_;                ///< entries of a padded row of the depth camera
  std::vector<float> points_;         ///< two rows of three columns
  std::vector<std::int32_t> custom_;  ///< two rows
};

}  // namespace genlock::geometry
