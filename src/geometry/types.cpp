#include "geometry/types.h"

namespace genlock::geometry {

Point3 rotate(const Extrinsics& extrinsics, const Point3& d) {
  const auto& r = extrinsics.rotation;
  return {r[0] * d.x + r[1] * d.y + r[2] * d.z, r[3] * d.x + r[4] * d.y + r[5] * d.z,
          r[6] * d.x + r[7] * d.y + r[8] * d.z};
}

Point3 apply(const Extrinsics& extrinsics, const Point3& point) {
  const auto& t = extrinsics.translation;
  return rotate(extrinsics, point) + Point3{t[0], t[1], t[2]};
}

Extrinsics compose(const Extrinsics& second, const Extrinsics& first) {
  Extrinsics both;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i)
        sum += second.rotation[3 * row + i] * first.rotation[3 * i + column];
      both.rotation[3 * row + column] = sum;
    }
  const Point3 t = apply(second, {first.translation[0], first.translation[1], first.translation[2]});
  both.translation = {t.x, t.y, t.z};
  return both;
}

Extrinsics inverse(const Extrinsics& extrinsics) {
  Extrinsics result;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      result.rotation[3 * row + column] = extrinsics.rotation[3 * column + row];
  const auto& t = extrinsics.translation;
  const Point3 back = rotate(result, {t[0], t[1], t[2]});
  result.translation = {-back.x, -back.y, -back.z};
  return result;
}

}  // namespace genlock::geometry
