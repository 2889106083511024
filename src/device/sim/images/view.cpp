#include "device/sim/images/view.h"

#include <limits>

#include "geometry/lens.h"

namespace genlock::device::sim {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

View::View(const geometry::CameraCalibration& camera, const geometry::Extrinsics& world_from_camera,
           int cell_shift)
    : camera_(camera),
      origin_(to_vec(apply(world_from_camera, {}))),
      axis_x_(to_vec(rotate(world_from_camera, {1, 0, 0}))),
      axis_y_(to_vec(rotate(world_from_camera, {0, 1, 0}))),
      axis_z_(to_vec(rotate(world_from_camera, {0, 0, 1}))),
      shift_(cell_shift),
      cell_(1 << cell_shift),
      per_cell_(1.0f / static_cast<float>(cell_)),
      columns_((camera.size.width + cell_ - 1) / cell_ + 1),
      rows_((camera.size.height + cell_ - 1) / cell_ + 1) {
  nodes_.reserve(static_cast<std::size_t>(columns_ * rows_));
  for (int row = 0; row < rows_; ++row)
    for (int column = 0; column < columns_; ++column) nodes_.push_back(exact(column * cell_, row * cell_));
  masks_.resize(static_cast<std::size_t>((columns_ - 1) * (rows_ - 1)));
}

View::Normalised View::exact(double x, double y) const {
  const auto ray = geometry::unproject(camera_, {x, y});
  if (!ray) return {kNan, kNan};
  return {static_cast<float>(ray->x), static_cast<float>(ray->y)};
}

/// Invalid corners make an invalid result.
View::Normalised View::interpolated(int x, int y) const {
  const int column = x >> shift_;
  const int row = y >> shift_;
  const float a = static_cast<float>(x - (column << shift_)) * per_cell_;
  const float b = static_cast<float>(y - (row << shift_)) * per_cell_;
  const Normalised& n00 = node(column, row);
  const Normalised& n01 = node(column + 1, row);
  const Normalised& n10 = node(column, row + 1);
  const Normalised& n11 = node(column + 1, row + 1);
  const float w00 = (1 - a) * (1 - b), w01 = a * (1 - b), w10 = (1 - a) * b, w11 = a * b;
  return {w00 * n00.x + w01 * n01.x + w10 * n10.x + w11 * n11.x,
          w00 * n00.y + w01 * n01.y + w10 * n10.y + w11 * n11.y};
}

View::Normalised View::normalised(int x, int y) const {
  const Normalised n = interpolated(x, y);
  return n.valid() ? n : exact(x, y);
}

void View::look_at_standing(const World& world) {
  std::vector<ObjectMask> seen(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].valid()) continue;
    const Hit hit = world.trace(ray(nodes_[i]), world.standing(), {});
    if (hit.object != kRoom) seen[i] = ObjectMask{1} << hit.object;
  }
  for (int row = 0; row + 1 < rows_; ++row)
    for (int column = 0; column + 1 < columns_; ++column) {
      ObjectMask mask = 0;
      for (int r = std::max(row - 1, 0); r <= std::min(row + 2, rows_ - 1); ++r)
        for (int c = std::max(column - 1, 0); c <= std::min(column + 2, columns_ - 1); ++c)
          mask |= seen[static_cast<std::size_t>(r * columns_ + c)];
      masks_[static_cast<std::size_t>(row * (columns_ - 1) + column)] = mask;
    }
}

Rect View::region_of(const Ball& ball) const {
  int left = columns_, right = -1, top = rows_, bottom = -1;
  for (int row = 0; row < rows_; ++row)
    for (int column = 0; column < columns_; ++column) {
      const Normalised& n = node(column, row);
      if (!n.valid() || meet(ray(n), ball) == kNothing) continue;
      left = std::min(left, column), right = std::max(right, column);
      top = std::min(top, row), bottom = std::max(bottom, row);
    }
  if (right < 0) return {};
  const int x = std::max(left - 1, 0) * cell_;
  const int y = std::max(top - 1, 0) * cell_;
  return {
      x,
      y,
      {std::min((right + 1) * cell_, size().width) - x, std::min((bottom + 1) * cell_, size().height) - y}};
}

}  // namespace genlock::device::sim
