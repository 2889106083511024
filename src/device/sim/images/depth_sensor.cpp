#include "device/sim/images/depth_sensor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "device/sim/images/laser_light.h"
#include "device/sim/images/noise.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kDepthStream = 1, kInfraredStream = 2, kLastingStream = 8, kFateStream = 9,
                        kHabitStream = 10;
constexpr std::uint32_t kAlways = 0xffffffff;  // in place of a frame

/// The part of a pixel's error that is another one in every frame, and the part that stays: together they are
/// the error of facts device.md 1.6, and the first alone is 1.05 mm at 1.7 to 2.7 m binned (facts
/// SYNC_NUMBERS.md 28).
constexpr float kPassing = 0.30f, kLasting = 0.954f;

constexpr float kAmbientInfrared = 55;  // passive IR
constexpr float kLeastSignal = 5;       // below it there is no depth
constexpr float kSignalNoise = 0.25f;

constexpr float kEdgeMm = 40, kEdgePart = 0.03f;  // a step of depth that makes an edge of a pixel
constexpr float kMissing = 0.5f;                  // part of edge pixels without value
constexpr float kFlying = 0.3f;                   // part of edge pixels at distances in between

constexpr float kDetourMm = 28;     // most that a corner of two white walls adds
constexpr float kConfusedMm = 22;   // detours beyond it lose some pixels
constexpr float kConfused = 0.12f;  // so many of them
constexpr float kGlossExponent = 900;

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

std::uint16_t to_u16(float value, float least) {
  return static_cast<std::uint16_t>(std::clamp(value, least, 65535.0f) + 0.5f);
}

/// The depth on the other side of the edge that a pixel lies at; 0 if it lies at none.
float across_edge(const std::vector<float>& depth, std::size_t at, int width) {
  const auto columns = static_cast<std::size_t>(width);
  const float own = depth[at];
  for (const std::size_t other : {at + 1, at - 1, at + columns, at - columns})
    if (other < depth.size() && depth[other] != 0 && std::abs(depth[other] - own) > kEdgeMm + kEdgePart * own)
      return depth[other];
  return 0;
}

}  // namespace

void DepthSensor::expose(const World& world, const Surface& surface, const Ray& ray, int object,
                         LightPicture& out, std::size_t at) const {
  const Vec way = surface.point - ray.origin;
  const float squared = dot(way, way);
  const float cosine = std::max(0.0f, -dot(way, surface.normal)) / std::sqrt(squared);
  if (mode_ == DepthMode::passive_ir) {
    out.infrared[at] = kAmbientInfrared * surface.infrared * (0.5f + 0.5f * cosine);
    return;
  }
  const float mirror = surface.gloss > 0 ? surface.gloss * std::pow(cosine, kGlossExponent) : 0;
  out.infrared[at] = laser_light(surface.infrared, cosine, squared) * (1 + mirror);
  out.detour[at] = kDetourMm * world.concavity(surface, object);
}

float DepthSensor::sigma(float depth) const {
  const float metres = depth / 1000;
  const float sigma = std::min((1 + metres * metres) * (is_binned(mode_) ? 0.6f : 1.0f), 17.0f);
  return sigma * noise_.scale;
}

/// 0 for a pixel without value.
float DepthSensor::distance(const LightPicture& light, std::size_t at, int width,
                            const Chance& chance) const {
  const float z = light.depth[at];
  const auto [from, to] = range_of(mode_);
  if (z < from || z > to) return 0;
  const float signal = light.infrared[at] * (1 + kSignalNoise * noise_.scale * (chance.fate - 0.5f));
  if (signal < kLeastSignal || light.infrared[at] >= kFullPixel) return 0;
  const float error = sigma(z) * (kPassing * chance.noise + kLasting * chance.lasting);
  const float beyond = across_edge(light.depth, at, width);
  if (beyond == 0) {
    const float detour = light.detour[at] * std::min(noise_.scale, 1.0f);
    if (detour > kConfusedMm && chance.fate < kConfused) return 0;
    return z + detour + error;
  }
  if (chance.fate < kMissing) return 0;
  if (noise_.scale == 0 || chance.habit >= kFlying) return z + error;
  const float between = z + (beyond - z) * chance.habit / kFlying;
  return between < from || between > to ? 0 : between + error;
}

void DepthSensor::read_row(const LightPicture& light, int y, int frame, const DepthFrame& out) const {
  const auto at_row = [&](std::uint32_t stream, std::uint32_t of_frame) {
    return NoiseRow{noise_.seed, stream, of_frame, static_cast<std::uint32_t>(y)};
  };
  const auto now = static_cast<std::uint32_t>(frame);
  const auto noise = normal_row(at_row(kDepthStream, now));
  const auto lasting = normal_row(at_row(kLastingStream, kAlways));
  const auto infrared_noise = normal_row(at_row(kInfraredStream, now));
  const auto fate = uniform_row(at_row(kFateStream, now));
  const auto habit = uniform_row(at_row(kHabitStream, kAlways));
  const auto width = static_cast<std::size_t>(out.size.width);
  for (std::size_t x = 0; x < width; ++x) {
    const std::size_t at = static_cast<std::size_t>(y) * width + x;
    if (light.depth[at] == 0) continue;
    const float signal = light.infrared[at];
    const bool full = mode_ != DepthMode::passive_ir && signal >= kFullPixel;
    out.infrared[at] =
        full ? kSaturatedIr : to_u16(signal + (2 + 0.02f * signal) * noise_.scale * infrared_noise[x], 1);
    if (out.depth == nullptr) continue;
    const float value = distance(light, at, out.size.width, {noise[x], lasting[x], fate[x], habit[x]});
    if (value > 0) out.depth[at] = to_u16(value, 1);
  }
}

}  // namespace genlock::device::sim
