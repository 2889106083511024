#include "device/sim/images/flat_images.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "device/sim/images/jpeg.h"

namespace genlock::device::sim {
namespace {

Result<Buffer> flat_color(PixelFormat format, Size size, FlatPicture picture) {
  Yuv422 grey(size);
  std::memset(grey.luma.data(), picture == FlatPicture::grey ? 128 : 0, grey.luma.size());
  std::vector<std::byte> bytes;
  if (format == PixelFormat::mjpg) {
    bytes = jpeg_header(size);
    GENLOCK_ASSIGN(const std::vector<std::byte> scan, encode_scan(grey, restart_interval(size)));
    bytes.insert(bytes.end(), scan.begin(), scan.end());
  } else if (format == PixelFormat::nv12 || format == PixelFormat::yuy2 || format == PixelFormat::bgra32) {
    bytes.resize(image_bytes(format, size));
    put_yuv(grey, 0, 0, format, size, bytes);
  } else {
    return Error(Errc::invalid,
                 fmt::format("flat images: {} is no format of the colour camera", to_string(format)));
  }
  return Buffer::from_vector(std::move(bytes));
}

DepthIr flat_depth(DepthMode mode, FlatPicture picture) {
  const std::size_t image = image_bytes(PixelFormat::ir16, image_size(mode));
  const std::size_t depth = has_depth_image(mode) ? image : 0;
  std::vector<std::byte> bytes(depth + image);
  for (std::size_t i = 0; picture == FlatPicture::grey && i < bytes.size(); i += 2) {
    const std::uint16_t value = i < depth ? kFlatDepthMm : kFlatIr;
    bytes[i] = static_cast<std::byte>(value & 0xff);
    bytes[i + 1] = static_cast<std::byte>(value >> 8);
  }
  const Buffer both = Buffer::from_vector(std::move(bytes));
  return {.depth = both.slice(0, depth), .ir = both.slice(depth, image)};
}

class FlatImages final : public ImageSource {
 public:
  FlatImages(Buffer color, DepthIr depth) : color_(std::move(color)), depth_(std::move(depth)) {}

  Result<Buffer> color(const ColorMoment&) override {
    if (color_.empty()) return Error(Errc::state, "flat images: the colour camera is off");
    return color_;
  }

  Result<DepthIr> depth(const DepthMoment&) override {
    if (depth_.ir.empty()) return Error(Errc::state, "flat images: the depth camera is off");
    return depth_;
  }

 private:
  const Buffer color_;
  const DepthIr depth_;
};

}  // namespace

Result<std::unique_ptr<ImageSource>> make_flat_images(const CameraConfig& config, FlatPicture picture) {
  Buffer color;
  if (config.color_on()) {
    GENLOCK_ASSIGN(color, flat_color(config.color_format, image_size(config.color_resolution), picture));
  }
  DepthIr depth;
  if (config.depth_on()) depth = flat_depth(config.depth_mode, picture);
  return std::unique_ptr<ImageSource>(std::make_unique<FlatImages>(std::move(color), std::move(depth)));
}

}  // namespace genlock::device::sim
