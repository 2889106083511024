#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "geometry/calibration.h"

// What the image transformations are made of. All of it computes in 32-bit floats, as facts k4a-abi.md E5 has
// it, one operation at a time and without fused ones, so that every processor gives the same bits.

namespace genlock::geometry {

/// A lens for projecting into pixels.
struct ForwardLens {
  float cx = 0, cy = 0, fx = 0, fy = 0;
  std::array<float, 6> k{};
  float codx = 0, cody = 0;
  float p1 = 0, p2 = 0;
  float cross = 0;    ///< factor of the x·y terms: 2 for Brown-Conrady, 1 for Rational 6KT
  float radius2 = 0;  ///< square of the metric radius
};

/// From the depth camera's frame to colour pixels.
struct DepthToColor {
  std::array<float, 9> rotation{};     ///< row-major
  std::array<float, 3> translation{};  ///< mm
  ForwardLens lens;
};
DepthToColor depth_to_color_warp(const Calibration& calibration);

/// Where the colour camera sees a row of depth pixels, and how far along its axis. A depth of 0 says that it
/// does not see them. Every column goes on for kRowPadding entries, of which nobody needs the values except
/// `depth`: 0.
struct CorrespondenceRow {
  float* u = nullptr;      ///< pixels
  float* v = nullptr;      ///< pixels
  float* depth = nullptr;  ///< mm
};
inline constexpr std::size_t kRowPadding = 32;

/// Rays of a row, as in RayTable.
struct RayRow {
  const float* x = nullptr;
  const float* y = nullptr;
};

/// `depth` has `count` values; `rays` and `row` go on for their padding. Returns the largest v of the points.
float correspond_row(const DepthToColor& warp, RayRow rays, const std::uint16_t* depth, std::size_t count,
                     CorrespondenceRow row);

/// What a second channel gets between the corners that have values.
enum class Interpolation : std::uint8_t { nearest, linear };

/// Where the mesh is drawn. At most one custom channel.
struct MeshTarget {
  Size size;
  std::uint16_t* depth = nullptr;
  std::uint8_t* custom8 = nullptr;
  std::uint16_t* custom16 = nullptr;
  Interpolation interpolation = Interpolation::nearest;

  bool has_custom() const { return custom8 != nullptr || custom16 != nullptr; }
};

/// A row of the mesh's points with their custom values, padded like the rest.
struct MeshRow {
  CorrespondenceRow points;
  std::int32_t* custom = nullptr;
};

/// Draws the quads between two rows of `count` points: nearer surfaces over farther ones. Of two custom
/// values at the same depth either may stay.
void draw_quads(const MeshRow& above, const MeshRow& below, std::size_t count, const MeshTarget& target);

/// Colours of a row of depth pixels, bilinear; 0 where `row` has no point or the image no pixels around it,
/// and a blue of 1 where the colour itself is 0. `colors` and `out` are BGRA.
void sample_colors(CorrespondenceRow row, std::size_t count, const std::uint32_t* colors, Size size,
                   std::uint32_t* out);

/// `xyz` gets 3 x `count` values, mm: rounded to the nearest, to the even one of two, and saturated; the bits
/// of `depth` as z; 0, 0, 0 where there is no ray.
void point_cloud(RayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz);

/// Rays of pixels that follow one another in a row.
inline constexpr std::size_t kRayBlock = 16;
struct alignas(64) RayBlock {
  float x[kRayBlock];
  float y[kRayBlock];
};

/// The same, packed: the bits of a ray, taken as a whole number, are those of 2 a - b and a difference more,
/// where a and b are the rays one and two rows above it.
struct alignas(64) PackedRayBlock {
  std::int16_t x[kRayBlock];
  std::int16_t y[kRayBlock];
};

struct PackedRayRow {
  const PackedRayBlock* packed = nullptr;
  const RayBlock* above = nullptr;
  RayBlock* rays = nullptr;  ///< those two rows above, which become those of this row
};

/// The same along packed rays. `count` is a number of whole blocks.
void point_cloud(PackedRayRow rays, const std::uint16_t* depth, std::size_t count, std::int16_t* xyz);

}  // namespace genlock::geometry
