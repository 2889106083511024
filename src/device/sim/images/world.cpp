#include "device/sim/images/world.h"

#include <algorithm>
#include <numbers>

#include "device/sim/images/texture.h"

namespace genlock::device::sim {
namespace {

constexpr float kNearest = 1;  // mm, hits closer than that are the camera's own place

Vec millimetres(const std::array<double, 3>& metres) {
  return to_vec({metres[0] * 1000, metres[1] * 1000, metres[2] * 1000});
}

Board make_board(const BoardOptions& options) {
  const geometry::Extrinsics world = world_from_depth(options.pose);
  Board board;
  board.origin = to_vec(board_point(options, 0, 0));
  board.u = to_vec(rotate(world, {1, 0, 0}));
  board.v = to_vec(rotate(world, {0, 1, 0}));
  board.normal = to_vec(rotate(world, {0, 0, -1}));
  board.square = static_cast<float>(options.square_m * 1000);
  board.margin = static_cast<float>(options.margin_m * 1000);
  board.width = board.square * static_cast<float>(options.columns);
  board.height = board.square * static_cast<float>(options.rows);
  return board;
}

/// Things on the floor and in the air of the default room; the floor is at `floor` mm.
std::vector<Box> make_boxes(float floor) {
  return {{{-1250, floor - 760, 1500}, {-450, floor - 720, 2100}, {0.62f, 0.42f, 0.24f}},  // table top
          {{-1220, floor - 720, 1520}, {-1160, floor, 1580}, {0.35f, 0.24f, 0.16f}},       // its legs
          {{-540, floor - 720, 1520}, {-480, floor, 1580}, {0.35f, 0.24f, 0.16f}},
          {{-1100, floor - 1040, 1700}, {-860, floor - 760, 1900}, {0.75f, 0.20f, 0.15f}},  // red box on it
          {{-780, floor - 900, 1640}, {-600, floor - 760, 1800}, {0.20f, 0.45f, 0.70f}},
          {{900, floor - 900, 2350}, {1500, floor, 2850}, {0.50f, 0.52f, 0.48f}},  // cupboard
          {{-250, floor - 480, 1560}, {250, floor, 1960}, {0.72f, 0.68f, 0.55f}},  // plinth below the board
          {{-2100, floor - 1700, 2300}, {-1500, floor, 3000}, {0.30f, 0.50f, 0.36f}}};  // locker
}

std::vector<Ball> make_balls(float floor) {
  return {{{1180, floor - 1080, 2550}, 180, {0.85f, 0.65f, 0.15f}},
          {{520, floor - 160, 1350}, 160, {0.55f, 0.25f, 0.60f}, 120}};  // lacquered
}

/// 1 where surfaces touch, 0 from kCorner mm on; a surface is not close to itself.
float closeness(float distance) {
  constexpr float kCorner = 250;
  if (distance < 0.5f || distance >= kCorner) return 0;
  const float part = 1 - distance / kCorner;
  return part * part;
}

float distance_to(const Box& box, Vec p) {
  const auto outside = [](float place, float low, float high) {
    return std::max({low - place, 0.0f, place - high});
  };
  return length({outside(p.x, box.from.x, box.to.x), outside(p.y, box.from.y, box.to.y),
                 outside(p.z, box.from.z, box.to.z)});
}

/// Whether a part of the box is on the outer side of the surface through `p` with normal `n`.
bool reaches_above(const Box& box, Vec p, Vec n) {
  const auto most = [](float normal, float place, float low, float high) {
    return std::max(normal * (low - place), normal * (high - place));
  };
  return most(n.x, p.x, box.from.x, box.to.x) + most(n.y, p.y, box.from.y, box.to.y) +
             most(n.z, p.z, box.from.z, box.to.z) >
         1;
}

/// Keeps the smaller of the hits.
void consider(Hit& hit, float depth, int object) {
  if (depth < hit.depth) hit = {depth, object};
}

/// Entry and exit of a ray through a pair of planes, narrowed further by each axis.
struct Span {
  float from = -kNothing;
  float to = kNothing;
};

void narrow(Span& span, float origin, float direction, float low, float high) {
  const float inverse = 1 / direction;
  const float a = (low - origin) * inverse;
  const float b = (high - origin) * inverse;
  span.from = std::max(span.from, std::min(a, b));
  span.to = std::min(span.to, std::max(a, b));
}

Span through(const Ray& ray, Vec from, Vec to) {
  Span span;
  narrow(span, ray.origin.x, ray.direction.x, from.x, to.x);
  narrow(span, ray.origin.y, ray.direction.y, from.y, to.y);
  narrow(span, ray.origin.z, ray.direction.z, from.z, to.z);
  return span;
}

/// The face of an axis-parallel box that a point on its surface lies on, as an outward normal.
Vec face_normal(Vec point, Vec from, Vec to) {
  const auto nearest = [](float place, float low, float high) {
    return std::min(std::abs(place - low), std::abs(place - high));
  };
  const auto side = [](float place, float low, float high) {
    return place - low < high - place ? -1.0f : 1.0f;
  };
  const float x = nearest(point.x, from.x, to.x);
  const float y = nearest(point.y, from.y, to.y);
  const float z = nearest(point.z, from.z, to.z);
  if (x <= y && x <= z) return {side(point.x, from.x, to.x), 0, 0};
  if (y <= z) return {0, side(point.y, from.y, to.y), 0};
  return {0, 0, side(point.z, from.z, to.z)};
}

}  // namespace

float meet(const Ray& ray, const Box& box) {
  const Span span = through(ray, box.from, box.to);
  return span.from <= span.to && span.from > kNearest ? span.from : kNothing;
}

float meet(const Ray& ray, const Ball& ball) {
  const Vec to_ball = ball.centre - ray.origin;
  const float a = dot(ray.direction, ray.direction);
  const float b = dot(ray.direction, to_ball);
  const float discriminant = b * b - a * (dot(to_ball, to_ball) - ball.radius * ball.radius);
  if (discriminant < 0) return kNothing;
  const float depth = (b - std::sqrt(discriminant)) / a;
  return depth > kNearest ? depth : kNothing;
}

float meet(const Ray& ray, const Board& board) {
  const float slope = dot(ray.direction, board.normal);
  if (slope >= 0) return kNothing;
  const float depth = dot(board.origin - ray.origin, board.normal) / slope;
  if (depth <= kNearest) return kNothing;
  const Vec place = at(ray, depth) - board.origin;
  const float u = dot(place, board.u);
  const float v = dot(place, board.v);
  const float m = board.margin;
  return u >= -m && v >= -m && u <= board.width + m && v <= board.height + m ? depth : kNothing;
}

float leave(const Ray& ray, Vec from, Vec to) {
  return through(ray, from, to).to;
}

World::World(const SceneOptions& options, int loop_frames)
    : room_from_(millimetres(options.room_from_m)),
      room_to_(millimetres(options.room_to_m)),
      board_(make_board(options.board)),
      path_(options.ball),
      loop_frames_(loop_frames) {
  if (!options.furniture) return;
  boxes_ = make_boxes(room_to_.y);
  balls_ = make_balls(room_to_.y);
}

Ball World::ball_at(double frame) const {
  const double angle = 2 * std::numbers::pi * frame / loop_frames_;
  const auto& c = path_.centre_m;
  return {millimetres({c[0] + path_.path_radius_m * std::cos(angle),
                       c[1] + path_.path_radius_m * std::sin(angle), c[2]}),
          static_cast<float>(path_.radius_m * 1000),
          {0.90f, 0.35f, 0.10f}};
}

Hit World::trace(const Ray& ray, ObjectMask mask, const Ball& ball) const {
  Hit hit{leave(ray, room_from_, room_to_), kRoom};
  if (mask == 0) return hit;
  if (mask & 1) consider(hit, meet(ray, board_), 0);
  int object = 1;
  for (const Box& box : boxes_) {
    if (mask >> object & 1) consider(hit, meet(ray, box), object);
    ++object;
  }
  for (const Ball& still : balls_) {
    if (mask >> object & 1) consider(hit, meet(ray, still), object);
    ++object;
  }
  if (mask >> object & 1) consider(hit, meet(ray, ball), object);
  return hit;
}

Surface World::surface(const Ray& ray, const Hit& hit, const Ball& ball, float footprint_mm) const {
  const Vec point = at(ray, hit.depth);
  return hit.object == kRoom ? room_surface(point) : object_surface(hit.object, point, ball, footprint_mm);
}

Surface World::room_surface(Vec point) const {
  const Vec outward = face_normal(point, room_from_, room_to_);
  Surface surface{point, outward * -1.0f, {}, 0.6f};
  if (outward.y > 0)
    surface.color = planks(point), surface.infrared = 0.45f;
  else if (outward.y < 0)
    surface.color = plaster(point.x, point.z), surface.infrared = 0.8f;
  else if (outward.z != 0)
    surface.color = bricks(point.x, point.y), surface.infrared = 0.55f;
  else
    surface.color = wallpaper(point.z, point.y), surface.infrared = 0.65f;
  return surface;
}

Surface World::object_surface(int object, Vec point, const Ball& ball, float footprint_mm) const {
  if (object == 0) {
    const Vec place = point - board_.origin;
    const float white = checker(board_, dot(place, board_.u), dot(place, board_.v), footprint_mm);
    const float tone = 0.06f + 0.86f * white;
    return {point, board_.normal, {tone, tone, tone}, 0.12f + 0.7f * white};
  }
  const auto index = static_cast<std::size_t>(object - 1);
  if (index < boxes_.size()) {
    const Box& box = boxes_[index];
    return {point, face_normal(point, box.from, box.to), box.color * wood(point), 0.5f};
  }
  const Ball& hit = object == moving_index() ? ball : balls_[index - boxes_.size()];
  return {point, (point - hit.centre) * (1 / hit.radius), hit.color * speckle(point - hit.centre), 0.55f,
          hit.gloss};
}

float World::concavity(const Surface& surface, int object) const {
  if (object != kRoom && (object < 1 || object > static_cast<int>(boxes_.size()))) return 0;
  const Vec p = surface.point;
  const Vec n = surface.normal;
  float sum = 0;
  const auto wall = [&](float distance, float facing) {
    if (facing >= 0) sum += closeness(distance);
  };
  wall(p.x - room_from_.x, -n.x), wall(room_to_.x - p.x, n.x);
  wall(p.y - room_from_.y, -n.y), wall(room_to_.y - p.y, n.y);
  wall(p.z - room_from_.z, -n.z), wall(room_to_.z - p.z, n.z);
  for (const Box& box : boxes_)
    if (reaches_above(box, p, n)) sum += closeness(distance_to(box, p));
  return sum;
}

bool World::is_blocked(Vec from, Vec to, ObjectMask mask, const Ball& ball) const {
  constexpr float kSkin = 4;  // mm, so that a surface is not in its own shadow
  const Vec way = to - from;
  const float distance = length(way);
  return trace({from, way * (1 / distance)}, mask, ball).depth < distance - kSkin;
}

}  // namespace genlock::device::sim
