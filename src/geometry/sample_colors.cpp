#include <algorithm>

#include "geometry/vectors.h"
#include "geometry/warp.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "geometry/sample_colors.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace genlock::geometry::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using Integers = hn::RebindToSigned<Floats>;
using F = hn::Vec<Floats>;
using I = hn::Vec<Integers>;

HWY_INLINE F all(float value) {
  return hn::Set(Floats(), value);
}

/// The pixels around a point and their weights.
struct Neighbours {
  I top_left, top_right, bottom_left, bottom_right;
  F left, right, top, bottom;
};

template <int kShift>
HWY_INLINE F channel(I pixel) {
  const Integers integers;
  return hn::ConvertTo(Floats(), hn::And(hn::ShiftRight<kShift>(pixel), hn::Set(integers, 255)));
}

template <int kShift>
HWY_INLINE I blend(const Neighbours& n) {
  const F top =
      hn::Add(hn::Mul(n.left, channel<kShift>(n.top_left)), hn::Mul(n.right, channel<kShift>(n.top_right)));
  const F bottom = hn::Add(hn::Mul(n.left, channel<kShift>(n.bottom_left)),
                           hn::Mul(n.right, channel<kShift>(n.bottom_right)));
  const F value = hn::Add(hn::Mul(n.top, top), hn::Mul(n.bottom, bottom));
  return hn::ShiftLeft<kShift>(hn::ConvertTo(Integers(), hn::Add(value, all(0.5F))));
}

HWY_INLINE Neighbours gather(const std::int32_t* colors, int width, I index, F right, F bottom) {
  const Integers integers;
  return {hn::GatherIndex(integers, colors, index),
          hn::GatherIndex(integers, colors + 1, index),
          hn::GatherIndex(integers, colors + width, index),
          hn::GatherIndex(integers, colors + width + 1, index),
          hn::Sub(all(1), right),
          right,
          hn::Sub(all(1), bottom),
          bottom};
}

/// Colours of as many points as a vector has lanes. `size` is at least 2x2.
HWY_INLINE I sample(const CorrespondenceRow& row, std::size_t i, const std::int32_t* colors, Size size) {
  const Floats f;
  const Integers integers;
  const F u = hn::LoadU(f, row.u + i);
  const F v = hn::LoadU(f, row.v + i);
  const F x = hn::Floor(u);
  const F y = hn::Floor(v);
  const auto inside_x = hn::And(hn::Ge(x, hn::Zero(f)), hn::Lt(x, all(static_cast<float>(size.width - 1))));
  const auto inside_y = hn::And(hn::Ge(y, hn::Zero(f)), hn::Lt(y, all(static_cast<float>(size.height - 1))));
  const auto seen = hn::And(hn::And(inside_x, inside_y), hn::Gt(hn::LoadU(f, row.depth + i), hn::Zero(f)));
  if (hn::AllFalse(f, seen)) return hn::Zero(integers);
  const I column = hn::ConvertTo(integers, hn::IfThenElseZero(seen, x));
  const I line = hn::ConvertTo(integers, hn::IfThenElseZero(seen, y));
  const I index = hn::Add(hn::Mul(line, hn::Set(integers, size.width)), column);
  const Neighbours n = gather(colors, size.width, index, hn::Sub(u, x), hn::Sub(v, y));
  const I color = hn::Or(hn::Or(blend<0>(n), blend<8>(n)), hn::Or(blend<16>(n), blend<24>(n)));
  const I visible = hn::IfThenElse(hn::Eq(color, hn::Zero(integers)), hn::Set(integers, 1), color);
  return hn::IfThenElseZero(hn::RebindMask(integers, seen), visible);
}

}  // namespace

void SampleColors(CorrespondenceRow row, std::size_t count, const std::uint32_t* colors, Size size,
                  std::uint32_t* out) {
  if (size.width < 2 || size.height < 2) {
    std::fill_n(out, count, 0);
    return;
  }
  const Integers integers;
  const std::size_t lanes = hn::Lanes(integers);
  const auto* pixels = reinterpret_cast<const std::int32_t*>(colors);
  auto* to = reinterpret_cast<std::int32_t*>(out);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(sample(row, i, pixels, size), integers, to + i);
  if (i == count) return;
  std::int32_t last[16];
  hn::StoreU(sample(row, i, pixels, size), integers, last);
  std::copy_n(last, count - i, to + i);
}

}  // namespace genlock::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace genlock::geometry {

void sample_colors(CorrespondenceRow row, std::size_t count, const std::uint32_t* colors, Size size,
                   std::uint32_t* out) {
  GENLOCK_CHOSEN_VERSION(SampleColors)(row, count, colors, size, out);
}

}  // namespace genlock::geometry
#endif
