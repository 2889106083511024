// Speed of the image transformations against their plain definition, as the table of docs/performance.md.
// Both take turns on one thread, whose processor time is measured, so that others on the machine disturb
// little.

#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "geometry/blobs.h"
#include "geometry/image_patterns.h"
#include "geometry/reference_warps.h"
#include "geometry/transformation.h"
#include "geometry/vectors.h"

namespace genlock::bench {
namespace {

using namespace geometry;  // NOLINT: nearly every name
using geometry::testing::as_bytes;

constexpr int kRounds = 41;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_of(const std::function<void()>& work) {
  const double start = thread_seconds();
  work();
  return thread_seconds() - start;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// Prints a row: medians of the turns and how many times as fast ours is.
void compare(const std::string& subject, const std::string& wanted, const std::function<void()>& plain,
             const std::function<void()>& ours) {
  std::vector<double> plain_times;
  std::vector<double> our_times;
  plain(), ours();
  for (int round = 0; round < kRounds; ++round) {
    plain_times.push_back(seconds_of(plain));
    our_times.push_back(seconds_of(ours));
  }
  const double p = median(plain_times);
  const double o = median(our_times);
  fmt::print("| {} | {:.2f} ms | {:.3f} ms | {:.1f} | {} |\n", subject, p * 1e3, o * 1e3, p / o, wanted);
}

/// Images of a unit in its most used modes, in and out.
struct Setup {
  Calibration calibration =
      calibration_for(
          parse_calibration(as_bytes(geometry::testing::real_blob("k4a.net.raw_calibration.bin"))).value(),
          DepthMode::nfov_unbinned, ColorResolution::r1080p)
          .value();
  reference::Warps plain{calibration};
  Transformation ours = Transformation::create(calibration).value();
  std::vector<std::uint16_t> depth = geometry::testing::anchor_depth(calibration.depth.size);
  std::vector<std::uint32_t> color = geometry::testing::anchor_color(calibration.color.size);
  std::vector<std::uint16_t> custom = geometry::testing::anchor_custom16(calibration.depth.size);
  std::vector<std::uint16_t> plain_depth, plain_custom;
  std::vector<std::uint16_t> our_depth = std::vector<std::uint16_t>(color.size());
  std::vector<std::uint16_t> our_custom = our_depth;
  std::vector<std::uint32_t> plain_color, our_color = std::vector<std::uint32_t>(depth.size());
};

void compare_warps(Setup& s) {
  compare(
      "depth to colour", ">= 4", [&] { s.plain.depth_to_color(s.depth, s.plain_depth); },
      [&] { (void)s.ours.depth_to_color(s.depth, s.our_depth); });
  for (const auto interpolation : {Interpolation::nearest, Interpolation::linear})
    compare(
        interpolation == Interpolation::linear ? "the same with a 16-bit channel, linear"
                                               : "the same with a 16-bit channel, nearest",
        "",
        [&] {
          s.plain.depth_to_color<std::uint16_t>(s.depth, s.custom, interpolation, 0, s.plain_depth,
                                                s.plain_custom);
        },
        [&] {
          (void)s.ours.depth_to_color<std::uint16_t>(s.depth, s.our_depth,
                                                     {s.custom, s.our_custom, interpolation, 0});
        });
  compare(
      "colour to depth", "", [&] { s.plain.color_to_depth(s.depth, s.color, s.plain_color); },
      [&] { (void)s.ours.color_to_depth(s.depth, s.color, s.our_color); });
}

void compare_clouds(Setup& s) {
  for (const Sensor camera : {Sensor::depth, Sensor::color}) {
    const bool color = camera == Sensor::color;
    const auto& depth = color ? s.our_depth : s.depth;
    const RayTable rays = make_ray_table(s.calibration.camera(camera));
    std::vector<std::int16_t> plain(3 * depth.size());
    std::vector<std::int16_t> ours(3 * depth.size());
    compare(
        color ? "point cloud of 1080P colour" : "point cloud of NFOV unbinned", color ? "" : ">= 5",
        [&] { reference::Warps::point_cloud(rays, depth, plain); },
        [&] { (void)s.ours.point_cloud(camera, depth, ours); });
  }
}

int run() {
  Setup setup;
  fmt::print(
      "| NFOV unbinned, 1080P; one thread, {} | plain | ours | times | wanted |\n|---|---|---|---|---|\n",
      to_string(vectors_in_use()));
  compare_warps(setup);
  compare_clouds(setup);
  return 0;
}

}  // namespace
}  // namespace genlock::bench

int main() {
  return genlock::bench::run();
}
