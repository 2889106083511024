#include "png.h"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace genlock {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (24 - 8 * i));
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::uint8_t paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int a = std::abs(guess - left), b = std::abs(guess - above), c = std::abs(guess - corner);
  return static_cast<std::uint8_t>(a <= b && a <= c ? left : b <= c ? above : corner);
}

/// A row with PNG's filter 0 (none) or 4 (Paeth), and how much is left of it.
std::string filtered(const Canvas& canvas, int y, bool predict, long& weight) {
  std::string row(1, predict ? '\4' : '\0');
  const auto value = [&](int x, int line, std::size_t c) -> int {
    if (x < 0 || line < 0) return 0;
    return canvas.pixels[static_cast<std::size_t>(line * canvas.width + x)][c];
  };
  weight = 0;
  for (int x = 0; x < canvas.width; ++x)
    for (std::size_t c = 0; c < 3; ++c) {
      const int guess = predict ? paeth(value(x - 1, y, c), value(x, y - 1, c), value(x - 1, y - 1, c)) : 0;
      const auto byte = static_cast<std::uint8_t>(value(x, y, c) - guess);
      weight += std::abs(static_cast<std::int8_t>(byte));
      row.push_back(static_cast<char>(byte));
    }
  return row;
}

}  // namespace

bool write_png(const Canvas& canvas, const std::filesystem::path& path) {
  std::string rows;
  for (int y = 0; y < canvas.height; ++y) {
    long plain_weight = 0, predicted_weight = 0;
    const std::string plain = filtered(canvas, y, false, plain_weight);
    const std::string predicted = filtered(canvas, y, true, predicted_weight);
    rows += predicted_weight < plain_weight ? predicted : plain;
  }
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                rows.size(), Z_BEST_COMPRESSION) != Z_OK)
    return false;
  packed.resize(size);
  const std::string header = big_endian(static_cast<std::uint32_t>(canvas.width)) +
                             big_endian(static_cast<std::uint32_t>(canvas.height)) +
                             std::string("\x08\x02\0\0\0", 5);  // 8 bits, RGB
  std::ofstream file(path, std::ios::binary);
  file << "\x89PNG\r\n\x1a\n" << chunk("IHDR", header) << chunk("IDAT", packed) << chunk("IEND", "");
  return static_cast<bool>(file.flush());
}

}  // namespace genlock
