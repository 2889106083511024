#pragma once

#include "base/capture.h"
#include "base/result.h"

namespace genlock::color {

class JpegDecoder;

/// Whether images of one format can be had in another: NV12, YUY2 and BGRA32 from MJPG and from each other,
/// and every colour format from itself.
bool can_convert(PixelFormat from, PixelFormat to);

/// Makes colour images of recordings into those of another format. One thread at a time; the images it gives
/// may outlive it.
///
/// All colours are those of ITU-R BT.601. YUV of JPEG has the full range, as JFIF says. NV12 and YUY2,
/// recorded or made, have the video range (Y 16 to 235, U and V 16 to 240): the vendor's library takes and
/// makes them so (libyuv's default), and a player assumes it. YUV formats go into each other without a detour
/// over BGRA, which would lose the colours that BGRA does not have.
class Converter {
 public:
  Converter();
  ~Converter();

  /// The same picture with the same times, its rows packed: stride w for NV12, 2w for YUY2, 4w for BGRA32,
  /// whose alpha is 255 everywhere. An image that has the format already is given back as it is, unchecked.
  /// Errc::unsupported: not such a pair, or NV12 or YUY2 of a size that they do not have (B5 of the ABI: an
  /// odd width, for NV12 also an odd height). Errc::corrupt: bytes that are not a picture of that size, or a
  /// damaged JPEG, which is refused even if a part of it can be seen.
  Result<Image> convert(const Image& image, PixelFormat to);

 private:
  Result<WritableBuffer> make_pixels(const Image& image, PixelFormat to);

  std::unique_ptr<JpegDecoder> jpeg_;
  BufferPool pool_;
};

}  // namespace genlock::color
