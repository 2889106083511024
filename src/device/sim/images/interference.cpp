#include "device/sim/images/interference.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "device/sim/images/noise.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kNoiseStream = 6;
constexpr int kStripRows = 8;
constexpr float kTurnMm = 430;         // of distance, after which the pattern is the same
constexpr float kTurnOfWidth = 0.11f;  // of the image's width, the same
constexpr float kLost = 0.8f;          // part of pixels without value where the other light is all there is

/// The sine of a number of turns, which must not be negative: two parabolas, which are as good a pattern.
float wave(float turns) {
  const float within = turns - static_cast<float>(static_cast<int>(turns));
  const float x = 2 * within - 1;
  return 4 * x * (std::abs(x) - 1);
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

// The loops below have no branches, so that compilers make vectors of them. A pixel of IR 0 lies outside the
// mask; one whose other light is 0 stays as it is.

/// To the nearest whole number, as a float that holds one.
float rounded(float value) {
  const float least = value < 1.0f ? 1.0f : value;
  return static_cast<float>(static_cast<int>((least > 65535.0f ? 65535.0f : least) + 0.5f));
}

std::uint16_t to_u16(float whole) {
  return static_cast<std::uint16_t>(static_cast<int>(whole));
}

void brighten(std::uint16_t* infrared, const float* other, std::size_t width, float full_at) {
  for (std::size_t x = 0; x < width; ++x) {
    const float before = static_cast<float>(infrared[x]);
    const float all = before + other[x];
    const float after = all >= full_at ? static_cast<float>(kSaturatedIr) : rounded(all);
    const bool reached = (before != 0) & (other[x] != 0);
    infrared[x] = to_u16(reached ? after : before);
  }
}

/// Other light on a row of pixels.
struct OtherLight {
  const float* sum;
  const float* pull;
};

/// A row of random numbers.
struct Chances {
  const float* noise;  ///< normal
  const float* fate;   ///< 0 to 1
};

void pull(std::uint16_t* depth, const std::uint16_t* infrared, const OtherLight& light,
          const Chances& chances, std::size_t width) {
  const float *const sum = light.sum, *const pulled = light.pull;
  const float *const noise = chances.noise, *const fate = chances.fate;
  for (std::size_t x = 0; x < width; ++x) {
    const float own = static_cast<float>(infrared[x]);
    const float all = own + sum[x];
    const float inverse = 1 / (all < 1 ? 1.0f : all);
    const float part = sum[x] * inverse;
    const float wrong =
        Interference::kPullMm * pulled[x] * inverse + Interference::kNoiseMm * part * noise[x];
    const float before = static_cast<float>(depth[x]);
    const float after = rounded(before + wrong);
    const bool lost = (all >= kFullPixel) | (fate[x] < kLost * part * part);
    const bool reached = (before != 0) & (sum[x] != 0) & (own != 0);
    const float spoiled = lost ? 0.0f : after;
    depth[x] = to_u16(reached ? spoiled : before);
  }
}

}  // namespace

void Interference::add(const DepthMoment& moment, int frame_of_loop, const DepthFrame& frame) {
  const auto shines = [](const LaserOverlap& o) { return o.share > 0 && has_depth_image(o.mode); };
  const auto active = static_cast<std::size_t>(std::ranges::count_if(moment.others, shines));
  if (active == 0) return;
  const auto width = static_cast<std::size_t>(frame.size.width);
  const std::size_t map_bytes = width * static_cast<std::size_t>(frame.size.height);
  // Strips stay in the processor's cache, but need every map once a strip: too much if maps are not kept.
  const int rows = active * map_bytes < LaserLight::kMostBytes / 2 ? kStripRows : frame.size.height;
  for (int y = 0; y < frame.size.height; y += rows) {
    const Strip strip{y, std::min(y + rows, frame.size.height)};
    sum_.assign(static_cast<std::size_t>(rows) * width, 0);
    pull_.assign(sum_.size(), 0);
    row_light_.resize(width);
    for (const LaserOverlap& other : moment.others)
      if (shines(other)) gather(other, moment.pulse, frame_of_loop, strip, frame);
    spoil(moment.pulse, strip, frame);
  }
}

void Interference::gather(const LaserOverlap& other, std::uint64_t pulse, int frame_of_loop,
                          const Strip& strip, const DepthFrame& frame) {
  const auto map = light_.map(other.unit, is_wide(other.mode), frame_of_loop);
  if (!map) return;
  const std::array<float, 256>& lights = light_of_codes();
  const float share = std::min(other.share, 1.0f);
  const Pattern pattern(seed_, other.unit, pulse, frame.size.width);
  const Rect& moving = map->moving;
  const int width = frame.size.width;
  for (int y = strip.from; y < strip.to; ++y) {
    const std::ptrdiff_t row = std::ptrdiff_t{y} * width, own = std::ptrdiff_t{y - strip.from} * width;
    const float start = pattern.start + pattern.per_y * static_cast<float>(y);
    const std::uint16_t* const depth = frame.depth != nullptr ? frame.depth + row : nullptr;
    float* const sum = sum_.data() + own;
    float* const pull = pull_.data() + own;
    const auto add = [&](int from, int to, const LightCode* codes) {
      for (int x = from; x < to; ++x)
        row_light_[static_cast<std::size_t>(x)] = share * lights[codes[x - from]];
      const float* const light = row_light_.data();
      for (int x = from; x < to; ++x) sum[x] += light[x];
      if (depth == nullptr) return;
      for (int x = from; x < to; ++x)
        pull[x] += light[x] * wave(start + pattern.per_x * static_cast<float>(x) +
                                   pattern.per_mm * static_cast<float>(depth[x]));
    };
    const bool moves = y >= moving.y && y < moving.y + moving.size.height;
    const int left = moves ? moving.x : width;
    const int right = moves ? moving.x + moving.size.width : width;
    add(0, left, map->standing.data() + row);
    if (moves) add(left, right, map->patch.data() + std::ptrdiff_t{y - moving.y} * moving.size.width);
    add(right, width, map->standing.data() + row + right);
  }
}

void Interference::spoil(std::uint64_t pulse, const Strip& strip, const DepthFrame& frame) const {
  const auto width = static_cast<std::size_t>(frame.size.width);
  for (int y = strip.from; y < strip.to; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * width;
    const std::size_t own = static_cast<std::size_t>(y - strip.from) * width;
    if (frame.depth == nullptr) {
      constexpr float kNeverFull = std::numeric_limits<float>::max();
      brighten(frame.infrared + row, sum_.data() + own, width, kNeverFull);
      continue;
    }
    const NoiseRow place{seed_, kNoiseStream, static_cast<std::uint32_t>(pulse),
                         static_cast<std::uint32_t>(y)};
    const Chances chances{.noise = normal_row(place).data(), .fate = uniform_row(place).data()};
    pull(frame.depth + row, frame.infrared + row, {sum_.data() + own, pull_.data() + own}, chances, width);
    brighten(frame.infrared + row, sum_.data() + own, width, kFullPixel);
  }
}

}  // namespace genlock::device::sim
