#include "geometry/transformation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "geometry/lens.h"

namespace genlock::geometry {
namespace {

constexpr int kLargestSide = 20000;  // pixels, as of the ABI's images

std::size_t pixels(Size size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

Status check_size_and_lens(const Calibration& calibration, Sensor sensor) {
  const CameraCalibration& camera = calibration.camera(sensor);
  const auto in_range = [](int side) { return side >= 1 && side <= kLargestSide; };
  if (!in_range(camera.size.width) || !in_range(camera.size.height))
    return Error(Errc::unsupported,
                 fmt::format("transformation: a camera of {}x{} pixels: each must be 1 to {}",
                             camera.size.width, camera.size.height, kLargestSide));
  return check_lens(camera.intrinsics);
}

Status check_on(const char* camera, Size size) {
  if (size == Size{})
    return Error(Errc::invalid, fmt::format("transformation: the {} camera is off", camera));
  return {};
}

Status check_image(const char* image, std::size_t values, std::size_t wanted) {
  if (values == wanted) return {};
  return Error(Errc::invalid, fmt::format("transformation: the {} image has {} values, its camera {}", image,
                                          values, wanted));
}

/// Fills an image row by row, shortly before it is drawn in: what was just filled is still in the cache.
template <class Value>
class Background {
 public:
  Background(std::span<Value> image, Value value, Size size)
      : rest_(image), value_(value), width_(static_cast<std::size_t>(size.width)) {}

  /// All rows that a surface with the largest v `lowest` can touch.
  void paint_down_to(float lowest) {
    const auto height = static_cast<float>((painted_ + rest_.size()) / width_);
    const auto rows = static_cast<std::size_t>(std::clamp(std::ceil(lowest), 0.0F, height));
    paint(rows * width_);
  }
  void paint_all() { paint(painted_ + rest_.size()); }

 private:
  void paint(std::size_t end) {
    if (end <= painted_) return;
    const std::size_t count = std::min(end - painted_, rest_.size());
    std::ranges::fill(rest_.first(count), value_);
    rest_ = rest_.subspan(count);
    painted_ += count;
  }

  std::span<Value> rest_;
  Value value_;
  std::size_t width_;
  std::size_t painted_ = 0;
};

}  // namespace

Result<Transformation> Transformation::create(const Calibration& calibration) {
  const bool depth = calibration.depth_mode != DepthMode::off;
  const bool color = calibration.color_resolution != ColorResolution::off;
  if (!depth && !color) return Error(Errc::invalid, "transformation: both cameras are off");
  if (depth) GENLOCK_TRY(check_size_and_lens(calibration, Sensor::depth).context("depth camera"));
  if (color) GENLOCK_TRY(check_size_and_lens(calibration, Sensor::color).context("colour camera"));
  Calibration own = calibration;
  if (!depth) own.depth.size = {};
  if (!color) own.color.size = {};
  return Transformation(own);
}

Transformation::Transformation(const Calibration& calibration)
    : calibration_(calibration),
      warp_(depth_to_color_warp(calibration)),
      depth_rays_(calibration.depth),
      stride_(static_cast<std::size_t>(calibration.depth.size.width) + kRowPadding),
      points_(6 * stride_),
      custom_(2 * stride_) {}

Status Transformation::check_both(std::size_t depth_pixels, std::size_t color_pixels) const {
  GENLOCK_TRY(check_on("depth", size(Sensor::depth)));
  GENLOCK_TRY(check_on("colour", size(Sensor::color)));
  GENLOCK_TRY(check_image("depth", depth_pixels, pixels(size(Sensor::depth))));
  return check_image("colour", color_pixels, pixels(size(Sensor::color)));
}

CorrespondenceRow Transformation::row(std::size_t which) {
  float* const first = points_.data() + 3 * stride_ * which;
  return {first, first + stride_, first + 2 * stride_};
}

float Transformation::correspond(std::size_t y, std::span<const std::uint16_t> depth,
                                 CorrespondenceRow row) const {
  const auto width = static_cast<std::size_t>(size(Sensor::depth).width);
  return correspond_row(warp_, depth_rays_.row(y), depth.data() + y * width, width, row);
}

template <class Value>
void Transformation::draw_mesh(std::span<const std::uint16_t> depth, std::span<std::uint16_t> transformed,
                               const CustomImages<Value>& custom, const MeshTarget& target) {
  const auto width = static_cast<std::size_t>(size(Sensor::depth).width);
  const auto height = static_cast<std::size_t>(size(Sensor::depth).height);
  Background depth_background(transformed, std::uint16_t{0}, target.size);
  Background custom_background(custom.transformed, custom.invalid, target.size);
  MeshRow above{row(0), custom_.data()};
  MeshRow below{row(1), custom_.data() + stride_};
  float lowest_above = 0;
  for (std::size_t y = 0; y < height; ++y) {
    const float lowest = correspond(y, depth, below.points);
    if (!custom.image.empty()) std::ranges::copy(custom.image.subspan(y * width, width), below.custom);
    depth_background.paint_down_to(std::max(lowest, lowest_above));
    custom_background.paint_down_to(std::max(lowest, lowest_above));
    if (y > 0) draw_quads(above, below, width, target);
    std::swap(above, below);
    lowest_above = lowest;
  }
  depth_background.paint_all();
  custom_background.paint_all();
}

Status Transformation::depth_to_color(std::span<const std::uint16_t> depth,
                                      std::span<std::uint16_t> transformed) {
  GENLOCK_TRY(check_both(depth.size(), transformed.size()));
  draw_mesh(depth, transformed, CustomImages<std::uint8_t>{},
            {.size = size(Sensor::color), .depth = transformed.data()});
  return {};
}

template <class Value>
Status Transformation::depth_to_color(std::span<const std::uint16_t> depth,
                                      std::span<std::uint16_t> transformed,
                                      const CustomImages<Value>& custom) {
  GENLOCK_TRY(check_both(depth.size(), transformed.size()));
  GENLOCK_TRY(check_image("custom", custom.image.size(), depth.size()));
  GENLOCK_TRY(check_image("transformed custom", custom.transformed.size(), transformed.size()));
  MeshTarget target{
      .size = size(Sensor::color), .depth = transformed.data(), .interpolation = custom.interpolation};
  if constexpr (sizeof(Value) == 1)
    target.custom8 = custom.transformed.data();
  else
    target.custom16 = custom.transformed.data();
  draw_mesh(depth, transformed, custom, target);
  return {};
}

template Status Transformation::depth_to_color(std::span<const std::uint16_t>, std::span<std::uint16_t>,
                                               const CustomImages<std::uint8_t>&);
template Status Transformation::depth_to_color(std::span<const std::uint16_t>, std::span<std::uint16_t>,
                                               const CustomImages<std::uint16_t>&);

Status Transformation::color_to_depth(std::span<const std::uint16_t> depth,
                                      std::span<const std::uint32_t> color,
                                      std::span<std::uint32_t> transformed) {
  GENLOCK_TRY(check_both(depth.size(), color.size()));
  GENLOCK_TRY(check_image("transformed colour", transformed.size(), depth.size()));
  const auto width = static_cast<std::size_t>(size(Sensor::depth).width);
  for (std::size_t y = 0; y * width < depth.size(); ++y) {
    correspond(y, depth, row(0));
    sample_colors(row(0), width, color.data(), size(Sensor::color), transformed.data() + y * width);
  }
  return {};
}

Status Transformation::point_cloud(Sensor camera, std::span<const std::uint16_t> depth,
                                   std::span<std::int16_t> xyz) {
  const bool color = camera == Sensor::color;
  if (!color && camera != Sensor::depth)
    return Error(Errc::invalid, "transformation: point clouds are of the depth or the colour camera");
  GENLOCK_TRY(check_on(color ? "colour" : "depth", size(camera)));
  GENLOCK_TRY(check_image("depth", depth.size(), pixels(size(camera))));
  GENLOCK_TRY(check_image("xyz", xyz.size(), 3 * depth.size()));
  if (color && color_rays_.empty()) color_rays_ = CloudRays(calibration_.color);
  (color ? color_rays_ : depth_rays_).point_cloud(depth, xyz);
  return {};
}

}  // namespace genlock::geometry
