#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace genlock {

using Color = std::array<std::uint8_t, 3>;

/// Red, green and blue, by rows.
struct Canvas {
  Canvas(int width_px, int height_px)
      : width(width_px), height(height_px), pixels(static_cast<std::size_t>(width * height)) {}

  Color& at(int x, int y) { return pixels[static_cast<std::size_t>(y * width + x)]; }

  int width, height;
  std::vector<Color> pixels;
};

/// Writes a PNG; false if the file cannot be written.
bool write_png(const Canvas& canvas, const std::filesystem::path& path);

}  // namespace genlock
