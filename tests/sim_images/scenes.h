#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "device/sim/images/scene_images.h"
#include "geometry/calibration.h"

namespace genlock::device::sim::testing {

inline Buffer real_blob(const std::string& name = "k4a.net.raw_calibration.bin") {
  std::ifstream file(std::string(GENLOCK_TEST_DATA) + "/calib/" + name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Buffer::copy_of(std::as_bytes(std::span(text)));
}

inline SceneImagesOptions depth_options(DepthMode mode) {
  SceneImagesOptions options{.raw_calibration = real_blob(), .loop_frames = 2};
  options.config.depth_mode = mode;
  return options;
}

inline SceneImagesOptions color_options(PixelFormat format, ColorResolution resolution) {
  SceneImagesOptions options{.raw_calibration = real_blob(), .loop_frames = 2};
  options.config.color_format = format;
  options.config.color_resolution = resolution;
  return options;
}

inline constexpr DepthMode kDepthModes[] = {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned,
                                            DepthMode::wfov_2x2binned, DepthMode::wfov_unbinned,
                                            DepthMode::passive_ir};
inline constexpr ColorResolution kResolutions[] = {ColorResolution::r720p,  ColorResolution::r1080p,
                                                   ColorResolution::r1440p, ColorResolution::r1536p,
                                                   ColorResolution::r2160p, ColorResolution::r3072p};

/// JPEG images of the default scene, made once per test program because large ones take long.
inline ImageSource& jpeg_images(ColorResolution resolution) {
  static std::map<ColorResolution, std::unique_ptr<ImageSource>> made;
  std::unique_ptr<ImageSource>& images = made[resolution];
  if (!images) images = make_scene_images(color_options(PixelFormat::mjpg, resolution)).value();
  return *images;
}

inline std::uint16_t pixel16(const Buffer& image, int width, int x, int y) {
  const std::size_t at =
      2 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(image.data()[at]) |
                                    std::to_integer<unsigned>(image.data()[at + 1]) << 8);
}

/// A depth or IR image as numbers.
struct Picture16 {
  Picture16(const Buffer& image, Size size_of_image) : size(size_of_image) {
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) pixels.push_back(pixel16(image, size.width, x, y));
  }
  std::uint16_t at(int x, int y) const { return pixels[static_cast<std::size_t>(y * size.width + x)]; }

  Size size;
  std::vector<std::uint16_t> pixels;
};

/// An empty room with a unit that looks straight at its far wall from `distance_m`.
inline SceneImagesOptions wall_options(DepthMode mode, double distance_m) {
  SceneImagesOptions options = depth_options(mode);
  options.scene.furniture = false;
  options.scene.board.pose.position_m = {0, 0, -1.2};
  options.scene.ball.centre_m = {0, 0, -1.2};
  options.pose.position_m = {0, 0, options.scene.room_to_m[2] - distance_m};
  return options;
}

inline bool same(const Buffer& a, const Buffer& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

}  // namespace genlock::device::sim::testing
