#include "reference_warps.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace genlock::geometry::reference {
namespace {

constexpr float kLargestStep = 0.04693441759F;

float f32(double value) {
  return static_cast<float>(value);
}

/// The colour lens in 32-bit floats.
struct Lens {
  explicit Lens(const CameraCalibration& camera) {
    const Intrinsics& from = camera.intrinsics;
    cx = f32(from.cx), cy = f32(from.cy), fx = f32(from.fx), fy = f32(from.fy);
    std::ranges::transform(from.k, k.begin(), f32);
    codx = f32(from.codx), cody = f32(from.cody), p1 = f32(from.p1), p2 = f32(from.p2);
    t = from.model == LensModel::brown_conrady ? 2 : 1;
    radius2 = f32(camera.metric_radius) * f32(camera.metric_radius);
  }

  Correspondence project(float x, float y, float depth) const {
    const float a = x / depth - codx;
    const float b = y / depth - cody;
    const float r2 = a * a + b * b;
    if (!(r2 <= radius2)) return {};
    const float over = 1 + r2 * (k[0] + r2 * (k[1] + r2 * k[2]));
    const float under = 1 + r2 * (k[3] + r2 * (k[4] + r2 * k[5]));
    const float d = under != 0 ? over / under : over;
    const float xd = a * d + p2 * (r2 + 2 * (a * a)) + (t * p1) * (a * b);
    const float yd = b * d + p1 * (r2 + 2 * (b * b)) + (t * p2) * (b * a);
    return {(xd + codx) * fx + cx, (yd + cody) * fy + cy, depth};
  }

  float cx, cy, fx, fy, codx, cody, p1, p2, t, radius2;
  std::array<float, 6> k;
};

struct Corner {
  float u, v, depth;
  int custom;
};

Corner mid(const Corner& a, const Corner& b, const Corner& label, Interpolation interpolation) {
  const int custom = interpolation == Interpolation::linear ? (a.custom + b.custom) / 2 : label.custom;
  return {(a.u + b.u) * 0.5F, (a.v + b.v) * 0.5F, (a.depth + b.depth) * 0.5F, custom};
}

/// Clockwise from the top left.
using Quad = std::array<Corner, 4>;

/// Whether the quad has three corners; a missing one is replaced.
bool fill_corners(Quad& quad, Interpolation interpolation) {
  auto& [tl, tr, br, bl] = quad;
  const auto missing = [](const Corner& corner) { return corner.depth == 0; };
  const auto count = std::ranges::count_if(quad, missing);
  if (count != 1) return count == 0;
  const Corner original = br;
  if (missing(tl)) {
    tl = mid(tr, bl, br, interpolation);
  } else if (missing(tr)) {
    tr = original;
    br = mid(original, bl, bl, interpolation);
  } else if (missing(br)) {
    br = mid(tr, bl, tl, interpolation);
  } else {
    bl = original;
    br = mid(tr, original, tr, interpolation);
  }
  return true;
}

/// Twice the area of a triangle.
float area(const Corner& a, const Corner& b, float x, float y) {
  return (y - a.v) * (b.u - a.u) - (x - a.u) * (b.v - a.v);
}

/// The value of the corner with the largest weight.
int label(float br, float middle, float tl, const std::array<int, 3>& values) {
  if (br > middle) return values[br > tl ? 0 : 2];
  return values[middle > tl ? 1 : 2];
}

template <bool kCustom, class Pixel>
void draw(const Quad& quad, Size size, Interpolation interpolation, Pixel pixel) {
  const auto& [tl, tr, br, bl] = quad;
  const auto [low_u, high_u] = std::minmax({tl.u, tr.u, br.u, bl.u});
  const auto [low_v, high_v] = std::minmax({tl.v, tr.v, br.v, bl.v});
  const auto [near, far] = std::minmax({tl.depth, tr.depth, br.depth, bl.depth});
  if (far - near > kLargestStep * near) return;
  const auto end = [](float value, int most) {
    return static_cast<int>(std::min(std::ceil(value), f32(most)));
  };
  const int x_end = end(high_u, size.width);
  const int y_end = end(high_v, size.height);
  for (int y = static_cast<int>(std::max(std::ceil(low_v), 0.0F)); y < y_end; ++y)
    for (int x = static_cast<int>(std::max(std::ceil(low_u), 0.0F)); x < x_end; ++x) {
      const float px = static_cast<float>(x);
      const float py = static_cast<float>(y);
      float middle = area(tl, br, px, py);
      const bool left = middle >= 0;
      const Corner& m = left ? bl : tr;
      float at_br = area(m, tl, px, py);
      float at_tl = area(br, m, px, py);
      if (!left) middle = -middle, at_br = -at_br, at_tl = -at_tl;
      if (!(at_br >= 0 && at_tl > 0)) continue;
      const float sum = at_br + middle + at_tl;
      const auto blend = [&](float b, float c, float t) {
        return std::min((at_br * b + middle * c + at_tl * t) / sum + 0.5F, 65535.0F);
      };
      int custom = 0;
      if constexpr (kCustom)
        custom = interpolation == Interpolation::linear
                     ? static_cast<int>(blend(f32(br.custom), f32(m.custom), f32(tl.custom)))
                     : label(at_br, middle, at_tl, {br.custom, m.custom, tl.custom});
      pixel(static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x),
            static_cast<std::uint16_t>(blend(br.depth, m.depth, tl.depth)), custom);
    }
}

