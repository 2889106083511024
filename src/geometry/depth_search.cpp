#include "geometry/depth_search.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geometry/lens.h"
#include "geometry/points.h"

namespace genlock::geometry {
namespace {

constexpr double kNearest = 50;       // mm
constexpr double kFarthest = 14000;   // mm
constexpr double kLargestError = 10;  // colour pixels

/// A camera without distortion that covers the depth camera's field of view. Lines stay straight in its
/// image.
struct Pinhole {
  explicit Pinhole(const Calibration& calibration) {
    const auto [width, height] = calibration.depth.size;
    const DepthMode mode = calibration.depth_mode;
    const bool narrow = mode == DepthMode::nfov_2x2binned || mode == DepthMode::nfov_unbinned;
    const auto focal = [](double half, double degrees) {
      return half / std::tan(degrees * std::numbers::pi / 180);
    };
    centre = {width / 2.0, height / 2.0};
    f = {focal(centre.x, narrow ? 37.5 : 60), focal(centre.y, narrow ? 32.5 : 60)};
  }

  Point2 pixel(const Point3& p) const { return {p.x / p.z * f.x + centre.x, p.y / p.z * f.y + centre.y}; }
  Point2 ray(Point2 p) const { return {(p.x - centre.x) / f.x, (p.y - centre.y) / f.y}; }

  Point2 centre, f;
};

bool inside(Point2 pixel, Size size) {
  return pixel.x >= 0 && pixel.y >= 0 && pixel.x < size.width && pixel.y < size.height;
}

std::uint16_t nearest_value(const DepthPixels& depth, Size size, Point2 pixel) {
  const int x = std::min(static_cast<int>(std::floor(pixel.x + 0.5)), size.width - 1);
  const int y = std::min(static_cast<int>(std::floor(pixel.y + 0.5)), size.height - 1);
  return depth.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(depth.row) +
                      static_cast<std::size_t>(x)];
}

/// The walk along the line, and the best pixel so far.
class Search {
 public:
  Search(const Calibration& calibration, Point2 color_pixel, const DepthPixels& depth)
      : calibration_(calibration), target_(color_pixel), depth_(depth) {}

  void visit(Point2 ray) {
    const auto pixel = project_normalised(calibration_.depth, ray);
    if (!pixel || !inside(*pixel, calibration_.depth.size)) return;
    const double z = nearest_value(depth_, calibration_.depth.size, *pixel);
    if (z == 0) return;
    const Point3 point = apply(calibration_.extrinsics[static_cast<std::size_t>(Sensor::depth)]
                                                      [static_cast<std::size_t>(Sensor::color)],
                               {ray.x * z, ray.y * z, z});
    const auto seen = project(calibration_.color, point);
    if (!seen || !inside(*seen, calibration_.color.size)) return;
    const double error = std::hypot(seen->x - target_.x, seen->y - target_.y);
    if (error >= error_) return;
    error_ = error;
    best_ = pixel;
  }

  DepthMatch result() const { return {best_, error_ <= kLargestError}; }

 private:
  const Calibration& calibration_;
  const Point2 target_;
  const DepthPixels depth_;
  double error_ = std::numeric_limits<double>::infinity();
  std::optional<Point2> best_;
};

/// Steps of one pixel along the longer axis, both ends included.
void walk(const Pinhole& pinhole, Point2 from, Point2 to, Search& search) {
  const double length = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  const Point2 step = length > 0 ? Point2{(to.x - from.x) / length, (to.y - from.y) / length} : Point2{};
  for (double at = 0; at <= length; ++at)
    search.visit(pinhole.ray({from.x + at * step.x, from.y + at * step.y}));
}

/// Whether a line that ends here can be walked in reasonable time: it does not leave the image by more than
/// eight times its size, which no lens sees.
bool walkable(Point2 pixel, Size size) {
  return std::abs(pixel.x) <= 8.0 * size.width && std::abs(pixel.y) <= 8.0 * size.height;
}

}  // namespace

Result<DepthMatch> find_depth_pixel(const Calibration& calibration, Point2 color_pixel,
                                    const DepthPixels& depth) {
  const auto end = [&](double z) {
    return point_2d_to_3d(calibration, color_pixel, z, Sensor::color, Sensor::depth);
  };
  GENLOCK_ASSIGN(const std::optional<Point3> near, end(kNearest));
  GENLOCK_ASSIGN(const std::optional<Point3> far, end(kFarthest));
  GENLOCK_TRY(check_lens(calibration.depth.intrinsics).context("depth camera"));
  const Size size = calibration.depth.size;
  const auto values =
      static_cast<std::size_t>(std::max(depth.row, 0)) * static_cast<std::size_t>(std::max(size.height, 0));
  if (depth.row < size.width || depth.values.size() != values || values == 0)
    return Error(Errc::invalid,
                 fmt::format("calibration: a depth image of {} values, {} a row, for a camera of {}x{}",
                             depth.values.size(), depth.row, size.width, size.height));
  if (!near || !far || near->z <= 0 || far->z <= 0) return DepthMatch{};
  const Pinhole pinhole(calibration);
  const Point2 from = pinhole.pixel(*near);
  const Point2 to = pinhole.pixel(*far);
  if (!walkable(from, size) || !walkable(to, size)) return DepthMatch{};
  Search search(calibration, color_pixel, depth);
  walk(pinhole, from, to, search);
  return search.result();
}

}  // namespace genlock::geometry
