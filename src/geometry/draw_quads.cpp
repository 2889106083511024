#include <bit>

#include "geometry/fragments.h"
#include "geometry/vectors.h"
#include "geometry/warp.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "geometry/draw_quads.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Every lane is one quad between four neighbouring depth pixels (facts k4a-abi.md E5).

HWY_BEFORE_NAMESPACE();
namespace genlock::geometry::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using Integers = hn::RebindToSigned<Floats>;
using F = hn::Vec<Floats>;
using I = hn::Vec<Integers>;
using M = hn::Mask<Floats>;

/// Steps in depth that are wider than this part of the smaller depth are not bridged.
constexpr float kLargestStep = 0.04693441759F;
constexpr float kDeepest = 65535;

enum class Custom { none, nearest, linear };

HWY_INLINE F all(float value) {
  return hn::Set(Floats(), value);
}

struct Corner {
  F u, v, depth;
  I custom;
};

HWY_INLINE F choose(M mask, F yes, F no) {
  return hn::IfThenElse(mask, yes, no);
}
HWY_INLINE I choose(M mask, I yes, I no) {
  return hn::IfThenElse(hn::RebindMask(Integers(), mask), yes, no);
}

HWY_INLINE F mid(F a, F b) {
  return hn::Mul(hn::Add(a, b), all(0.5F));
}

/// The custom value halfway between two corners: a label is that of a corner which the definition names.
template <Custom kCustom>
HWY_INLINE I mid(I a, I b, I label) {
  return kCustom == Custom::linear ? hn::ShiftRight<1>(hn::Add(a, b)) : label;
}

template <Custom kCustom>
HWY_INLINE void load(const MeshRow& row, std::size_t i, Corner& corner) {
  const Floats f;
  corner.u = hn::LoadU(f, row.points.u + i);
  corner.v = hn::LoadU(f, row.points.v + i);
  corner.depth = hn::LoadU(f, row.points.depth + i);
  if constexpr (kCustom != Custom::none) corner.custom = hn::LoadU(Integers(), row.custom + i);
}

/// The integer pixels that a quad can cover: columns x to x + width, rows alike.
struct Box {
  F x, y, width, height;
};

/// Integer pixels from `low` up to but without `high`, within an image of `size`.
HWY_INLINE void span(F low, F high, int size, F& from, F& length) {
  const F end = all(static_cast<float>(size));
  const F zero = hn::Zero(Floats());
  // NaN becomes the second argument.
  from = hn::Min(hn::Max(hn::Ceil(low), zero), end);
  length = hn::Sub(hn::Min(hn::Max(hn::Ceil(high), zero), end), from);
}

struct Quads {
  Corner tl, tr, br, bl;
  M drawn;  ///< has three corners at least, and no step in depth

  F least(F Corner::*value) const {
    return hn::Min(hn::Min(tl.*value, tr.*value), hn::Min(br.*value, bl.*value));
  }
  F most(F Corner::*value) const {
    return hn::Max(hn::Max(tl.*value, tr.*value), hn::Max(br.*value, bl.*value));
  }
};

/// Which corners have no depth.
struct Missing {
  M tl, tr, br, bl;
};

// Another corner, or what lies between two others, takes the place of the one that is missing.

HWY_INLINE void fill(const Missing& no, F Corner::*value, Quads& q) {
  const F tl = q.tl.*value;
  const F tr = q.tr.*value;
  const F br = q.br.*value;
  const F bl = q.bl.*value;
  q.tl.*value = choose(no.tl, mid(tr, bl), tl);
  q.tr.*value = choose(no.tr, br, tr);
  q.br.*value = choose(no.tr, mid(br, bl), choose(no.br, mid(tr, bl), choose(no.bl, mid(tr, br), br)));
  q.bl.*value = choose(no.bl, br, bl);
}

template <Custom kCustom>
HWY_INLINE void fill_custom(const Missing& no, Quads& q) {
  const I tl = q.tl.custom;
  const I tr = q.tr.custom;
  const I br = q.br.custom;
  const I bl = q.bl.custom;
  q.tl.custom = choose(no.tl, mid<kCustom>(tr, bl, br), tl);
  q.tr.custom = choose(no.tr, br, tr);
  q.br.custom = choose(no.tr, mid<kCustom>(br, bl, bl),
                       choose(no.br, mid<kCustom>(tr, bl, tl), choose(no.bl, mid<kCustom>(tr, br, tr), br)));
  q.bl.custom = choose(no.bl, br, bl);
}

