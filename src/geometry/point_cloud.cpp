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
using Integers = hn::RebindToSigned<Floats>;
using I = hn::Vec<Integers>;

#if HWY_TARGET == HWY_SCALAR

/// Stores the low halves of x, y and z in turn.
class Interleave {
 public:
  void operator()(I x, I y, I z, std::int16_t* xyz) const {
    *xyz = static_cast<std::int16_t>(hn::GetLane(x));
    *(xyz + 1) = static_cast<std::int16_t>(hn::GetLane(y));
    *(xyz + 2) = static_cast<std::int16_t>(hn::GetLane(z));
  }
};

#else

/// Of two points that follow one another, six halves make three words: x y, z x, y z. The first and the last
/// come from one vector, `outer`, in its even and odd lanes, the middle one from even lanes of another,
/// `inner`. A third of the lanes more than a vector has are stored, so there is a second one of half the
/// size.
template <int kLanes>
struct WordOrder {
  alignas(64) std::int32_t outer[2 * kLanes] = {};
  alignas(64) std::int32_t inner[2 * kLanes] = {};
  alignas(64) std::int32_t is_inner[2 * kLanes] = {};

  constexpr WordOrder() {
    for (int word = 0; word < kLanes / 2 * 3; ++word) {
      const int pair = word / 3;
      outer[word] = 2 * pair + (word % 3 == 2);
      inner[word] = 2 * pair;
      is_inner[word] = word % 3 == 1 ? -1 : 0;
    }
  }
};

/// Stores the low halves of x, y and z in turn. Moving words costs less than moving halves, above all across
/// a vector's blocks.
class Interleave {
 public:
  HWY_INLINE Interleave() : first_(0), second_(kLanes) {}

  HWY_INLINE void operator()(I x, I y, I z, std::int16_t* xyz) const {
    const Integers words;
    const hn::Repartition<std::int16_t, Integers> halves;
    const hn::Repartition<std::int64_t, Integers> pairs;
    const auto join = [&](I high, I low) {
      return hn::BitCast(words, hn::OddEven(hn::BitCast(halves, high), hn::BitCast(halves, low)));
    };
    const I next_x = hn::BitCast(words, hn::ShiftRight<16>(hn::BitCast(pairs, x)));
    const I outer = hn::OddEven(join(hn::ShiftLeft<16>(z), y), join(hn::ShiftLeft<16>(y), x));
    const I inner = join(next_x, z);
    hn::StoreU(hn::BitCast(halves, first_.pick(outer, inner)), halves, xyz);
    const hn::Half<decltype(halves)> rest;
    hn::StoreU(hn::LowerHalf(rest, hn::BitCast(halves, second_.pick(outer, inner))), rest, xyz + 2 * kLanes);
  }

 private:
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(Integers()));
  static constexpr WordOrder<kLanes> kOrder{};

  struct Words {
    explicit HWY_INLINE Words(int at)
        : outer_lanes(hn::SetTableIndices(Integers(), kOrder.outer + at)),
          inner_lanes(hn::SetTableIndices(Integers(), kOrder.inner + at)),
          is_inner(hn::MaskFromVec(hn::Load(Integers(), kOrder.is_inner + at))) {}

    HWY_INLINE I pick(I outer, I inner) const {
      return hn::IfThenElse(is_inner, hn::TableLookupLanes(inner, inner_lanes),
                            hn::TableLookupLanes(outer, outer_lanes));
    }

    decltype(hn::SetTableIndices(Integers(), kOrder.outer)) outer_lanes, inner_lanes;
    hn::Mask<Integers> is_inner;
  };

  Words first_, second_;
};

#endif

/// Added to a float of at most 22 bits it rounds it, to the even one of two, and leaves the number in the low
/// bits.
constexpr float kRounder = 3 << 22;

