#pragma once

#include <algorithm>
#include <vector>

#include "device/sim/images/world.h"
#include "geometry/calibration.h"

namespace genlock::device::sim {

/// Part of an image, in pixels.
struct Rect {
  int x = 0;
  int y = 0;
  Size size;

  bool empty() const { return size.width <= 0 || size.height <= 0; }
};

/// A camera in the world: a ray for every pixel. Rays are exact on a grid and interpolated inside its cells,
/// to far below a pixel; cells that touch the end of the lens are worked out pixel by pixel.
class View {
 public:
  /// The grid's spacing is 2 to the power of `cell_shift` pixels.
  View(const geometry::CameraCalibration& camera, const geometry::Extrinsics& world_from_camera,
       int cell_shift);

  Size size() const { return camera_.size; }
  std::size_t pixels() const {
    return static_cast<std::size_t>(size().width) * static_cast<std::size_t>(size().height);
  }
  double focal_px() const { return camera_.intrinsics.fx; }

  /// (x, y) at z = 1 of a pixel; NaN where the lens has no ray.
  struct Normalised {
    float x, y;
    bool valid() const { return x == x; }
  };
  Normalised normalised(int x, int y) const;

  Ray ray(Normalised n) const { return {origin_, axis_x_ * n.x + axis_y_ * n.y + axis_z_}; }

  /// Which objects a cell may see, by what its corners and its neighbours' see.
  ObjectMask objects_at(int x, int y) const {
    return masks_[static_cast<std::size_t>((y >> shift_) * (columns_ - 1) + (x >> shift_))];
  }

  /// Has objects_at answer for the standing objects of a world.
  void look_at_standing(const World& world);

  /// The part of the image that may see a ball, in whole cells; empty if none does.
  Rect region_of(const Ball& ball) const;

 private:
  const Normalised& node(int column, int row) const {
    return nodes_[static_cast<std::size_t>(row * columns_ + column)];
  }
  Normalised exact(double x, double y) const;
  Normalised interpolated(int x, int y) const;

  geometry::CameraCalibration camera_;
  Vec origin_, axis_x_, axis_y_, axis_z_;
  int shift_;
  int cell_;            ///< pixels
  float per_cell_;      ///< 1 / cell_
  int columns_, rows_;  ///< of nodes; the last ones lie on or beyond the image's end
  std::vector<Normalised> nodes_;
  std::vector<ObjectMask> masks_;  ///< of cells
};

/// Calls pixel(x, y, normalised, ray, hit) for every pixel of `rect` that has a ray.
template <class Pixel>
void trace_region(const View& view, const World& world, const Ball& ball, ObjectMask extra, const Rect& rect,
                  Pixel&& pixel) {
  for (int y = rect.y; y < rect.y + rect.size.height; ++y)
    for (int x = rect.x; x < rect.x + rect.size.width; ++x) {
      const View::Normalised n = view.normalised(x, y);
      if (!n.valid()) continue;
      const Ray ray = view.ray(n);
      pixel(x, y, n, ray, world.trace(ray, view.objects_at(x, y) | extra, ball));
    }
}

}  // namespace genlock::device::sim
