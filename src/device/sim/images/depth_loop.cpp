#include "device/sim/images/depth_loop.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "device/sim/images/noise.h"
#include "device/sim/images/pulse_code.h"

namespace genlock::device::sim {
namespace {

constexpr int kCellShift = 2;
constexpr std::uint32_t kDepthStream = 1, kInfraredStream = 2;

/// Reflected laser light of a white surface at 1 m; IR images show 0 to some thousands (facts device.md 1.1).
constexpr float kLaser = 1.2e9f;
constexpr float kAmbient = 55;
constexpr float kLeastSignal = 5;
constexpr float kEdgeMm = 40, kEdgePart = 0.03f;  // a step of depth that may leave a pixel without value
constexpr float kTan60Squared = 3;

struct Range {
  float from, to;
};

/// Facts device.md 1.1, mm.
Range range_of(DepthMode mode) {
  switch (mode) {
    case DepthMode::nfov_2x2binned:
      return {500, 5460};
    case DepthMode::nfov_unbinned:
      return {500, 3860};
    case DepthMode::wfov_2x2binned:
      return {250, 2880};
    default:
      return {250, 2210};
  }
}

bool is_binned(DepthMode mode) {
  return mode == DepthMode::nfov_2x2binned || mode == DepthMode::wfov_2x2binned;
}

/// The hexagon of a real unit in 640x576 (facts device.md 1.1).
bool in_hexagon(float x, float y) {
  const float left = y < 300 ? 152 - 0.56f * y : 145 - 0.60f * (575 - y);
  const float right = y < 300 ? 513 + 0.555f * y : 519 + 0.60f * (575 - y);
  return x >= left && x <= right;
}

std::uint16_t to_u16(float value, float least) {
  return static_cast<std::uint16_t>(std::clamp(value, least, 65535.0f) + 0.5f);
}

}  // namespace

DepthLoop::DepthLoop(const World& world, DepthMode mode, const geometry::CameraCalibration& camera,
                     const geometry::Extrinsics& world_from_depth, const NoiseOptions& noise, int loop_frames)
    : world_(world),
      mode_(mode),
      noise_(noise),
      view_(camera, world_from_depth, kCellShift),
      frames_(static_cast<std::size_t>(loop_frames)) {
  view_.look_at_standing(world);
}

bool DepthLoop::in_mask(int x, int y, View::Normalised n) const {
  if (mode_ == DepthMode::nfov_unbinned) return in_hexagon(static_cast<float>(x), static_cast<float>(y));
  if (mode_ == DepthMode::nfov_2x2binned)
    return in_hexagon(static_cast<float>(2 * x) + 0.5f, static_cast<float>(2 * y) + 0.5f);
  return n.x * n.x + n.y * n.y <= kTan60Squared;
}

float DepthLoop::brightness(const Surface& surface, const Ray& ray) const {
  const Vec to_surface = surface.point - ray.origin;
  const float squared = dot(to_surface, to_surface);
  const float cosine = std::max(0.0f, -dot(to_surface, surface.normal)) / std::sqrt(squared);
  if (mode_ == DepthMode::passive_ir) return kAmbient * surface.infrared * (0.5f + 0.5f * cosine);
  return kLaser * surface.infrared * cosine / squared;
}

void DepthLoop::render(const Rect& rect, const Ball& ball, ObjectMask extra, Clean& out) const {
  const auto width = static_cast<std::size_t>(view_.size().width);
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  trace_region(view_, world_, ball, extra, rect,
               [&](int x, int y, View::Normalised n, const Ray& ray, const Hit& hit) {
                 if (!in_mask(x, y, n)) return;
                 const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
                 out.depth[at] = hit.depth;
                 out.infrared[at] = brightness(world_.surface(ray, hit, ball, hit.depth * pixel), ray);
               });
}

float DepthLoop::depth_sigma(float depth) const {
  const float metres = depth / 1000;
  const float sigma = std::min((1 + metres * metres) * (is_binned(mode_) ? 0.6f : 1.0f), 17.0f);
  return sigma * noise_.scale;
}

/// Whether a neighbour to the right or below lies much nearer or farther.
bool DepthLoop::at_edge(const std::vector<float>& depth, std::size_t at) const {
  const auto step = [&](std::size_t other) {
    return other < depth.size() && std::abs(depth[other] - depth[at]) > kEdgeMm + kEdgePart * depth[at];
  };
  return step(at + 1) || step(at + static_cast<std::size_t>(view_.size().width));
}

void DepthLoop::finish_row(const Clean& clean, int y, int index, std::uint16_t* depth,
                           std::uint16_t* infrared) const {
  const auto row = [&](std::uint32_t stream) {
    return normal_row(
        {noise_.seed, stream, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(y)});
  };
  const auto depth_noise = row(kDepthStream);
  const auto infrared_noise = row(kInfraredStream);
  const auto [from, to] = range_of(mode_);
  const auto width = static_cast<std::size_t>(view_.size().width);
  const std::size_t first = static_cast<std::size_t>(y) * width;
  for (std::size_t x = 0; x < width; ++x) {
    const float z = clean.depth[first + x];
    const float light = clean.infrared[first + x];
    if (z == 0) continue;
    infrared[x] = to_u16(light + (2 + 0.02f * light) * noise_.scale * infrared_noise[x], 1);
    if (depth == nullptr || z < from || z > to || light < kLeastSignal) continue;
    if (infrared_noise[x] > 0 && at_edge(clean.depth, first + x)) continue;
    depth[x] = to_u16(z + depth_sigma(z) * depth_noise[x], 1);
  }
}

std::vector<std::uint16_t> DepthLoop::make_frame(int index) {
  const Size size = view_.size();
  const auto pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  if (background_.depth.empty()) {
    background_ = {std::vector<float>(pixels), std::vector<float>(pixels)};
    render({0, 0, size}, {}, 0, background_);
  }
  Clean clean = background_;
  const Ball ball = world_.ball_at(index);
  render(view_.region_of(ball), ball, world_.moving(), clean);
  const std::size_t depth_pixels = has_depth_image(mode_) ? pixels : 0;
  std::vector<std::uint16_t> frame(depth_pixels + pixels);
  for (int y = 0; y < size.height; ++y) {
    const std::size_t first = static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width);
    finish_row(clean, y, index, depth_pixels > 0 ? frame.data() + first : nullptr,
               frame.data() + depth_pixels + first);
  }
  return frame;
}

DepthIr DepthLoop::image(std::uint64_t pulse) {
  const auto index = static_cast<std::size_t>(pulse % frames_.size());
  std::vector<std::uint16_t>& frame = frames_[index];
  if (frame.empty()) frame = make_frame(static_cast<int>(index));
  const std::size_t image_size = image_bytes(PixelFormat::ir16, view_.size());
  const std::size_t depth_size = has_depth_image(mode_) ? image_size : 0;
  WritableBuffer out = pool_.take(depth_size + image_size);
  std::memcpy(out.data(), frame.data(), out.size());
  if (depth_size > 0) draw_pulse_code16(out.bytes().first(depth_size), view_.size(), pulse, kDepthCodeLevels);
  draw_pulse_code16(out.bytes().subspan(depth_size), view_.size(), pulse,
                    depth_size > 0 ? kIrCodeLevels : kPassiveIrCodeLevels);
  const Buffer both = std::move(out).seal();
  return {.depth = both.slice(0, depth_size), .ir = both.slice(depth_size, image_size)};
}

}  // namespace genlock::device::sim
