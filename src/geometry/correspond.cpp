#include <algorithm>

#include "geometry/vectors.h"
#include "geometry/warp.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "geometry/correspond.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace genlock::geometry::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using F = hn::Vec<Floats>;

HWY_INLINE F all(float value) {
  return hn::Set(Floats(), value);
}

/// 1 + c0 s + c1 s² + c2 s³
HWY_INLINE F polynomial(const float* c, F s) {
  return hn::Add(all(1),
                 hn::Mul(s, hn::Add(all(c[0]), hn::Mul(s, hn::Add(all(c[1]), hn::Mul(s, all(c[2])))))));
}

/// One coordinate of rotation (x, y, z) + translation.
HWY_INLINE F coordinate(const DepthToColor& warp, std::size_t row, F x, F y, F z) {
  const float* r = warp.rotation.data() + 3 * row;
  const F rotated = hn::Add(hn::Add(hn::Mul(all(r[0]), x), hn::Mul(all(r[1]), y)), hn::Mul(all(r[2]), z));
  return hn::Add(rotated, all(warp.translation[row]));
}

/// One coordinate of the distorted ray. `a` is this coordinate of the ray and `pa` its tangential
/// coefficient, `b` and `pb` the other's.
HWY_INLINE F distort(const ForwardLens& lens, F a, F b, F d, F r2, float pa, float pb) {
  const F along = hn::Mul(all(pa), hn::Add(r2, hn::Mul(all(2), hn::Mul(a, a))));
  const F across = hn::Mul(all(lens.cross * pb), hn::Mul(a, b));
  return hn::Add(hn::Add(hn::Mul(a, d), along), across);
}

/// Returns v where there is a point, else 0.
HWY_INLINE F correspond(const DepthToColor& warp, F x, F y, F z, const CorrespondenceRow& row,
                        std::size_t i) {
  const Floats f;
  const ForwardLens& lens = warp.lens;
  const F px = hn::Mul(x, z);
  const F py = hn::Mul(y, z);
  const F depth = coordinate(warp, 2, px, py, z);
  const F a = hn::Sub(hn::Div(coordinate(warp, 0, px, py, z), depth), all(lens.codx));
  const F b = hn::Sub(hn::Div(coordinate(warp, 1, px, py, z), depth), all(lens.cody));
  const F r2 = hn::Add(hn::Mul(a, a), hn::Mul(b, b));
  const F over = polynomial(lens.k.data(), r2);
  const F under = polynomial(lens.k.data() + 3, r2);
  const F d = hn::IfThenElse(hn::Ne(under, hn::Zero(f)), hn::Div(over, under), over);
  const F xd = distort(lens, a, b, d, r2, lens.p2, lens.p1);
  const F yd = distort(lens, b, a, d, r2, lens.p1, lens.p2);
  // A pixel without a ray has NaN here, which compares as false.
  const auto seen =
      hn::And(hn::And(hn::Gt(z, hn::Zero(f)), hn::Gt(depth, hn::Zero(f))), hn::Le(r2, all(lens.radius2)));
  hn::StoreU(hn::Add(hn::Mul(hn::Add(xd, all(lens.codx)), all(lens.fx)), all(lens.cx)), f, row.u + i);
  const F v = hn::Add(hn::Mul(hn::Add(yd, all(lens.cody)), all(lens.fy)), all(lens.cy));
  hn::StoreU(v, f, row.v + i);
  hn::StoreU(hn::IfThenElseZero(seen, depth), f, row.depth + i);
  return hn::IfThenElseZero(seen, v);
}

}  // namespace

float CorrespondRow(const DepthToColor& warp, RayRow rays, const std::uint16_t* depth, std::size_t count,
                    CorrespondenceRow row) {
  const Floats f;
  const hn::RebindToSigned<Floats> integers;
  const hn::Rebind<std::uint16_t, Floats> shorts;
  const std::size_t lanes = hn::Lanes(f);
  alignas(64) std::uint16_t last[16] = {};
  F lowest = hn::Zero(f);
  for (std::size_t i = 0; i < count; i += lanes) {
    const std::uint16_t* from = depth + i;
    if (count - i < lanes) {
      std::copy_n(from, count - i, last);
      from = last;
    }
    const F z = hn::ConvertTo(f, hn::PromoteTo(integers, hn::LoadU(shorts, from)));
    lowest = hn::Max(correspond(warp, hn::LoadU(f, rays.x + i), hn::LoadU(f, rays.y + i), z, row, i), lowest);
  }
  return hn::GetLane(hn::MaxOfLanes(f, lowest));
}

}  // namespace genlock::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace genlock::geometry {

float correspond_row(const DepthToColor& warp, RayRow rays, const std::uint16_t* depth, std::size_t count,
                     CorrespondenceRow row) {
  return GENLOCK_CHOSEN_VERSION(CorrespondRow)(warp, rays, depth, count, row);
}

}  // namespace genlock::geometry
#endif
