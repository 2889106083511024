#include "geometry/lens.h"

#include <fmt/core.h>

#include <limits>

namespace genlock::geometry {
namespace {

constexpr int kNewtonPasses = 20;
constexpr double kGoodEnough = 1e-22;  // px², where the search stops
constexpr double kAcceptable = 1e-6;   // px², what counts as found

/// Factor of the x·y terms of the tangential distortion.
double tangential(const Intrinsics& lens) {
  return lens.model == LensModel::brown_conrady ? 2 : 1;
}

/// A polynomial 1 + c0 s + c1 s² + c2 s³ with its slope.
struct Polynomial {
  double value;
  double slope;
};

Polynomial polynomial(const double* c, double s) {
  return {1 + s * (c[0] + s * (c[1] + s * c[2])), c[0] + s * (2 * c[1] + s * 3 * c[2])};
}

/// A pixel and how it moves with the ray.
struct Projected {
  Point2 pixel;
  double uu, uv, vu, vv;
};

std::optional<Projected> project_with_slope(const CameraCalibration& camera, Point2 ray) {
  const Intrinsics& lens = camera.intrinsics;
  const double x = ray.x - lens.codx;
  const double y = ray.y - lens.cody;
  const double r2 = x * x + y * y;
  if (!(r2 <= camera.metric_radius * camera.metric_radius)) return std::nullopt;
  const auto [a, a_slope] = polynomial(lens.k.data(), r2);
  const auto [b, b_slope] = polynomial(lens.k.data() + 3, r2);
  const double d = b != 0 ? a / b : a;
  const double slope = b != 0 ? (a_slope * b - a * b_slope) / (b * b) : a_slope;
  const double t = tangential(lens);
  const double xd = x * d + lens.p2 * (r2 + 2 * x * x) + t * lens.p1 * x * y;
  const double yd = y * d + lens.p1 * (r2 + 2 * y * y) + t * lens.p2 * x * y;
  return Projected{{(xd + lens.codx) * lens.fx + lens.cx, (yd + lens.cody) * lens.fy + lens.cy},
                   lens.fx * (d + 2 * x * x * slope + 6 * x * lens.p2 + t * y * lens.p1),
                   lens.fx * (2 * x * y * slope + 2 * y * lens.p2 + t * x * lens.p1),
                   lens.fy * (2 * x * y * slope + 2 * x * lens.p1 + t * y * lens.p2),
                   lens.fy * (d + 2 * y * y * slope + 6 * y * lens.p1 + t * x * lens.p2)};
}

Point2 first_guess(const Intrinsics& lens, Point2 pixel) {
  const double xd = (pixel.x - lens.cx) / lens.fx - lens.codx;
  const double yd = (pixel.y - lens.cy) / lens.fy - lens.cody;
  const double r2 = xd * xd + yd * yd;
  const double a = polynomial(lens.k.data(), r2).value;
  const double b = polynomial(lens.k.data() + 3, r2).value;
  const double s = a != 0 ? b / a : b;
  const double x = xd * s;
  const double y = yd * s;
  return {x - (lens.p2 * (y * y + 3 * x * x) + 2 * x * y * lens.p1) + lens.codx,
          y - (lens.p1 * (x * x + 3 * y * y) + 2 * x * y * lens.p2) + lens.cody};
}

}  // namespace

Status check_lens(const Intrinsics& lens) {
  if (lens.model != LensModel::brown_conrady && lens.model != LensModel::rational_6kt)
    return Error(Errc::unsupported, "calibration: the lens model is neither Brown-Conrady nor Rational 6KT");
  if (lens.parameter_count < 14)
    return Error(Errc::unsupported,
                 fmt::format("calibration: the lens has {} parameters of 14", lens.parameter_count));
  if (!(lens.fx > 0 && lens.fy > 0))
    return Error(Errc::unsupported,
                 fmt::format("calibration: focal lengths {} and {} are not positive", lens.fx, lens.fy));
  return {};
}

std::optional<Point2> project_normalised(const CameraCalibration& camera, Point2 ray) {
  const auto projected = project_with_slope(camera, ray);
  if (!projected) return std::nullopt;
  return projected->pixel;
}

std::optional<Point2> project(const CameraCalibration& camera, const Point3& point) {
  if (!(point.z > 0)) return std::nullopt;
  return project_normalised(camera, {point.x / point.z, point.y / point.z});
}

std::optional<Point2> unproject(const CameraCalibration& camera, Point2 pixel) {
  Point2 ray = first_guess(camera.intrinsics, pixel);
  Point2 best_ray = ray;
  double best = std::numeric_limits<double>::max();
  for (int pass = 0; pass < kNewtonPasses; ++pass) {
    const auto at = project_with_slope(camera, ray);
    if (!at) return std::nullopt;
    const double du = pixel.x - at->pixel.x;
    const double dv = pixel.y - at->pixel.y;
    const double error = du * du + dv * dv;
    if (!(error < best)) break;
    best = error;
    best_ray = ray;
    const double determinant = at->uu * at->vv - at->uv * at->vu;
    if (best < kGoodEnough || determinant == 0) break;
    ray.x += (at->vv * du - at->uv * dv) / determinant;
    ray.y += (at->uu * dv - at->vu * du) / determinant;
  }
  if (best > kAcceptable) return std::nullopt;
  return best_ray;
}

}  // namespace genlock::geometry