/// Every quad of a depth image that has three corners, in the order of its pixels.
template <bool kCustom, class Custom, class Pixel>
void draw_mesh(const std::vector<Correspondence>& points, Size from, Size to, Interpolation interpolation,
               Custom custom, Pixel pixel) {
  const auto width = static_cast<std::size_t>(from.width);
  const auto corner = [&](std::size_t i) {
    return Corner{points[i].u, points[i].v, points[i].depth, custom(i)};
  };
  for (std::size_t y = 1; y < static_cast<std::size_t>(from.height); ++y)
    for (std::size_t x = 1; x < width; ++x) {
      const std::size_t i = y * width + x;
      Quad quad{corner(i - width - 1), corner(i - width), corner(i), corner(i - 1)};
      if (fill_corners(quad, interpolation)) draw<kCustom>(quad, to, interpolation, pixel);
    }
}

std::size_t pixels(Size size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

/// A float as one of 16 bits: rounded to the nearest, the even one of two.
std::int16_t saturated(float value) {
  return static_cast<std::int16_t>(std::clamp(std::lrint(value), -32768L, 32767L));
}

std::uint32_t bilinear(std::span<const std::uint32_t> color, Size size, float u, float v, float x, float y) {
  const auto stride = static_cast<std::size_t>(size.width);
  const std::uint32_t* at = color.data() + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x);
  const float fx = u - x;
  const float fy = v - y;
  std::uint32_t result = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const auto channel = [&](std::size_t offset) { return f32(at[offset] >> shift & 255); };
    const float value = (1 - fy) * ((1 - fx) * channel(0) + fx * channel(1)) +
                        fy * ((1 - fx) * channel(stride) + fx * channel(stride + 1));
    result |= static_cast<std::uint32_t>(value + 0.5F) << shift;
  }
  return result == 0 ? 1 : result;
}

}  // namespace

Warps::Warps(const Calibration& calibration)
    : depth_size_(calibration.depth.size),
      color_size_(calibration.color.size),
      color_(calibration.color),
      extrinsics_(calibration.extrinsics[0][1]),
      rays_(make_ray_table(calibration.depth)) {}

