#include "device/sim/images/depth_loop.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "device/sim/images/pulse_code.h"

namespace genlock::device::sim {
namespace {

constexpr int kDepthCellShift = 2;
constexpr float kTan60Squared = 3;

/// The hexagon of a real unit in 640x576 (facts device.md 1.1).
bool in_hexagon(float x, float y) {
  const float left = y < 300 ? 152 - 0.56f * y : 145 - 0.60f * (575 - y);
  const float right = y < 300 ? 513 + 0.555f * y : 519 + 0.60f * (575 - y);
  return x >= left && x <= right;
}

/// Adds to every distance there is.
void shift(std::span<std::uint16_t> depth, double millimetres) {
  const int by = static_cast<int>(std::lround(std::clamp(millimetres, -65535.0, 65535.0)));
  if (by == 0) return;
  for (std::uint16_t& value : depth)
    if (value != 0) value = static_cast<std::uint16_t>(std::clamp(value + by, 1, 65535));
}

}  // namespace

DepthLoop::DepthLoop(const World& world, DepthMode mode, const geometry::CameraCalibration& camera,
                     const geometry::Extrinsics& world_from_depth, const NoiseOptions& noise,
                     const std::vector<Neighbour>& neighbours, int loop_frames)
    : world_(world),
      mode_(mode),
      sensor_(mode, noise),
      view_(camera, world_from_depth, kDepthCellShift),
      interference_(LaserLight(world, view_, neighbours), noise.seed),
      frames_(static_cast<std::size_t>(loop_frames)) {
  view_.look_at_standing(world);
}

bool DepthLoop::in_mask(int x, int y, View::Normalised n) const {
  if (mode_ == DepthMode::nfov_unbinned) return in_hexagon(static_cast<float>(x), static_cast<float>(y));
  if (mode_ == DepthMode::nfov_2x2binned)
    return in_hexagon(static_cast<float>(2 * x) + 0.5f, static_cast<float>(2 * y) + 0.5f);
  return n.x * n.x + n.y * n.y <= kTan60Squared;
}

void DepthLoop::render(const Rect& rect, const Ball& ball, ObjectMask extra, LightPicture& out) const {
  const auto width = static_cast<std::size_t>(view_.size().width);
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  trace_region(view_, world_, ball, extra, rect,
               [&](int x, int y, View::Normalised n, const Ray& ray, const Hit& hit) {
                 if (!in_mask(x, y, n)) return;
                 const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
                 out.depth[at] = hit.depth;
                 const Surface surface = world_.surface(ray, hit, ball, hit.depth * pixel);
                 sensor_.expose(world_, surface, ray, hit.object, out, at);
               });
}

std::vector<std::uint16_t> DepthLoop::make_frame(int index) {
  const Size size = view_.size();
  const std::size_t pixels = view_.pixels();
  if (background_.depth.empty()) {
    background_ = LightPicture(pixels);
    render({0, 0, size}, {}, 0, background_);
  }
  LightPicture light = background_;
  const Ball ball = world_.ball_at(index);
  render(view_.region_of(ball), ball, world_.moving(), light);
  const std::size_t depth_pixels = has_depth_image(mode_) ? pixels : 0;
  std::vector<std::uint16_t> values(depth_pixels + pixels);
  const DepthFrame frame{depth_pixels > 0 ? values.data() : nullptr, values.data() + depth_pixels, size};
  for (int y = 0; y < size.height; ++y) sensor_.read_row(light, y, index, frame);
  return values;
}

DepthIr DepthLoop::image(const DepthMoment& moment) {
  const auto index = static_cast<std::size_t>(moment.pulse % frames_.size());
  std::vector<std::uint16_t>& frame = frames_[index];
  if (frame.empty()) frame = make_frame(static_cast<int>(index));
  const std::size_t pixels = view_.pixels();
  const std::size_t depth_pixels = has_depth_image(mode_) ? pixels : 0;
  WritableBuffer out = pool_.take(2 * (depth_pixels + pixels));
  std::memcpy(out.data(), frame.data(), out.size());
  auto* const values = reinterpret_cast<std::uint16_t*>(out.data());
  shift({values, depth_pixels}, moment.distance_error_mm);
  interference_.add(moment, static_cast<int>(index),
                    {depth_pixels > 0 ? values : nullptr, values + depth_pixels, view_.size()});
  if (depth_pixels > 0)
    draw_pulse_code16(out.bytes().first(2 * depth_pixels), view_.size(), moment.pulse, kDepthCodeLevels);
  draw_pulse_code16(out.bytes().subspan(2 * depth_pixels), view_.size(), moment.pulse,
                    depth_pixels > 0 ? kIrCodeLevels : kPassiveIrCodeLevels);
  const Buffer both = std::move(out).seal();
  return {.depth = both.slice(0, 2 * depth_pixels), .ir = both.slice(2 * depth_pixels, 2 * pixels)};
}

}  // namespace genlock::device::sim