template <Custom kCustom>
HWY_INLINE void fill_corners(Quads& q) {
  const F zero = hn::Zero(Floats());
  const Missing no{hn::Eq(q.tl.depth, zero), hn::Eq(q.tr.depth, zero), hn::Eq(q.br.depth, zero),
                   hn::Eq(q.bl.depth, zero)};
  const M above = hn::Or(no.tl, no.tr);
  const M below = hn::Or(no.br, no.bl);
  q.drawn = hn::Not(hn::Or(hn::Or(hn::And(no.tl, no.tr), hn::And(no.br, no.bl)), hn::And(above, below)));
  if (hn::AllFalse(Floats(), hn::Or(above, below))) return;
  fill(no, &Corner::u, q);
  fill(no, &Corner::v, q);
  fill(no, &Corner::depth, q);
  if constexpr (kCustom != Custom::none) fill_custom<kCustom>(no, q);
}

/// In place, because g++ copies structs of vectors through memory.
template <Custom kCustom>
HWY_INLINE void load(const MeshRow& above, const MeshRow& below, std::size_t i, Quads& q) {
  load<kCustom>(above, i, q.tl);
  load<kCustom>(above, i + 1, q.tr);
  load<kCustom>(below, i + 1, q.br);
  load<kCustom>(below, i, q.bl);
  fill_corners<kCustom>(q);
  const F least = q.least(&Corner::depth);
  const F step = hn::Sub(q.most(&Corner::depth), least);
  q.drawn = hn::And(q.drawn, hn::Le(step, hn::Mul(all(kLargestStep), least)));
}

/// The parts that three corners have in a pixel, as twice the areas opposite to them. The diagonal from the
/// top left to the bottom right parts a quad into two triangles.
struct Weights {
  F tl, middle, br;
  M left;  ///< the middle corner is the bottom left one, else the top right one
  M inside;
};

HWY_INLINE Weights weigh(const Quads& q, F x, F y) {
  const F zero = hn::Zero(Floats());
  const auto area = [&](F u, F v, F du, F dv) {
    return hn::Sub(hn::Mul(hn::Sub(y, v), du), hn::Mul(hn::Sub(x, u), dv));
  };
  const F across = area(q.tl.u, q.tl.v, hn::Sub(q.br.u, q.tl.u), hn::Sub(q.br.v, q.tl.v));
  const M left = hn::Ge(across, zero);
  const F u = choose(left, q.bl.u, q.tr.u);
  const F v = choose(left, q.bl.v, q.tr.v);
  const F top = area(u, v, hn::Sub(q.tl.u, u), hn::Sub(q.tl.v, v));
  const F bottom = area(q.br.u, q.br.v, hn::Sub(u, q.br.u), hn::Sub(v, q.br.v));
  const F br = choose(left, top, hn::Neg(top));
  const F tl = choose(left, bottom, hn::Neg(bottom));
  return {tl, choose(left, across, hn::Neg(across)), br, left, hn::And(hn::Ge(br, zero), hn::Gt(tl, zero))};
}

/// Inside a quad the sum is never 0, because tl is not.
HWY_INLINE F blend(const Weights& w, F sum, F br, F middle, F tl) {
  const F total = hn::Add(hn::Add(hn::Mul(w.br, br), hn::Mul(w.middle, middle)), hn::Mul(w.tl, tl));
  return hn::Add(hn::Div(total, sum), all(0.5F));
}

HWY_INLINE I label(const Weights& w, I br, I middle, I tl) {
  const I with_br = choose(hn::Gt(w.br, w.tl), br, tl);
  const I with_middle = choose(hn::Gt(w.middle, w.tl), middle, tl);
  return choose(hn::Gt(w.br, w.middle), with_br, with_middle);
}

template <Custom kCustom>
HWY_INLINE I custom_value(const Quads& q, const Weights& w, F sum) {
  const Floats f;
  const I middle = choose(w.left, q.bl.custom, q.tr.custom);
  if constexpr (kCustom == Custom::nearest) return label(w, q.br.custom, middle, q.tl.custom);
  const F value =
      blend(w, sum, hn::ConvertTo(f, q.br.custom), hn::ConvertTo(f, middle), hn::ConvertTo(f, q.tl.custom));
  return hn::ConvertTo(Integers(), hn::Min(value, all(kDeepest)));
}

// Moves the lanes of a mask to the front. Where the processor cannot do it in one step, not by Highway's
// Compress: g++ copies its table to the stack each time.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

class Compressor {
 public:
  HWY_INLINE explicit Compressor(M mask) : mask_(hn::RebindMask(Integers(), mask)) {}
  HWY_INLINE I operator()(I values) const { return hn::Compress(values, mask_); }
  HWY_INLINE std::size_t count() const { return hn::CountTrue(Integers(), mask_); }

 private:
  hn::Mask<Integers> mask_;
};

#else

