#include "capi/color/convert.h"

#include <fmt/core.h>
#include <libyuv.h>

#include <algorithm>
#include <array>
#include <vector>

#include "capi/color/jpeg_decoder.h"

namespace genlock::color {
namespace {

constexpr int kMaxSide = 20000;  // facts k4a-abi.md B5

const std::uint8_t* bytes_of(const Image& image) {
  return reinterpret_cast<const std::uint8_t*>(image.data.data());
}

using RangeTable = std::array<std::uint8_t, 256>;

/// Full range to video range: v = 0 goes to `low`, and 255 to `low` + `span`.
constexpr RangeTable range_table(int low, int span) {
  RangeTable table{};
  for (int v = 0; v < 256; ++v)
    table.at(static_cast<std::size_t>(v)) = static_cast<std::uint8_t>(low + (v * span * 2 + 255) / 510);
  return table;
}
constexpr RangeTable kLumaRange = range_table(16, 219);
constexpr RangeTable kChromaRange = range_table(16, 224);
static_assert(kLumaRange[0] == 16 && kLumaRange[255] == 235);
static_assert(kChromaRange[0] == 16 && kChromaRange[128] == 128 && kChromaRange[255] == 240);

std::size_t count(Size size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

/// The part of `plane` that is picture (decoders round luma up to whole samples of chroma), in video range.
void put_luma(const Plane& plane, Size size, std::uint8_t* out) {
  for (int row = 0; row < size.height; ++row) {
    const std::uint8_t* in = plane.samples.data() + std::ptrdiff_t{plane.size.width} * row;
    for (int i = 0; i < size.width; ++i) *out++ = kLumaRange[in[i]];
  }
}

/// `plane` in another size and in video range. One without samples is grey.
void put_chroma(const Plane& plane, Size size, std::uint8_t* out) {
  if (plane.samples.empty()) {
    std::fill_n(out, count(size), std::uint8_t{128});
    return;
  }
  libyuv::ScalePlane(plane.samples.data(), plane.size.width, plane.size.width, plane.size.height, out,
                     size.width, size.width, size.height, libyuv::kFilterBox);
  for (std::size_t i = 0; i < count(size); ++i) out[i] = kChromaRange[out[i]];
}

/// Planes of a picture, one behind the other: Y, U, V.
class Planes {
 public:
  Planes(Size luma, Size chroma) : luma_(luma), chroma_(chroma), samples_(count(luma) + 2 * count(chroma)) {}

  std::uint8_t* y() { return samples_.data(); }
  std::uint8_t* u() { return y() + count(luma_); }
  std::uint8_t* v() { return u() + count(chroma_); }

 private:
  Size luma_;
  Size chroma_;
  std::vector<std::uint8_t> samples_;
};

Planes video_range(const JpegPlanes& jpeg, Size luma, Size chroma) {
  Planes planes(luma, chroma);
  put_luma(jpeg.yuv[0], luma, planes.y());
  put_chroma(jpeg.yuv[1], chroma, planes.u());
  put_chroma(jpeg.yuv[2], chroma, planes.v());
  return planes;
}

void jpeg_to_nv12(const JpegPlanes& jpeg, Size size, std::uint8_t* out) {
  Planes planes = video_range(jpeg, size, {size.width / 2, size.height / 2});
  libyuv::I420ToNV12(planes.y(), size.width, planes.u(), size.width / 2, planes.v(), size.width / 2, out,
                     size.width, out + size.width * size.height, size.width, size.width, size.height);
}

void jpeg_to_yuy2(const JpegPlanes& jpeg, Size size, std::uint8_t* out) {
  Planes planes = video_range(jpeg, size, {size.width / 2, size.height});
  libyuv::I422ToYUY2(planes.y(), size.width, planes.u(), size.width / 2, planes.v(), size.width / 2, out,
                     2 * size.width, size.width, size.height);
}

void nv12_to_yuy2(const std::uint8_t* nv12, Size size, std::uint8_t* out) {
  Planes planes(size, {size.width / 2, size.height / 2});
  const int half = size.width / 2;
  libyuv::NV12ToI420(nv12, size.width, nv12 + size.width * size.height, size.width, planes.y(), size.width,
                     planes.u(), half, planes.v(), half, size.width, size.height);
  libyuv::I420ToYUY2(planes.y(), size.width, planes.u(), half, planes.v(), half, out, 2 * size.width,
                     size.width, size.height);
}

void from_nv12(const std::uint8_t* in, Size size, PixelFormat to, std::uint8_t* out) {
  if (to == PixelFormat::yuy2) return nv12_to_yuy2(in, size, out);
  libyuv::NV12ToARGB(in, size.width, in + size.width * size.height, size.width, out, 4 * size.width,
                     size.width, size.height);
}

void from_yuy2(const std::uint8_t* in, Size size, PixelFormat to, std::uint8_t* out) {
  if (to == PixelFormat::nv12)
    libyuv::YUY2ToNV12(in, 2 * size.width, out, size.width, out + size.width * size.height, size.width,
                       size.width, size.height);
  else
    libyuv::YUY2ToARGB(in, 2 * size.width, out, 4 * size.width, size.width, size.height);
}

void from_bgra(const std::uint8_t* in, Size size, PixelFormat to, std::uint8_t* out) {
  if (to == PixelFormat::nv12)
    libyuv::ARGBToNV12(in, 4 * size.width, out, size.width, out + size.width * size.height, size.width,
                       size.width, size.height);
  else
    libyuv::ARGBToYUY2(in, 4 * size.width, out, 2 * size.width, size.width, size.height);
}

void from_pixels(const Image& image, PixelFormat to, std::uint8_t* out) {
  if (image.format == PixelFormat::nv12) return from_nv12(bytes_of(image), image.size, to, out);
  if (image.format == PixelFormat::yuy2) return from_yuy2(bytes_of(image), image.size, to, out);
  from_bgra(bytes_of(image), image.size, to, out);
}

Status check_size(PixelFormat format, Size size) {
  if (size.width < 1 || size.height < 1 || size.width > kMaxSide || size.height > kMaxSide)
    return Error(Errc::unsupported,
                 fmt::format("a picture of {}x{} pixels is none", size.width, size.height));
  const bool even_width = size.width % 2 == 0;
  const bool even_height = size.height % 2 == 0;
  if ((format == PixelFormat::nv12 && !(even_width && even_height)) ||
      (format == PixelFormat::yuy2 && !even_width))
    return Error(Errc::unsupported,
                 fmt::format("there is no {} picture of {}x{} pixels: its colours are those of {}",
                             to_string(format), size.width, size.height,
                             format == PixelFormat::nv12 ? "2x2 pixels" : "two pixels in a row"));
  return {};
}

Status check_bytes(const Image& image) {
  const std::size_t needed = image_bytes(image.format, image.size);
  if (image.format == PixelFormat::mjpg || image.data.size() == needed) return {};
  return Error(Errc::corrupt,
               fmt::format("{} bytes are no {} picture of {}x{} pixels, which has {}", image.data.size(),
                           to_string(image.format), image.size.width, image.size.height, needed));
}

bool is_color(PixelFormat format) {
  return format == PixelFormat::mjpg || format == PixelFormat::nv12 || format == PixelFormat::yuy2 ||
         format == PixelFormat::bgra32;
}

}  // namespace

bool can_convert(PixelFormat from, PixelFormat to) {
  return is_color(from) && is_color(to) && (from == to || to != PixelFormat::mjpg);
}

Converter::Converter() : jpeg_(std::make_unique<JpegDecoder>()) {}
Converter::~Converter() = default;

Result<WritableBuffer> Converter::make_pixels(const Image& image, PixelFormat to) {
  if (image.format != PixelFormat::mjpg) {
    WritableBuffer pixels = pool_.take(image_bytes(to, image.size));
    from_pixels(image, to, reinterpret_cast<std::uint8_t*>(pixels.data()));
    return pixels;
  }
  if (to == PixelFormat::bgra32) return jpeg_->decode_bgra(image.data.bytes(), image.size, pool_);
  GENLOCK_ASSIGN(const JpegPlanes* const planes, jpeg_->decode_planes(image.data.bytes(), image.size));
  WritableBuffer pixels = pool_.take(image_bytes(to, image.size));
  auto* out = reinterpret_cast<std::uint8_t*>(pixels.data());
  if (to == PixelFormat::nv12)
    jpeg_to_nv12(*planes, image.size, out);
  else
    jpeg_to_yuy2(*planes, image.size, out);
  return pixels;
}

Result<Image> Converter::convert(const Image& image, PixelFormat to) {
  if (image.format == to) return image;
  if (!can_convert(image.format, to))
    return Error(Errc::unsupported,
                 fmt::format("{} images can't be given as {}", to_string(image.format), to_string(to)));
  GENLOCK_TRY(check_size(image.format, image.size));
  GENLOCK_TRY(check_size(to, image.size));
  GENLOCK_TRY(check_bytes(image));
  GENLOCK_ASSIGN(WritableBuffer pixels, make_pixels(image, to));
  Image converted = image;
  converted.format = to;
  converted.stride = stride_bytes(to, image.size.width);
  converted.data = std::move(pixels).seal();
  return converted;
}

}  // namespace genlock::color
