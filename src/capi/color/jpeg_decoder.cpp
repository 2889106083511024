#include "capi/color/jpeg_decoder.h"

#include <fmt/core.h>
#include <turbojpeg.h>

#include <new>
#include <utility>

namespace genlock::color {
namespace {

// Decoded as the vendor's library decodes: BGRA is the same to the bit, so that programs see the same pictures, and
// it is quicker than the more exact way by a tenth.
// A damaged frame is no frame, so decoding ends with the first warning; and no more than 500 progressive scans,
// which cost a decoder hours in a file of a few KB.
constexpr int kFlags = TJFLAG_FASTDCT | TJFLAG_FASTUPSAMPLE | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;

// Five times the largest mode: what is larger did not come from a camera.
constexpr std::int64_t kMaxPixels = std::int64_t{8192} * 8192;

const unsigned char* bytes_of(ByteSpan jpeg) {
  return reinterpret_cast<const unsigned char*>(jpeg.data());
}

void resize(Plane& plane, Size size) {
  plane.size = size;
  plane.samples.resize(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
}

void* make_handle() {
  if (const tjhandle handle = tjInitDecompress()) return handle;
  throw std::bad_alloc();
}

}  // namespace

JpegDecoder::JpegDecoder() : handle_(make_handle()) {}

JpegDecoder::~JpegDecoder() {
  tjDestroy(handle_);
}

Error JpegDecoder::damaged() {
  Error error(Errc::corrupt, fmt::format("the JPEG is damaged: {}", tjGetErrorStr2(handle_)));
  const tjhandle fresh = make_handle();
  tjDestroy(std::exchange(handle_, fresh));
  return error;
}

Result<int> JpegDecoder::read_header(ByteSpan jpeg, Size size) {
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colorspace = 0;
  if (tjDecompressHeader3(handle_, bytes_of(jpeg), jpeg.size(), &width, &height, &subsampling, &colorspace) !=
      0)
    return damaged();
  if (Size{width, height} != size)
    return Error(Errc::corrupt, fmt::format("the JPEG has {}x{} pixels where the track has {}x{}", width,
                                            height, size.width, size.height));
  if (std::int64_t{width} * height > kMaxPixels)
    return Error(Errc::corrupt,
                 fmt::format("a JPEG of {}x{} pixels is larger than any camera's", width, height));
  if (colorspace != TJCS_YCbCr && colorspace != TJCS_GRAY)
    return Error(Errc::corrupt, "the JPEG's colours are not Y, U and V");
  return subsampling;
}

Result<WritableBuffer> JpegDecoder::decode_bgra(ByteSpan jpeg, Size size, BufferPool& pool) {
  GENLOCK_TRY(read_header(jpeg, size));
  WritableBuffer bgra = pool.take(image_bytes(PixelFormat::bgra32, size));
  auto* pixels = reinterpret_cast<unsigned char*>(bgra.data());
  if (tjDecompress2(handle_, bytes_of(jpeg), jpeg.size(), pixels, size.width, 4 * size.width, size.height,
                    TJPF_BGRA, kFlags) != 0)
    return damaged();
  return bgra;
}

Result<const JpegPlanes*> JpegDecoder::decode_planes(ByteSpan jpeg, Size size) {
  GENLOCK_ASSIGN(const int subsampling, read_header(jpeg, size));
  const int planes = subsampling == TJSAMP_GRAY ? 1 : 3;
  std::array<unsigned char*, 3> pointers{};
  for (int i = 0; i < 3; ++i) {
    Plane& plane = planes_.yuv.at(static_cast<std::size_t>(i));
    if (i < planes)
      resize(plane, {tjPlaneWidth(i, size.width, subsampling), tjPlaneHeight(i, size.height, subsampling)});
    else
      resize(plane, {});
    pointers.at(static_cast<std::size_t>(i)) = plane.samples.data();
  }
  if (tjDecompressToYUVPlanes(handle_, bytes_of(jpeg), jpeg.size(), pointers.data(), size.width, nullptr,
                              size.height, kFlags) != 0)
    return damaged();
  return &planes_;
}

}  // namespace genlock::color
