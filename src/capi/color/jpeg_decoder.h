#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/result.h"

namespace genlock::color {

/// One component of a picture: 8 bits a sample, rows packed.
struct Plane {
  Size size;
  std::vector<std::uint8_t> samples;
};

/// Y, U and V with U and V as coarse as the JPEG has them; full range. A grey picture has no U and V.
struct JpegPlanes {
  std::array<Plane, 3> yuv;
};

/// Decodes JPEGs of known size. One thread at a time.
class JpegDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  /// Packed rows of B, G, R and 255, in a block of `pool`. Errc::corrupt for a JPEG of another size (before
  /// any memory is taken for it) and for everything that libjpeg fails at or warns about.
  Result<WritableBuffer> decode_bgra(ByteSpan jpeg, Size size, BufferPool& pool);

  /// The planes, which belong to this object until the next call. Errors as above.
  Result<const JpegPlanes*> decode_planes(ByteSpan jpeg, Size size);

 private:
  /// Checks that it is a JPEG of `size`, and gives TurboJPEG's number for its subsampling.
  Result<int> read_header(ByteSpan jpeg, Size size);

  /// TurboJPEG's last error. Its handle is replaced: some damage stays in it and fails the next, sound frame.
  Error damaged();

  void* handle_;
  JpegPlanes planes_;
};

}  // namespace genlock::color
