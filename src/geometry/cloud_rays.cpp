#include "geometry/cloud_rays.h"

#include <algorithm>
#include <bit>

#include "geometry/vectors.h"

namespace genlock::geometry {
namespace {

/// Modulo 2^32, as it is added again.
std::int32_t difference(float ray, float above, float two_above) {
  const float expected = 2 * above - two_above;
  return static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(ray) -
                                   std::bit_cast<std::uint32_t>(expected));
}

/// Of the ray at `ray` and those that follow it. False if one has more than 16 bits.
bool pack(const float* ray, std::size_t width, std::int16_t (&packed)[kRayBlock]) {
  bool fits = true;
  for (std::size_t i = 0; i < kRayBlock; ++i) {
    const std::int32_t whole = difference(ray[i], *(ray + i - width), *(ray + i - 2 * width));
    packed[i] = static_cast<std::int16_t>(whole);
    fits = fits && packed[i] == whole;
  }
  return fits;
}

}  // namespace

PackedRays pack_rays(const RayTable& table, Size size) {
  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  if (width % kRayBlock != 0) return {};
  PackedRays packed{std::vector<PackedRayBlock>(width / kRayBlock * height), std::vector<bool>(height)};
  for (std::size_t y = 2; y < height; ++y) {
    bool fits = true;
    for (std::size_t at = y * width; at < (y + 1) * width; at += kRayBlock) {
      PackedRayBlock& block = packed.blocks[at / kRayBlock];
      const bool x_fits = pack(table.x.data() + at, width, block.x);
      fits = pack(table.y.data() + at, width, block.y) && x_fits && fits;
    }
    packed.fits[y] = fits;
  }
  const auto fitting = static_cast<std::size_t>(std::ranges::count(packed.fits, true));
  return 2 * fitting < height ? PackedRays{} : packed;
}

CloudRays::CloudRays(const CameraCalibration& camera)
    : table_(make_ray_table(camera)),
      width_(static_cast<std::size_t>(camera.size.width)),
      packed_(pack_rays(table_, camera.size)) {
  if (packed_.empty()) return;
  for (auto& rays : latest_) rays.resize(width_ / kRayBlock);
}

void CloudRays::copy_row(std::size_t y, RayBlock* rays) const {
  const auto [row_x, row_y] = row(y);
  for (std::size_t i = 0; i < width_; i += kRayBlock, ++rays) {
    std::copy_n(row_x + i, kRayBlock, rays->x);
    std::copy_n(row_y + i, kRayBlock, rays->y);
  }
}

void CloudRays::point_cloud(std::span<const std::uint16_t> depth, std::span<std::int16_t> xyz) {
  // Narrower vectors compute longer than they wait: unpacking would cost them more than it saves.
  if (packed_.empty() || vectors_in_use() < Vectors::avx512)
    return geometry::point_cloud(row(0), depth.data(), depth.size(), xyz.data());
  for (std::size_t y = 0; y < packed_.fits.size(); ++y) {
    const std::uint16_t* const row_depth = depth.data() + y * width_;
    std::int16_t* const row_xyz = xyz.data() + 3 * y * width_;
    RayBlock* const rays = latest_[y % 2].data();
    if (packed_.fits[y]) {
      const PackedRayBlock* const packed = packed_.blocks.data() + y * width_ / kRayBlock;
      geometry::point_cloud({packed, latest_[(y + 1) % 2].data(), rays}, row_depth, width_, row_xyz);
    } else {
      geometry::point_cloud(row(y), row_depth, width_, row_xyz);
      copy_row(y, rays);
    }
  }
}

}  // namespace genlock::geometry
