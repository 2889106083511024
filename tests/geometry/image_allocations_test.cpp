#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "blobs.h"
#include "geometry/transformation.h"
#include "image_patterns.h"

// Left out where a sanitizer has an operator new of its own.

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace genlock::geometry {
namespace {

using namespace testing;  // NOLINT: the patterns

TEST(ImageAllocations, AreNotMadeByCalls) {
  const Calibration calibration = small(anchor_unit(), DepthMode::nfov_unbinned, ColorResolution::r1080p);
  const Size from = calibration.depth.size, to = calibration.color.size;
  Transformation transformation = Transformation::create(calibration).value();
  const auto depth = anchor_depth(from);
  const auto color = anchor_color(to);
  const std::vector<std::uint8_t> custom = anchor_custom8(from);
  const std::vector<std::uint16_t> blank(static_cast<std::size_t>(to.width) *
                                         static_cast<std::size_t>(to.height));
  std::vector<std::uint16_t> out = blank;
  std::vector<std::uint8_t> out_custom(out.size());
  std::vector<std::uint32_t> colors(depth.size());
  std::vector<std::int16_t> xyz(3 * depth.size());
  std::vector<std::int16_t> color_xyz(3 * out.size());
  ASSERT_TRUE(transformation.point_cloud(Sensor::color, blank, color_xyz));
  const std::size_t before = allocations.load();
  bool ok = true;
  for (int i = 0; i < 3; ++i) {
    ok = ok && transformation.depth_to_color(depth, out);
    ok = ok && transformation.depth_to_color<std::uint8_t>(depth, out,
                                                           {custom, out_custom, Interpolation::linear, 0});
    ok = ok && transformation.color_to_depth(depth, color, colors);
    ok = ok && transformation.point_cloud(Sensor::depth, depth, xyz);
    ok = ok && transformation.point_cloud(Sensor::color, out, color_xyz);
  }
  EXPECT_EQ(allocations.load(), before);
  EXPECT_TRUE(ok);
  EXPECT_GT(before, 0U) << "nothing is counted";
}

}  // namespace
}  // namespace genlock::geometry
