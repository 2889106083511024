#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "device/sim/images/scene.h"
#include "device/sim/images/vec.h"

namespace genlock::device::sim {

struct Rgb {
  float r = 0;
  float g = 0;
  float b = 0;
};

inline Rgb operator*(Rgb c, float s) {
  return {c.r * s, c.g * s, c.b * s};
}

struct Box {
  Vec from, to;
  Rgb color;
};

struct Ball {
  Vec centre;
  float radius = 0;
  Rgb color;
  float gloss = 0;  ///< brightness of its mirror image of a lamp at the camera, times its diffuse one
};

struct Board {
  Vec origin;  ///< outer corner of the first square
  Vec u, v;    ///< unit vectors along columns and rows
  Vec normal;  ///< toward the viewer
  float square = 0, margin = 0;
  float width = 0, height = 0;  ///< of the squares together
};

struct Ray {
  Vec origin;
  Vec direction;  ///< scaled so that its length along the optical axis is 1: parameters of hits are depths in
                  ///< mm
};

inline Vec at(const Ray& ray, float t) {
  return ray.origin + ray.direction * t;
}

/// Which of the world's objects may be met, one bit each. The room always is.
using ObjectMask = std::uint32_t;
inline constexpr int kRoom = -1;
inline constexpr float kNothing = std::numeric_limits<float>::infinity();

struct Hit {
  float depth = kNothing;  ///< mm along the optical axis
  int object = kRoom;
};

/// What the surface at a hit is like.
struct Surface {
  Vec point;
  Vec normal;
  Rgb color;           ///< diffuse, 0..1
  float infrared = 0;  ///< reflectivity at 850 nm
  float gloss = 0;     ///< as a Ball's
};

/// The scene in the form that rays are traced through; immutable. Objects are the board, the boxes, the
/// balls, and last the moving ball.
class World {
 public:
  World(const SceneOptions& options, int loop_frames);

  /// The nearest of the room and the objects in `mask`; `ball` is the moving ball's place.
  Hit trace(const Ray& ray, ObjectMask mask, const Ball& ball) const;

  /// `footprint_mm` is the size of a pixel where the ray hits.
  Surface surface(const Ray& ray, const Hit& hit, const Ball& ball, float footprint_mm) const;

  /// Everything that stands still.
  ObjectMask standing() const { return moving() - 1; }
  ObjectMask moving() const { return ObjectMask{1} << moving_index(); }

  /// `frame` may lie between two frames of the loop.
  Ball ball_at(double frame) const;

  /// How much light reaches a surface of the room or a box by way of another one close by: 0 in the open, 1
  /// and more in the corners that walls and boxes make.
  float concavity(const Surface& surface, int object) const;

  /// Whether anything in `mask` stands between two places in the room.
  bool is_blocked(Vec from, Vec to, ObjectMask mask, const Ball& ball) const;

 private:
  int moving_index() const { return 1 + static_cast<int>(boxes_.size() + balls_.size()); }
  Surface room_surface(Vec point) const;
  Surface object_surface(int object, Vec point, const Ball& ball, float footprint_mm) const;

  Vec room_from_, room_to_;
  Board board_;
  std::vector<Box> boxes_;
  std::vector<Ball> balls_;
  BallOptions path_;
  int loop_frames_;
};

/// Where a ray meets an object; kNothing if it does not.
float meet(const Ray& ray, const Box& box);
float meet(const Ray& ray, const Ball& ball);
float meet(const Ray& ray, const Board& board);

/// Where a ray that starts inside leaves the box.
float leave(const Ray& ray, Vec from, Vec to);

}  // namespace genlock::device::sim
