#pragma once

#include <cmath>

#include "geometry/types.h"

namespace genlock::device::sim {

/// Millimetres in the world or a direction there; 32 bits, because millions are made for every picture.
struct Vec {
  float x = 0;
  float y = 0;
  float z = 0;
};

inline Vec operator+(Vec a, Vec b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec operator-(Vec a, Vec b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec operator*(Vec a, float s) {
  return {a.x * s, a.y * s, a.z * s};
}
inline float dot(Vec a, Vec b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline float length(Vec a) {
  return std::sqrt(dot(a, a));
}

/// Rounds down; for values that fit an int. Much faster than std::floor without SSE4.1.
inline int floor_int(float value) {
  const int toward_zero = static_cast<int>(value);
  return toward_zero - (value < static_cast<float>(toward_zero) ? 1 : 0);
}

inline Vec to_vec(const geometry::Point3& p) {
  return {static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)};
}

}  // namespace genlock::device::sim