/// As many points as a vector has lanes.
HWY_INLINE void points(F ray_x, F ray_y, const std::uint16_t* depth, const Interleave& interleave,
                       std::int16_t* xyz) {
  const Floats f;
  const Integers integers;
  const I z = hn::PromoteTo(integers, hn::LoadU(hn::RebindToUnsigned<Shorts>(), depth));
  const F along = hn::ConvertTo(f, z);
  const auto has_ray = hn::Eq(ray_x, ray_x);
  const auto rounded = [&](F value) {
    const F kept = hn::Clamp(hn::IfThenElseZero(has_ray, value), hn::Set(f, -32768), hn::Set(f, 32767));
    return hn::BitCast(integers, hn::Add(kept, hn::Set(f, kRounder)));
  };
  interleave(rounded(hn::Mul(ray_x, along)), rounded(hn::Mul(ray_y, along)),
             hn::IfThenElseZero(hn::RebindMask(integers, has_ray), z), xyz);
}

/// Unpacks as many rays as a vector has lanes: from those above and, in `ray`, two rows above, where they go.
HWY_INLINE F unpack(const std::int16_t* packed, const float* above, float* ray) {
  const Floats f;
  const Integers integers;
  const F expected = hn::MulSub(hn::Set(f, 2), hn::Load(f, above), hn::Load(f, ray));
  const I difference = hn::PromoteTo(integers, hn::Load(Shorts(), packed));
  const F unpacked = hn::BitCast(f, hn::Add(hn::BitCast(integers, expected), difference));
  hn::Store(unpacked, f, ray);
  return unpacked;
}

/// Pixels ahead, at which tables and images are fetched: they are more than a near cache holds, and the
/// processor's own guesses end with each page.
constexpr std::size_t kAhead = 640;

HWY_INLINE void fetch_ahead(const std::uint16_t* depth, const std::int16_t* xyz) {
  constexpr std::size_t kLine = 64 / sizeof *xyz;
  __builtin_prefetch(depth + kAhead);
  __builtin_prefetch(xyz + 3 * kAhead, 1);
  __builtin_prefetch(xyz + 3 * kAhead + kLine, 1);
}

}  // namespace

void PointCloud(RayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  const Floats f;
  const std::size_t lanes = hn::Lanes(f);
  const Interleave interleave;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    __builtin_prefetch(rays.x + i + kAhead);
    __builtin_prefetch(rays.y + i + kAhead);
    fetch_ahead(depth + i, xyz + 3 * i);
    points(hn::LoadU(f, rays.x + i), hn::LoadU(f, rays.y + i), depth + i, interleave, xyz + 3 * i);
  }
  if (i == count) return;
  std::uint16_t last_depth[16] = {};
  std::int16_t last_xyz[48];
  std::copy_n(depth + i, count - i, last_depth);
  points(hn::LoadU(f, rays.x + i), hn::LoadU(f, rays.y + i), last_depth, interleave, last_xyz);
  std::copy_n(last_xyz, 3 * (count - i), xyz + 3 * i);
}

void PointCloudPacked(PackedRayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  const std::size_t lanes = hn::Lanes(Floats());
  const Interleave interleave;
  for (std::size_t i = 0; i < count; i += lanes) {
    const std::size_t block = i / kRayBlock, lane = i % kRayBlock;
    const PackedRayBlock& packed = rays.packed[block];
    __builtin_prefetch(&packed + kAhead / kRayBlock);
    fetch_ahead(depth + i, xyz + 3 * i);
    const F x = unpack(packed.x + lane, rays.above[block].x + lane, rays.rays[block].x + lane);
    const F y = unpack(packed.y + lane, rays.above[block].y + lane, rays.rays[block].y + lane);
    points(x, y, depth + i, interleave, xyz + 3 * i);
  }
}

}  // namespace genlock::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace genlock::geometry {

void point_cloud(RayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  GENLOCK_CHOSEN_VERSION(PointCloud)(rays, depth, count, xyz);
}

void point_cloud(PackedRayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz) {
  GENLOCK_CHOSEN_VERSION(PointCloudPacked)(rays, depth, count, xyz);
}

}  // namespace genlock::geometry
#endif
