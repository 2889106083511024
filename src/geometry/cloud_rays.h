#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "geometry/ray_table.h"
#include "geometry/warp.h"

namespace genlock::geometry {

/// Rows of a table in half its bytes.
struct PackedRays {
  std::vector<PackedRayBlock> blocks;  ///< of all rows
  std::vector<bool> fits;              ///< by row; where not, its blocks are of no use. The first two do not

  bool empty() const { return blocks.empty(); }
};

/// A lens is smooth, so that the differences mostly fit. Empty where they do in fewer than half of the rows,
/// because rows end within a block or a wide lens sees no further than to a border that runs through them.
PackedRays pack_rays(const RayTable& table, Size size);

/// The rays of a camera's pixels, and point clouds along them. These wait for memory longer than they
/// compute, so they read packed rays where they can. One point cloud at a time.
class CloudRays {
 public:
  CloudRays() = default;
  explicit CloudRays(const CameraCalibration& camera);

  bool empty() const { return table_.empty(); }
  RayRow row(std::size_t y) const { return {table_.x.data() + y * width_, table_.y.data() + y * width_}; }

  /// `depth` has the camera's size; `xyz` is as of geometry::point_cloud.
  void point_cloud(std::span<const std::uint16_t> depth, std::span<std::int16_t> xyz);

 private:
  void copy_row(std::size_t y, RayBlock* rays) const;

  RayTable table_;
  std::size_t width_ = 0;
  PackedRays packed_;
  std::array<std::vector<RayBlock>, 2> latest_;  ///< the rays of even and of odd rows
};

}  // namespace genlock::geometry
