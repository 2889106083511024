#include "device/sim/images/scene.h"

#include <numbers>

namespace genlock::device::sim {
namespace {

using geometry::Extrinsics;

constexpr double kRadians = std::numbers::pi / 180;

Extrinsics turn_right(double degrees) {
  const double c = std::cos(degrees * kRadians);
  const double s = std::sin(degrees * kRadians);
  return {{c, 0, s, 0, 1, 0, -s, 0, c}, {}};
}

Extrinsics turn_up(double degrees) {
  const double c = std::cos(degrees * kRadians);
  const double s = std::sin(degrees * kRadians);
  return {{1, 0, 0, 0, c, -s, 0, s, c}, {}};
}

Extrinsics roll_clockwise(double degrees) {
  const double c = std::cos(degrees * kRadians);
  const double s = std::sin(degrees * kRadians);
  return {{c, -s, 0, s, c, 0, 0, 0, 1}, {}};
}

}  // namespace

Pose look_at(const std::array<double, 3>& position_m, const std::array<double, 3>& target_m) {
  const double x = target_m[0] - position_m[0];
  const double y = target_m[1] - position_m[1];
  const double z = target_m[2] - position_m[2];
  return {.position_m = position_m,
          .yaw_deg = std::atan2(x, z) / kRadians,
          .pitch_deg = std::atan2(-y, std::hypot(x, z)) / kRadians};
}

geometry::Extrinsics world_from_depth(const Pose& pose) {
  Extrinsics turned =
      compose(turn_right(pose.yaw_deg), compose(turn_up(pose.pitch_deg), roll_clockwise(pose.roll_deg)));
  for (std::size_t i = 0; i < 3; ++i) turned.translation[i] = pose.position_m[i] * 1000;
  return turned;
}

geometry::Point3 board_point(const BoardOptions& board, double column, double row) {
  const double square = board.square_m * 1000;
  return apply(world_from_depth(board.pose),
               {(column - board.columns / 2.0) * square, (row - board.rows / 2.0) * square, 0});
}

}  // namespace genlock::device::sim
