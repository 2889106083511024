// Pictures: sizes, masks, noise and the anatomy of JPEGs. Facts device.md 1.1, 1.2, 1.6; SYNC_NUMBERS 27, 28.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "support/temporary_bench.h"

namespace genlock::facts {
namespace {

using std::chrono::milliseconds;

constexpr DepthMode kDepthModes[] = {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned,
                                     DepthMode::wfov_2x2binned, DepthMode::wfov_unbinned};
constexpr ColorResolution kResolutions[] = {ColorResolution::r720p,  ColorResolution::r1080p,
                                            ColorResolution::r1440p, ColorResolution::r1536p,
                                            ColorResolution::r2160p, ColorResolution::r3072p};

/// Captures in a row of the default bench's master, whose pictures show the scene with its noise.
std::vector<Capture> captures(const CameraConfig& cameras, std::size_t count) {
  device::sim::BenchConfig config = *device::sim::preset("default");
  config.stepped = true;
  config.loop_frames = static_cast<int>(count);
  test::TemporaryBench bench(config);
  const auto unit = bench.open("master");
  const Status started = unit->start_cameras(cameras);
  EXPECT_TRUE(started) << started.error().message();
  std::vector<Capture> taken;
  for (int step = 0; started && step < 500 && taken.size() < count; ++step) {
    bench.step(milliseconds(10));
    if (const auto capture = *unit->next_capture(HostDuration::zero())) taken.push_back(*capture);
  }
  EXPECT_EQ(taken.size(), count);
  taken.resize(count);
  return taken;
}

CameraConfig depth_in(DepthMode mode) {
  return {.depth_mode = mode, .rate = mode == DepthMode::wfov_unbinned ? FrameRate::fps15 : FrameRate::fps30};
}

/// One of that mode, taken once.
const Capture& depth_capture(DepthMode mode) {
  static std::map<DepthMode, Capture> taken;
  const auto found = taken.find(mode);
  if (found != taken.end()) return found->second;
  return taken.emplace(mode, captures(depth_in(mode), 1)[0]).first->second;
}

CameraConfig color_in(ColorResolution resolution, PixelFormat format) {
  return {.color_format = format,
          .color_resolution = resolution,
          .rate = resolution == ColorResolution::r3072p ? FrameRate::fps15 : FrameRate::fps30};
}

struct Picture {
  explicit Picture(const std::optional<Image>& image) {
    if (!image) return;
    size = image->size;
    const ByteSpan bytes = image->data.bytes();
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
      pixels.push_back(std::to_integer<int>(bytes[i]) + 256 * std::to_integer<int>(bytes[i + 1]));
  }
  int at(int x, int y) const { return pixels[static_cast<std::size_t>(y * size.width + x)]; }
  double part_not_zero() const {
    return 1 - static_cast<double>(std::ranges::count(pixels, 0)) / static_cast<double>(pixels.size());
  }

