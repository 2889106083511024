#include "device/sim/images/laser_light.h"

#include <cmath>

namespace genlock::device::sim {
namespace {

constexpr float kLeastLight = 0.5f;
constexpr float kStepsPerDoubling = 16;

/// Half angles of the fields of illumination (facts device.md 1.1).
const float kTanNarrowX = std::tan(37.5f * 3.14159265f / 180);
const float kTanNarrowY = std::tan(32.5f * 3.14159265f / 180);
const float kTanWide = std::tan(60.0f * 3.14159265f / 180);

LightCode code_of(float light) {
  if (!(light >= kLeastLight)) return 0;
  const float step = 1 + kStepsPerDoubling * std::log2(light / kLeastLight);
  return static_cast<LightCode>(std::min(step + 0.5f, 255.0f));
}

/// A laser in the world.
struct Laser {
  Vec place, right, down, ahead;
  bool wide;

  Laser(const Pose& pose, bool is_wide) : wide(is_wide) {
    const geometry::Extrinsics world = world_from_depth(pose);
    place = to_vec(apply(world, {}));
    right = to_vec(rotate(world, {1, 0, 0}));
    down = to_vec(rotate(world, {0, 1, 0}));
    ahead = to_vec(rotate(world, {0, 0, 1}));
  }

  bool reaches(Vec to_point) const {
    const float z = dot(to_point, ahead);
    if (z <= 0) return false;
    const float x = std::abs(dot(to_point, right));
    const float y = std::abs(dot(to_point, down));
    return wide ? std::hypot(x, y) <= kTanWide * z : x <= kTanNarrowX * z && y <= kTanNarrowY * z;
  }
};

float light_on(const World& world, const Surface& surface, const Laser& laser, ObjectMask mask,
               const Ball& ball) {
  const Vec way = surface.point - laser.place;
  const float squared = dot(way, way);
  const float cosine = -dot(way, surface.normal) / std::sqrt(squared + 1);
  if (cosine <= 0 || !laser.reaches(way)) return 0;
  if (world.is_blocked(laser.place, surface.point, mask, ball)) return 0;
  return laser_light(surface.infrared, cosine, squared);
}

}  // namespace

const std::array<float, 256>& light_of_codes() {
  static const std::array<float, 256> kLight = [] {
    std::array<float, 256> light{};
    for (std::size_t i = 1; i < light.size(); ++i)
      light[i] = kLeastLight * std::exp2(static_cast<float>(i - 1) / kStepsPerDoubling);
    return light;
  }();
  return kLight;
}

LaserLight::LaserLight(const World& world, const View& view, std::vector<Neighbour> neighbours,
                       std::size_t most_bytes)
    : world_(world), view_(view), neighbours_(std::move(neighbours)), most_bytes_(most_bytes) {}

std::size_t LaserLight::bytes() const {
  std::size_t sum = 0;
  for (const Entry& entry : entries_) {
    sum += entry.standing.size();
    for (const Patch& patch : entry.patches) sum += patch.codes.size();
  }
  return sum;
}

std::optional<LaserLight::Map> LaserLight::map(std::size_t unit, bool wide, int frame) {
  const auto neighbour = std::ranges::find(neighbours_, unit, &Neighbour::unit);
  if (neighbour == neighbours_.end()) return std::nullopt;
  Entry& found = entry(*neighbour, wide);
  const Patch& moving = patch(found, *neighbour, frame);
  return Map{found.standing, moving.rect, moving.codes};
}

LaserLight::Entry& LaserLight::entry(const Neighbour& neighbour, bool wide) {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& e) { return e.unit == neighbour.unit && e.wide == wide; });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front();
  }
  while (!entries_.empty() && bytes() + view_.pixels() > most_bytes_) entries_.pop_back();
  entries_.push_front({neighbour.unit, wide, light(neighbour, wide, {0, 0, view_.size()}, {}, 0), {}});
  return entries_.front();
}

const LaserLight::Patch& LaserLight::patch(Entry& entry, const Neighbour& neighbour, int frame) {
  const auto found = std::ranges::find(entry.patches, frame, &Patch::frame);
  if (found != entry.patches.end()) return *found;
  const Ball ball = world_.ball_at(frame);
  const Rect rect = view_.region_of(ball);
  const std::size_t size = rect.empty() ? 0 : static_cast<std::size_t>(rect.size.width * rect.size.height);
  while (entries_.size() > 1 && bytes() + size > most_bytes_) entries_.pop_back();
  if (bytes() + size > most_bytes_) entry.patches.clear();
  return entry.patches.emplace_back(
      Patch{frame, rect, light(neighbour, entry.wide, rect, ball, world_.moving())});
}

std::vector<LightCode> LaserLight::light(const Neighbour& neighbour, bool wide, const Rect& rect,
                                         const Ball& ball, ObjectMask extra) const {
  const auto width = static_cast<std::size_t>(std::max(rect.size.width, 0));
  std::vector<LightCode> codes(width * static_cast<std::size_t>(std::max(rect.size.height, 0)));
  const Laser laser(neighbour.pose, wide);
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  trace_region(view_, world_, ball, extra, rect,
               [&](int x, int y, View::Normalised, const Ray& ray, const Hit& hit) {
                 const Surface surface = world_.surface(ray, hit, ball, hit.depth * pixel);
                 codes[static_cast<std::size_t>(y - rect.y) * width + static_cast<std::size_t>(x - rect.x)] =
                     code_of(light_on(world_, surface, laser, world_.standing() | extra, ball));
               });
  return codes;
}

}  // namespace genlock::device::sim
