#pragma once

#include <array>
#include <cmath>

namespace genlock::geometry {

/// A pixel position: (0,0) is the centre of the top left pixel.
struct Point2 {
  double x = 0;
  double y = 0;
};

/// Millimetres, axes of a camera: x right, y down, z forward.
struct Point3 {
  double x = 0;
  double y = 0;
  double z = 0;
};

/// Takes points of one frame into another: p' = rotation p + translation.
struct Extrinsics {
  std::array<double, 9> rotation{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major
  std::array<double, 3> translation{};                        ///< mm

  bool operator==(const Extrinsics&) const = default;
};

Point3 apply(const Extrinsics& extrinsics, const Point3& point);

/// The rotation alone.
Point3 rotate(const Extrinsics& extrinsics, const Point3& direction);

/// First `first`, then `second`.
Extrinsics compose(const Extrinsics& second, const Extrinsics& first);

/// The rotation is taken to be orthonormal.
Extrinsics inverse(const Extrinsics& extrinsics);

inline Point3 operator+(const Point3& a, const Point3& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Point3 operator-(const Point3& a, const Point3& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Point3 operator*(const Point3& a, double s) {
  return {a.x * s, a.y * s, a.z * s};
}
inline double dot(const Point3& a, const Point3& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline double norm(const Point3& a) {
  return std::sqrt(dot(a, a));
}

}  // namespace genlock::geometry
