#include "device/sim/images/interference.h"

#include <array>
#include <cmath>
#include <numbers>

#include "device/sim/images/noise.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kNoiseStream = 6, kFateStream = 7;
constexpr float kTurnMm = 430;         // of distance, after which the pattern is the same
constexpr float kTurnOfWidth = 0.11f;  // of the image's width, the same
constexpr float kLost = 0.8f;          // part of pixels without value where the other light is all there is

constexpr std::size_t kSteps = 256;

/// The sine of a number of turns, which must not be negative.
float wave(float turns) {
  static const std::array<float, kSteps> kSine = [] {
    std::array<float, kSteps> sine{};
    for (std::size_t i = 0; i < kSteps; ++i)
      sine[i] = static_cast<float>(std::sin(2 * std::numbers::pi * static_cast<double>(i) / double{kSteps}));
    return sine;
  }();
  return kSine[static_cast<std::size_t>(turns * float{kSteps}) % kSteps];
}

/// Where the pattern of two units stands, and how it lies in the image.
struct Pattern {
  float start;         ///< turns
  float per_x, per_y;  ///< turns a pixel, not negative
  float per_mm = 1 / kTurnMm;

  /// The lasers' clocks differ: the pattern creeps from frame to frame.
  Pattern(std::uint64_t seed, std::size_t unit, std::uint64_t pulse, int width) {
    const std::uint64_t bits = mix(seed ^ mix(unit + 1));
    const double angle = std::numbers::pi / 2 * static_cast<double>(bits & 0xffff) / 65536;
    const double creep = 0.02 + 0.06 * static_cast<double>(bits >> 16 & 0xffff) / 65536;
    const double turns = creep * static_cast<double>(pulse % 1'000'000) + static_cast<double>(bits >> 48);
    start = static_cast<float>(turns - std::floor(turns));
    per_x = static_cast<float>(std::cos(angle) / (double{kTurnOfWidth} * width));
    per_y = static_cast<float>(std::sin(angle) / (double{kTurnOfWidth} * width));
  }
};

bool is_wide(DepthMode mode) {
  return mode == DepthMode::wfov_2x2binned || mode == DepthMode::wfov_unbinned;
}

std::uint16_t to_u16(float value) {
  return static_cast<std::uint16_t>(std::clamp(value, 1.0f, 65535.0f) + 0.5f);
}

}  // namespace

void Interference::add(const DepthMoment& moment, int frame_of_loop, const DepthFrame& frame) {
  const std::size_t pixels =
      static_cast<std::size_t>(frame.size.width) * static_cast<std::size_t>(frame.size.height);
  bool any = false;
  for (const LaserOverlap& other : moment.others) {
    if (!(other.share > 0) || !has_depth_image(other.mode)) continue;
    if (!any) sum_.assign(pixels, 0), pull_.assign(pixels, 0);
    any = true;
    gather(other, moment.pulse, frame_of_loop, frame);
  }
  if (any) spoil(moment.pulse, frame);
}

void Interference::gather(const LaserOverlap& other, std::uint64_t pulse, int frame_of_loop,
                          const DepthFrame& frame) {
  const auto map = light_.map(other.unit, is_wide(other.mode), frame_of_loop);
  if (!map) return;
  const float share = std::min(other.share, 1.0f);
  const Pattern pattern(seed_, other.unit, pulse, frame.size.width);
  const Rect& moving = map->moving;
  for (int y = 0; y < frame.size.height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.size.width);
    const float start = pattern.start + pattern.per_y * static_cast<float>(y);
    const auto pixel = [&](int x, LightCode code) {
      if (code == 0) return;
      const std::size_t at = row + static_cast<std::size_t>(x);
      const float light = share * light_of(code);
      sum_[at] += light;
      if (frame.depth == nullptr || frame.depth[at] == 0) return;
      pull_[at] += light * wave(start + pattern.per_x * static_cast<float>(x) +
                                pattern.per_mm * static_cast<float>(frame.depth[at]));
    };
    const bool moves = y >= moving.y && y < moving.y + moving.size.height;
    const int left = moves ? moving.x : frame.size.width;
    const int right = moves ? moving.x + moving.size.width : frame.size.width;
    for (int x = 0; x < left; ++x) pixel(x, map->standing[row + static_cast<std::size_t>(x)]);
    for (int x = left; x < right; ++x)
      pixel(x, map->patch[static_cast<std::size_t>((y - moving.y) * moving.size.width + x - moving.x)]);
    for (int x = right; x < frame.size.width; ++x) pixel(x, map->standing[row + static_cast<std::size_t>(x)]);
  }
}

void Interference::spoil(std::uint64_t pulse, const DepthFrame& frame) const {
  const auto width = static_cast<std::size_t>(frame.size.width);
  for (int y = 0; y < frame.size.height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * width;
    const auto line = static_cast<std::uint32_t>(y);
    const auto noise = normal_row({seed_, kNoiseStream, static_cast<std::uint32_t>(pulse), line});
    const UniformRow fate({seed_, kFateStream, static_cast<std::uint32_t>(pulse), line});
    for (std::size_t x = 0; x < width; ++x) {
      const float other = sum_[row + x];
      std::uint16_t& infrared = frame.infrared[row + x];
      if (other == 0 || infrared == 0) continue;  // dark, or outside the mask
      const float all = static_cast<float>(infrared) + other;
      const bool full = all >= kFullPixel && frame.depth != nullptr;
      infrared = full ? kSaturatedIr : to_u16(all);
      if (frame.depth == nullptr || frame.depth[row + x] == 0) continue;
      const float part = other / all;
      const bool lost = full || fate[x] < kLost * part * part;
      const float wrong = kPullMm * pull_[row + x] / all + kNoiseMm * part * noise[x];
      std::uint16_t& depth = frame.depth[row + x];
      depth = lost ? 0 : to_u16(static_cast<float>(depth) + wrong);
    }
  }
}

}  // namespace genlock::device::sim
