#include "device/sim/images/color_renderer.h"

#include <algorithm>
#include <cmath>

namespace genlock::device::sim {
namespace {

constexpr int kColorCellShift = 3;

constexpr Vec kLamp{350, -1250, 700};
constexpr float kLampReachSquared = 3000.0f * 3000.0f;
constexpr float kAmbient = 0.34f;
constexpr float kLampLight = 0.85f;

constexpr double kPixelsPerStep = 3;  // of a moving thing, between the moments that make its blur
constexpr int kMostSteps = 12;

Rgb lit(const Surface& surface) {
  const Vec to_lamp = kLamp - surface.point;
  const float squared = dot(to_lamp, to_lamp);
  const float cosine = std::abs(dot(to_lamp, surface.normal)) / std::sqrt(squared + 1);
  const bool facing = dot(to_lamp, surface.normal) > 0;
  return surface.color * (kAmbient + (facing ? kLampLight * cosine / (1 + squared / kLampReachSquared) : 0));
}

std::uint16_t to_value(float light) {
  return static_cast<std::uint16_t>(std::clamp(light * ColorLight::kWhite, 0.0f, 65535.0f) + 0.5f);
}

void put(std::uint16_t* out, const Rgb& light) {
  out[0] = to_value(light.r), out[1] = to_value(light.g), out[2] = to_value(light.b);
}

Rect united(const Rect& a, const Rect& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x,
          y,
          {std::max(a.x + a.size.width, b.x + b.size.width) - x,
           std::max(a.y + a.size.height, b.y + b.size.height) - y}};
}

}  // namespace

ColorRenderer::ColorRenderer(const World& world, const geometry::CameraCalibration& camera,
                             const geometry::Extrinsics& world_from_color)
    : world_(world), view_(camera, world_from_color, kColorCellShift) {
  view_.look_at_standing(world);
}

ColorLight ColorRenderer::background() const {
  ColorLight light(size());
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  trace_region(view_, world_, {}, 0, {0, 0, size()},
               [&](int x, int y, View::Normalised, const Ray& ray, const Hit& hit) {
                 const Surface surface = world_.surface(ray, hit, {}, hit.depth * pixel);
                 put(light.values.data() + light.offset(x, y), lit(surface));
               });
  return light;
}

/// Adds the squares of the light of one moment: light adds up on a scale close to its square.
void ColorRenderer::add_ball(const Ball& ball, const Rect& rect, const ColorLight& background,
                             std::vector<float>& squares) const {
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  trace_region(view_, world_, ball, world_.moving(), rect,
               [&](int x, int y, View::Normalised, const Ray& ray, const Hit& hit) {
                 std::uint16_t seen[3];
                 if (ObjectMask{1} << std::max(hit.object, 0) == world_.moving())
                   put(seen, lit(world_.surface(ray, hit, ball, hit.depth * pixel)));
                 else
                   std::copy_n(background.values.data() + background.offset(x, y), 3, seen);
                 const auto at = 3 * static_cast<std::size_t>((y - rect.y) * rect.size.width + x - rect.x);
                 for (std::size_t c = 0; c < 3; ++c)
                   squares[at + c] += static_cast<float>(seen[c]) * static_cast<float>(seen[c]);
               });
}

std::optional<ColorRenderer::Patch> ColorRenderer::patch(int frame, double open,
                                                         const ColorLight& background) const {
  const Ball first = world_.ball_at(frame - open / 2), last = world_.ball_at(frame + open / 2);
  const double way = static_cast<double>(length(last.centre - first.centre)) * view_.focal_px() /
                     std::max(500.0, static_cast<double>(first.centre.z));
  const int steps = std::clamp(static_cast<int>(way / kPixelsPerStep), 1, kMostSteps);
  const auto ball_at = [&](int i) { return world_.ball_at(frame + open * ((i + 0.5) / steps - 0.5)); };
  Rect rect;
  for (int i = 0; i < steps; ++i) rect = united(rect, view_.region_of(ball_at(i)));
  if (rect.empty()) return std::nullopt;
  Patch result{rect, ColorLight(rect.size)};
  std::vector<float> squares(result.light.values.size());
  for (int i = 0; i < steps; ++i) add_ball(ball_at(i), rect, background, squares);
  std::ranges::transform(squares, result.light.values.begin(), [&](float sum) {
    return static_cast<std::uint16_t>(std::sqrt(sum / static_cast<float>(steps)) + 0.5f);
  });
  return result;
}

}  // namespace genlock::device::sim
