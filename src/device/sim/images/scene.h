#pragma once

#include <array>
#include <cstddef>

#include "geometry/types.h"

// What the simulated units look at: one room for all of them. World axes are those of a camera that looks
// straight ahead: x right, y down, z forward; metres in the options.

namespace genlock::device::sim {

/// Where a unit's depth camera is and how it is turned: at all zeros it looks along the world's z, upright.
/// The turns apply in the order roll, pitch, yaw.
struct Pose {
  std::array<double, 3> position_m{};
  double yaw_deg = 0;    ///< positive turns right
  double pitch_deg = 0;  ///< positive turns up
  double roll_deg = 0;   ///< positive lowers the right side

  bool operator==(const Pose&) const = default;
};

/// The pose that looks from `position_m` at `target_m`, without roll.
Pose look_at(const std::array<double, 3>& position_m, const std::array<double, 3>& target_m);

/// Depth camera's frame to the world's, mm.
geometry::Extrinsics world_from_depth(const Pose& pose);

/// A checkerboard with a white margin; black at its first square.
struct BoardOptions {
  Pose pose{.position_m = {0, 0, 1.8},
            .yaw_deg = 8,
            .pitch_deg = -6};  ///< of its centre; pattern faces -z of the pose
  int columns = 10;            ///< squares
  int rows = 7;
  double square_m = 0.06;
  double margin_m = 0.04;

  bool operator==(const BoardOptions&) const = default;
};

/// A ball on an upright circle, once round per loop.
struct BallOptions {
  std::array<double, 3> centre_m{0.62, 0.12, 1.55};
  double path_radius_m = 0.22;
  double radius_m = 0.11;

  bool operator==(const BallOptions&) const = default;
};

/// Another unit of the bench, whose laser may light what this one sees.
struct Neighbour {
  std::size_t unit = 0;  ///< its place in the bench's configuration
  Pose pose;

  bool operator==(const Neighbour&) const = default;
};

struct SceneOptions {
  std::array<double, 3> room_from_m{-2.3, -1.35,
                                    -1.6};  ///< the corner of the room with the smallest coordinates
  std::array<double, 3> room_to_m{2.3, 1.15, 3.2};
  bool furniture = true;  ///< boxes and balls that stand about
  BoardOptions board;
  BallOptions ball;

  bool operator==(const SceneOptions&) const = default;
};

/// A point of the board in the world, mm: (0,0) is the outer corner of the first square, (columns, rows) the
/// last.
geometry::Point3 board_point(const BoardOptions& board, double column, double row);

}  // namespace genlock::device::sim
