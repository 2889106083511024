// Draws the pictures of docs/bench.md from what units of the default bench deliver:
//   bench_pictures DIR     writes DIR/interference.png and DIR/three-units.png

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

#include "png.h"
#include "support/temporary_bench.h"

namespace genlock {
namespace {

constexpr CameraConfig kCameras{.color_format = PixelFormat::bgra32,
                                .color_resolution = ColorResolution::r720p,
                                .depth_mode = DepthMode::nfov_unbinned,
                                .rate = FrameRate::fps30,
                                .synchronized_images_only = true};
constexpr int kGap = 8;
const std::string kUnits[] = {"master", "sub1", "sub2"};

struct Refused {
  std::string why;
};

template <class T>
T must(Result<T> result) {
  if (!result) throw Refused{result.error().message()};
  return *std::move(result);
}

/// The twelfth capture of the named units of the default bench, each armed `delay` after the one before.
std::map<std::string, Capture> captures(std::vector<std::string> names, DeviceDuration delay) {
  device::sim::BenchConfig config = must(device::sim::preset("default"));
  config.stepped = true;
  test::TemporaryBench bench(config);
  std::map<std::string, std::unique_ptr<device::Device>> units;
  for (std::size_t i = names.size(); i-- > 0;) {
    CameraConfig cameras = kCameras;
    cameras.sync_mode = i == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate;
    cameras.delay_off_master = delay * static_cast<std::int64_t>(i);
    units[names[i]] = bench.open(names[i]);
    if (const Status started = units[names[i]]->start_cameras(cameras); !started)
      throw Refused{started.error().message()};
  }
  std::map<std::string, Capture> last;
  std::map<std::string, int> count;
  for (int step = 0; step < 2000; ++step) {
    bench.step(std::chrono::milliseconds(10));
    for (const std::string& name : names)
      while (const auto capture = must(units[name]->next_capture(HostDuration::zero())))
        if (++count[name] == 12) last[name] = *capture;
    if (last.size() == names.size()) return last;
  }
  throw Refused{"the units gave too few captures"};
}

/// Red is near, blue is far; black has no value.
Color color_of(double mm) {
  constexpr double kNear = 700, kFar = 3400;
  if (mm == 0) return {0, 0, 0};
  const double place = std::clamp((mm - kNear) / (kFar - kNear), 0.0, 1.0) * 4;
  const auto ramp = [](double value) {
    return static_cast<std::uint8_t>(40 + 200 * std::clamp(value, 0.0, 1.0));
  };
  return {ramp(2 - place + std::max(0.0, place - 3.6)), ramp(std::min(place, 4 - place)), ramp(place - 2)};
}

/// The mean colour of a part of a BGRA image, less finely graded than it was: the file shall be small.
Color color_of(const Image& image, double x, double y, double step) {
  double sum[3] = {};
  int count = 0;
  for (int row = static_cast<int>(y); row < static_cast<int>(y + step); ++row)
    for (int column = static_cast<int>(x); column < static_cast<int>(x + step); ++column, ++count)
      for (std::size_t c = 0; c < 3; ++c)
        sum[c] += std::to_integer<int>(
            image.data.data()[static_cast<std::size_t>(row * image.stride + 4 * column) + 2 - c]);
  Color color{};
  for (std::size_t c = 0; c < 3; ++c)
    color[c] = static_cast<std::uint8_t>(static_cast<int>(std::lround(sum[c] / count / 8)) * 255 / 32);
  return color;
}

double depth_at(const Image& image, int x, int y) {
  const std::byte* at = image.data.data() + static_cast<std::ptrdiff_t>(y) * image.stride + 2 * x;
  return std::to_integer<int>(at[0]) + 256 * std::to_integer<int>(at[1]);
}

void draw_depth(Canvas& canvas, int left, int top, int width, const Image& image) {
  const double step = static_cast<double>(image.size.width) / width;
  for (int y = 0; y < static_cast<int>(image.size.height / step); ++y)
    for (int x = 0; x < width; ++x)
      canvas.at(left + x, top + y) =
          color_of(depth_at(image, static_cast<int>(x * step), static_cast<int>(y * step)));
}

void draw_color(Canvas& canvas, int left, int top, int width, const Image& image) {
  const double step = static_cast<double>(image.size.width) / width;
  for (int y = 0; y < static_cast<int>(image.size.height / step); ++y)
    for (int x = 0; x < width; ++x) canvas.at(left + x, top + y) = color_of(image, x * step, y * step, step);
}

/// The master's depth while sub1 runs too, with both lasers at once and 160 us apart.
Canvas interference() {
  constexpr int kWidth = 448;
  Canvas canvas(2 * kWidth + kGap, kWidth * 576 / 640);
  int left = 0;
  for (const int delay_us : {0, 160}) {
    const auto capture = captures({"master", "sub1"}, device_us(delay_us)).at("master");
    draw_depth(canvas, left, 0, kWidth, *capture.depth);
    left += kWidth + kGap;
  }
  return canvas;
}

/// Colour above depth, a column for each unit.
Canvas three_units() {
  constexpr int kWidth = 360, kColorHeight = 202, kDepthHeight = 324;
  Canvas canvas(3 * kWidth + 2 * kGap, kColorHeight + kGap + kDepthHeight);
  const auto all = captures({kUnits[0], kUnits[1], kUnits[2]}, device_us(160));
  int left = 0;
  for (const char* name : {"sub1", "master", "sub2"}) {  // as they stand, from left to right
    draw_color(canvas, left, 0, kWidth, *all.at(name).color);
    draw_depth(canvas, left, kColorHeight + kGap, kWidth, *all.at(name).depth);
    left += kWidth + kGap;
  }
  return canvas;
}

}  // namespace
}  // namespace genlock

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: bench_pictures DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  if (genlock::write_png(genlock::interference(), folder / "interference.png") &&
      genlock::write_png(genlock::three_units(), folder / "three-units.png"))
    return 0;
  std::fprintf(stderr, "bench_pictures: cannot write into %s\n", argv[1]);
  return 1;
} catch (const genlock::Refused& refused) {
  std::fprintf(stderr, "bench_pictures: %s\n", refused.why.c_str());
  return 1;
}
