#include "geometry/ray_table.h"

#include <limits>

#include "base/helper_thread.h"
#include "geometry/lens.h"

namespace genlock::geometry {

namespace {

void fill_row(const CameraCalibration& camera, std::size_t row, RayTable& table) noexcept {
  const auto width = static_cast<std::size_t>(camera.size.width);
  for (std::size_t column = 0; column < width; ++column) {
    const auto ray = unproject(camera, {static_cast<double>(column), static_cast<double>(row)});
    if (!ray) continue;
    table.x[row * width + column] = static_cast<float>(ray->x);
    table.y[row * width + column] = static_cast<float>(ray->y);
  }
}

}  // namespace

RayTable make_ray_table(const CameraCalibration& camera) {
  const auto height = static_cast<std::size_t>(camera.size.height);
  const std::size_t entries = static_cast<std::size_t>(camera.size.width) * height + kRayPadding;
  RayTable table{std::vector<float>(entries, std::numeric_limits<float>::quiet_NaN()),
                 std::vector<float>(entries)};
  HelperThread helper("k4a rays");
  helper.run(height, [&](std::size_t row) noexcept { fill_row(camera, row, table); });
  return table;
}

}  // namespace genlock::geometry