class Compressor {
 public:
  HWY_INLINE explicit Compressor(M mask) {
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(Floats(), mask, bits);
    bits_ = bits[0];
  }
  HWY_INLINE I operator()(I values) const {
    const hn::Rebind<std::uint8_t, Integers> bytes;
    const I lanes = hn::PromoteTo(Integers(), hn::LoadU(bytes, kLanesOfMask[bits_].data()));
    return hn::TableLookupLanes(values, hn::IndicesFromVec(Integers(), lanes));
  }
  HWY_INLINE std::size_t count() const { return static_cast<std::size_t>(std::popcount(bits_)); }

 private:
  static_assert(hn::MaxLanes(Integers()) <= kLanesOfMask[0].size());
  unsigned bits_;
};

#endif

/// Adds the pixels at (x, y), whose index is `pixel`, of those quads that cover theirs.
template <Custom kCustom>
HWY_INLINE void add_pixels(const Quads& q, M within, F x, F y, I pixel, Fragments& fragments) {
  const Floats f;
  const Integers integers;
  const Weights w = weigh(q, x, y);
  const M inside = hn::And(within, w.inside);
  if (hn::AllFalse(f, inside)) return;
  const F sum = hn::Add(hn::Add(w.br, w.middle), w.tl);
  const F depth = blend(w, sum, q.br.depth, choose(w.left, q.bl.depth, q.tr.depth), q.tl.depth);
  const I rounded = hn::ConvertTo(integers, hn::Min(depth, all(kDeepest)));
  const Compressor compress(inside);
  const std::size_t at = fragments.count;
  hn::StoreU(compress(pixel), integers, fragments.pixel.data() + at);
  hn::StoreU(compress(rounded), integers, fragments.depth.data() + at);
  if constexpr (kCustom != Custom::none)
    hn::StoreU(compress(custom_value<kCustom>(q, w, sum)), integers, fragments.custom.data() + at);
  fragments.count += compress.count();
}

HWY_INLINE int largest(F lengths) {
  return static_cast<int>(hn::GetLane(hn::MaxOfLanes(Floats(), lengths)));
}

template <Custom kCustom>
HWY_INLINE void rasterise(const Quads& q, const MeshTarget& target, Fragments& fragments) {
  const Integers integers;
  Box box;
  span(q.least(&Corner::u), q.most(&Corner::u), target.size.width, box.x, box.width);
  span(q.least(&Corner::v), q.most(&Corner::v), target.size.height, box.y, box.height);
  box.width = hn::IfThenElseZero(q.drawn, box.width);
  box.height = hn::IfThenElseZero(q.drawn, box.height);
  const I first = hn::Add(hn::Mul(hn::ConvertTo(integers, box.y), hn::Set(integers, target.size.width)),
                          hn::ConvertTo(integers, box.x));
  const int columns = largest(box.width);
  const int rows = columns > 0 ? largest(box.height) : 0;
  for (int row = 0; row < rows; ++row) {
    const M has_row = hn::Lt(all(static_cast<float>(row)), box.height);
    const F y = hn::Add(box.y, all(static_cast<float>(row)));
    for (int column = 0; column < columns; ++column) {
      const F dx = all(static_cast<float>(column));
      const I pixel = hn::Add(first, hn::Set(integers, row * target.size.width + column));
      if (fragments.full()) draw(fragments, target);
      add_pixels<kCustom>(q, hn::And(has_row, hn::Lt(dx, box.width)), hn::Add(box.x, dx), y, pixel,
                          fragments);
    }
  }
}

template <Custom kCustom>
HWY_INLINE void draw_row(const MeshRow& above, const MeshRow& below, std::size_t count,
                         const MeshTarget& target) {
  Fragments fragments;
  Quads q;
  // Behind the last point the rows have padding without depth, so quads there lack two corners.
  for (std::size_t i = 0; i + 1 < count; i += hn::Lanes(Floats())) {
    load<kCustom>(above, below, i, q);
    if (!hn::AllFalse(Floats(), q.drawn)) rasterise<kCustom>(q, target, fragments);
  }
  draw(fragments, target);
}

}  // namespace

void DrawQuads(const MeshRow& above, const MeshRow& below, std::size_t count, const MeshTarget& target) {
  if (!target.has_custom())
    draw_row<Custom::none>(above, below, count, target);
  else if (target.interpolation == Interpolation::linear)
    draw_row<Custom::linear>(above, below, count, target);
  else
    draw_row<Custom::nearest>(above, below, count, target);
}

}  // namespace genlock::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace genlock::geometry {

void draw_quads(const MeshRow& above, const MeshRow& below, std::size_t count, const MeshTarget& target) {
  GENLOCK_CHOSEN_VERSION(DrawQuads)(above, below, count, target);
}

}  // namespace genlock::geometry
#endif