void Warps::correspond(std::span<const std::uint16_t> depth) {
  points_.assign(depth.size(), {});
  std::array<float, 9> r;
  std::ranges::transform(extrinsics_.rotation, r.begin(), f32);
  std::array<float, 3> t;
  std::ranges::transform(extrinsics_.translation, t.begin(), f32);
  const Lens lens(color_);
  for (std::size_t i = 0; i < depth.size(); ++i) {
    if (depth[i] == 0 || std::isnan(rays_.x[i])) continue;
    const float z = depth[i];
    const float x = rays_.x[i] * z;
    const float y = rays_.y[i] * z;
    const float seen = r[6] * x + r[7] * y + r[8] * z + t[2];
    if (!(seen > 0)) continue;
    points_[i] =
        lens.project(r[0] * x + r[1] * y + r[2] * z + t[0], r[3] * x + r[4] * y + r[5] * z + t[1], seen);
  }
}

void Warps::depth_to_color(std::span<const std::uint16_t> depth, std::vector<std::uint16_t>& out) {
  out.assign(pixels(color_size_), 0);
  const auto write = [&](std::size_t i, std::uint16_t value, int) {
    if (out[i] == 0 || value < out[i]) out[i] = value;
  };
  correspond(depth);
  draw_mesh<false>(
      points_, depth_size_, color_size_, Interpolation::nearest, [](std::size_t) { return 0; }, write);
}

template <class Value>
void Warps::depth_to_color(std::span<const std::uint16_t> depth, std::span<const Value> custom,
                           Interpolation interpolation, Value invalid, std::vector<std::uint16_t>& out,
                           std::vector<Value>& custom_out, std::vector<std::uint8_t>* tied) {
  out.assign(pixels(color_size_), 0);
  custom_out.assign(out.size(), invalid);
  if (tied != nullptr) tied->assign(out.size(), 0);
  const auto write = [&](std::size_t i, std::uint16_t value, int other) {
    if (tied != nullptr && out[i] == value && value != 0) (*tied)[i] = 1;
    if (out[i] != 0 && value >= out[i]) return;
    out[i] = value;
    custom_out[i] = static_cast<Value>(other);
  };
  correspond(depth);
  draw_mesh<true>(
      points_, depth_size_, color_size_, interpolation,
      [&](std::size_t i) { return static_cast<int>(custom[i]); }, write);
}

template void Warps::depth_to_color(std::span<const std::uint16_t>, std::span<const std::uint8_t>,
                                    Interpolation, std::uint8_t, std::vector<std::uint16_t>&,
                                    std::vector<std::uint8_t>&, std::vector<std::uint8_t>*);
template void Warps::depth_to_color(std::span<const std::uint16_t>, std::span<const std::uint16_t>,
                                    Interpolation, std::uint16_t, std::vector<std::uint16_t>&,
                                    std::vector<std::uint16_t>&, std::vector<std::uint8_t>*);

void Warps::color_to_depth(std::span<const std::uint16_t> depth, std::span<const std::uint32_t> color,
                           std::vector<std::uint32_t>& out) {
  out.assign(depth.size(), 0);
  correspond(depth);
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const float x = std::floor(points_[i].u);
    const float y = std::floor(points_[i].v);
    const bool inside = points_[i].depth > 0 && x >= 0 && y >= 0 && x + 1 < f32(color_size_.width) &&
                        y + 1 < f32(color_size_.height);
    if (inside) out[i] = bilinear(color, color_size_, points_[i].u, points_[i].v, x, y);
  }
}

void Warps::point_cloud(const RayTable& rays, std::span<const std::uint16_t> depth,
                        std::vector<std::int16_t>& xyz) {
  xyz.resize(3 * depth.size());
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const bool has_ray = !std::isnan(rays.x[i]);
    const float z = depth[i];
    xyz[3 * i] = has_ray ? saturated(rays.x[i] * z) : std::int16_t{0};
    xyz[3 * i + 1] = has_ray ? saturated(rays.y[i] * z) : std::int16_t{0};
    xyz[3 * i + 2] = has_ray ? static_cast<std::int16_t>(depth[i]) : std::int16_t{0};
  }
}

}  // namespace genlock::geometry::reference