  Size size;
  std::vector<int> pixels;
};

std::string named(Size size) {
  return fmt::format("{}x{}", size.width, size.height);
}

Fact depth_sizes() {
  std::vector<std::string> seen;
  const std::array<std::size_t, 4> real{184'320, 737'280, 524'288, 2'097'152};
  for (std::size_t i = 0; i < real.size(); ++i) {
    const Capture& capture = depth_capture(kDepthModes[i]);
    EXPECT_EQ(capture.depth->data.size(), real[i]);
    EXPECT_EQ(capture.ir->data.size(), real[i]);
    EXPECT_EQ(capture.depth->device_time, capture.ir->device_time);
    seen.push_back(fmt::format("{} {}", named(capture.depth->size), capture.depth->data.size()));
  }
  return {"Pixels and bytes of depth, and the same of IR: narrow binned, unbinned, wide binned, unbinned",
          "device.md 1.1 [D, C]", "320x288 184320, 640x576 737280, 512x512 524288, 1024x1024 2097152",
          fmt::format("{}", fmt::join(seen, ", "))};
}

Fact passive_ir() {
  const Capture& capture = depth_capture(DepthMode::passive_ir);
  EXPECT_FALSE(capture.depth);
  EXPECT_EQ(capture.ir->data.size(), 2'097'152U);
  return {"Passive IR", "device.md 1.1 [D, S]", "1024x1024, no depth",
          fmt::format("{}, {} depth", named(capture.ir->size), capture.depth ? "with" : "no")};
}

Fact ranges() {
  constexpr std::array<std::pair<int, int>, 4> kReal{{{500, 5460}, {500, 3860}, {250, 2880}, {250, 2210}}};
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < kReal.size(); ++i) {
    const auto pixels = Picture(depth_capture(kDepthModes[i]).depth).pixels;
    int least = 65'535, most = 0, outside = 0;
    for (const int value : pixels) {
      if (value == 0) continue;
      least = std::min(least, value), most = std::max(most, value);
      outside +=
          value < kReal[i].first - 90 || value > kReal[i].second + 90;  // noise and detours at the ends
    }
    EXPECT_EQ(outside, 0) << least << " to " << most;
    seen.push_back(outside == 0 ? "within" : "beyond");
  }
  return {"Distances lie within the range of their mode, give or take their error", "device.md 1.1 [D]",
          "0.50 to 5.46, 0.50 to 3.86, 0.25 to 2.88, 0.25 to 2.21 m",
          fmt::format("{}", fmt::join(seen, ", "))};
}

Fact mask_rows() {
  constexpr std::array<std::array<int, 3>, 7> kReal{{{0, 152, 513},
                                                     {96, 98, 566},
                                                     {192, 45, 620},
                                                     {300, 0, 639},
                                                     {384, 31, 634},
                                                     {480, 88, 576},
                                                     {575, 145, 519}}};
  const Picture ir(depth_capture(DepthMode::nfov_unbinned).ir);
  int worst = 0;
  for (const auto& [y, first, last] : kReal) {
    int left = 0, right = 639;
    while (left < 639 && ir.at(left, y) == 0) ++left;
    while (right > 0 && ir.at(right, y) == 0) --right;
    worst = std::max({worst, std::abs(left - first), std::abs(right - last)});
  }
  EXPECT_LE(worst, 4);
  return {"First and last column with IR, narrow unbinned, rows 0 to 575", "device.md 1.1 [M here]",
          "152 to 513 in row 0, 0 to 639 in the middle, 145 to 519 in row 575",
          fmt::format("the same, at most {} columns off", worst)};
}

Fact mask_area() {
  const Capture& capture = depth_capture(DepthMode::nfov_unbinned);
  const double mask = Picture(capture.ir).part_not_zero(),
               valid = Picture(capture.depth).part_not_zero() / mask;
  EXPECT_NEAR(mask, 0.824, 0.005);
  EXPECT_GT(valid, 0.928);  // the room has no surface that is too dark or too far
  return {"Part of the narrow image inside the mask; part of that with depth", "device.md 1.1 [M here]",
          "82.4 %; 92.8 % in one indoor scene", fmt::format("{:.0f} %; {:.0f} %", 100 * mask, 100 * valid)};
}

/// Standard deviation and mean distance of depth from the plane through a part of the far wall, mm.
std::pair<double, double> plane_error(const Picture& depth) {
  double sum = 0, squares = 0;
  int count = 0;
  for (int y = depth.size.height * 9 / 32; y < depth.size.height * 13 / 32; ++y)
    for (int x = depth.size.width * 3 / 8; x < depth.size.width * 5 / 8; ++x)
      if (const int value = depth.at(x, y); value != 0)
        sum += value, squares += double(value) * value, ++count;
  if (count == 0) return {0, 0};
  const double mean = sum / count;
  return {std::sqrt(squares / count - mean * mean), mean};
}

Fact depth_error() {
  std::vector<double> sigmas;
  double worst = 0;
  for (const DepthMode mode : {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned}) {
    const auto [sigma, mean] = plane_error(Picture(depth_capture(mode).depth));
    sigmas.push_back(sigma);
    worst = std::max(worst, std::abs(mean - 3200));  // the far wall, seen at a right angle
    EXPECT_LE(sigma, 17);
    EXPECT_GT(sigma, 3);
  }
  EXPECT_LT(worst, 11 + 3.2);
  return {"Depth of a wall at 3.2 m, narrow binned and unbinned: standard deviation; error of the mean",
          "device.md 1.1 [D], 1.6 [M Tölgyessy 2021], SYNC_NUMBERS 27", "at most 17 mm; below 11 mm + 0.1 %",
          fmt::format("{:.0f} and {:.0f} mm; {:.0f} mm", sigmas[0], sigmas[1], worst)};
}

/// Of two frames in a row, narrow binned.
std::pair<Picture, Picture> pair_of_frames() {
  const auto both = captures(depth_in(DepthMode::nfov_2x2binned), 2);
  return {Picture(both[0].depth), Picture(both[1].depth)};
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

Fact passing_noise() {
  const auto [one, two] = pair_of_frames();
  std::vector<double> steps;
  for (std::size_t i = 0; i < one.pixels.size(); ++i)
    if (one.pixels[i] >= 1700 && one.pixels[i] <= 2700 && two.pixels[i] != 0)
      steps.push_back(two.pixels[i] - one.pixels[i]);
  const double middle = median(steps);
  for (double& step : steps) step = std::abs(step - middle);
  const double sigma = 1.4826 * median(steps) / std::sqrt(2.0);
  EXPECT_NEAR(sigma, 1.05, 0.02);
  return {"Frame-to-frame noise of depth at 1.7 to 2.7 m, narrow binned (robust, of whole mm)",
          "SYNC_NUMBERS 28 [M here]", "1.05 mm", fmt::format("{:.2f} mm", sigma)};
}

Fact flicker() {
  const auto [one, two] = pair_of_frames();
  double count = 0;
  for (std::size_t i = 0; i < one.pixels.size(); ++i) count += (one.pixels[i] != 0) != (two.pixels[i] != 0);
  const double percent = 100 * count / static_cast<double>(one.pixels.size());
  EXPECT_GE(percent, 1.0);
  EXPECT_LE(percent, 2.2);
  return {"Pixels with depth in one of two consecutive frames only, narrow binned",
          "SYNC_NUMBERS 28 [M here]", "1.0 to 2.2 %", fmt::format("{:.1f} %", percent)};
}

Fact raw_sizes() {
  std::vector<std::size_t> seen;
  for (const PixelFormat format : {PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32})
    seen.push_back(captures(color_in(ColorResolution::r720p, format), 1)[0].color->data.size());
  EXPECT_EQ(seen, (std::vector<std::size_t>{1'382'400, 1'843'200, 3'686'400}));
  return {"Bytes of 720p in NV12, YUY2 and BGRA", "device.md 1.2 [C]", "1382400, 1843200, 3686400",
          fmt::format("{}", fmt::join(seen, ", "))};
}

const Buffer& jpeg(ColorResolution resolution) {
  static std::map<ColorResolution, Buffer> made;
  Buffer& image = made[resolution];
  if (image.empty()) image = captures(color_in(resolution, PixelFormat::mjpg), 1)[0].color->data;
  return image;
}

Fact jpeg_sizes() {
  double least = 99, most = 0;
  for (const ColorResolution resolution : kResolutions) {
    const Size size = image_size(resolution);
    const double bits = 8 * static_cast<double>(jpeg(resolution).size()) / (double(size.width) * size.height);
    least = std::min(least, bits), most = std::max(most, bits);
  }
  EXPECT_GE(least, 1.3);
  EXPECT_LE(most, 2.9);
  return {"Bits a pixel of MJPG frames, 720p to 3072p", "device.md 1.2 [M here, M #1003]", "1.3 to 2.9",
          fmt::format("{:.1f} to {:.1f}", least, most)};
}

Fact jpeg_segments() {
  const ByteSpan bytes = jpeg(ColorResolution::r720p).bytes();
  std::vector<std::string> seen;
  std::size_t i = 2;
  while (i + 4 < bytes.size()) {
    const auto at = [&](std::size_t k) { return std::to_integer<unsigned>(bytes[k]); };
    const unsigned length = at(i + 2) << 8 | at(i + 3);
    seen.push_back(fmt::format("{:02X}:{}", at(i + 1), length));
    i += 2 + length;
    if (seen.back().starts_with("DA")) break;
  }
  const std::string text = fmt::format("{}", fmt::join(seen, " "));
  const std::string real = "DB:197 C0:17 C4:31 C4:181 C4:31 C4:181 FE:10 E0:16 DD:4 DA:12";
  EXPECT_EQ(text, real);
  return {"Segments of an MJPG frame before its data, marker and length", "device.md 1.2 [M here]", real,
          text};
}

Fact jpeg_restarts() {
  std::vector<int> restarts;
  bool ends = true;
  for (const ColorResolution resolution : kResolutions) {
    const ByteSpan bytes = jpeg(resolution).bytes();
    int count = 0;
    for (std::size_t i = 623; i + 1 < bytes.size(); ++i)
      count += bytes[i] == std::byte{0xff} && (bytes[i + 1] & std::byte{0xf8}) == std::byte{0xd0};
    restarts.push_back(count);
    EXPECT_EQ(count, 15);
    ends = ends && bytes[bytes.size() - 2] == std::byte{0xff} && bytes.back() == std::byte{0xd9};
  }
  EXPECT_TRUE(ends);
  return {"Restart markers of MJPG frames, 720p to 3072p; last bytes", "device.md 1.2 [M here]",
          "15 each; EOI without padding",
          fmt::format("{}; {}", fmt::join(restarts, ", "), ends ? "EOI without padding" : "something else")};
}

}  // namespace

FactList image_facts() {
  return {{"DepthSizes", depth_sizes},     {"PassiveIr", passive_ir},       {"DepthRanges", ranges},
          {"MaskRows", mask_rows},         {"MaskArea", mask_area},         {"DepthError", depth_error},
          {"PassingNoise", passing_noise}, {"FlickeringPixels", flicker},   {"RawColorSizes", raw_sizes},
          {"JpegSizes", jpeg_sizes},       {"JpegSegments", jpeg_segments}, {"JpegRestarts", jpeg_restarts}};
}

}  // namespace genlock::facts
