#include <algorithm>

#include "geometry/vectors.h"
#include "geometry/warp.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "geometry/point_cloud.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace genlock::geometry::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using F = hn::Vec<Floats>;
using Shorts = hn::Rebind<std::int16_t, Floats>;

/// As many points as a vector has lanes.
HWY_INLINE void points(const float* x, const float* y, const std::uint16_t* depth, std::int16_t* xyz) {
  const Floats f;
  const hn::RebindToSigned<Floats> integers;
  const Shorts shorts;
  const auto bits = hn::LoadU(hn::RebindToUnsigned<Shorts>(), depth);
  const F z = hn::ConvertTo(f, hn::PromoteTo(integers, bits));
  const F ray_x = hn::LoadU(f, x);
  const auto has_ray = hn::Eq(ray_x, ray_x);
  const auto rounded = [&](F value) {
    return hn::DemoteTo(shorts, hn::NearestInt(hn::IfThenElseZero(has_ray, value)));
  };
  const auto kept = hn::DemoteTo(shorts, hn::BitCast(integers, hn::VecFromMask(f, has_ray)));
  hn::StoreInterleaved3(rounded(hn::Mul(ray_x, z)), rounded(hn::Mul(hn::LoadU(f, y), z)),
                        hn::And(kept, hn::BitCast(shorts, bits)), shorts, xyz);
}

}  // namespace

void PointCloud(RayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) points(rays.x + i, rays.y + i, depth + i, xyz + 3 * i);
  if (i == count) return;
  std::uint16_t last_depth[16] = {};
  std::int16_t last_xyz[48];
  std::copy_n(depth + i, count - i, last_depth);
  points(rays.x + i, rays.y + i, last_depth, last_xyz);
  std::copy_n(last_xyz, 3 * (count - i), xyz + 3 * i);
}

}  // namespace genlock::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace genlock::geometry {

void point_cloud(RayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  GENLOCK_CHOSEN_VERSION(PointCloud)(rays, depth, count, xyz);
}

}  // namespace genlock::geometry
#endif
