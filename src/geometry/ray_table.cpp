#include "geometry/ray_table.h"

#include <limits>

#include "geometry/lens.h"

namespace genlock::geometry {

RayTable make_ray_table(const CameraCalibration& camera) {
  const auto [width, height] = camera.size;
  const std::size_t entries =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) + kRayPadding;
  RayTable table{std::vector<float>(entries, std::numeric_limits<float>::quiet_NaN()),
                 std::vector<float>(entries)};
  std::size_t i = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x, ++i) {
      const auto ray = unproject(camera, {static_cast<double>(x), static_cast<double>(y)});
      if (!ray) continue;
      table.x[i] = static_cast<float>(ray->x);
      table.y[i] = static_cast<float>(ray->y);
    }
  return table;
}

}  // namespace genlock::geometry
