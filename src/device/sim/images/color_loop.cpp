#include "device/sim/images/color_loop.h"

#include <algorithm>
#include <cstring>

#include "device/sim/images/jpeg.h"

namespace genlock::device::sim {
namespace {

/// The first rows of a picture.
Yuv422 top_of(const Yuv422& picture, int rows) {
  Yuv422 top({picture.size.width, rows});
  std::copy_n(picture.luma.begin(), top.luma.size(), top.luma.begin());
  std::copy_n(picture.blue.begin(), top.blue.size(), top.blue.begin());
  std::copy_n(picture.red.begin(), top.red.size(), top.red.begin());
  return top;
}

/// What a sensor that missed its time shows.
Yuv422 black_picture(Size size) {
  constexpr std::uint8_t kBlack = 3;
  Yuv422 picture(size);
  std::ranges::fill(picture.luma, kBlack);
  return picture;
}

/// A part of a frame that the bus lost: whole packets (facts device.md 1.2: 1024 bytes of isochronous data).
struct Loss {
  std::size_t from, size;

  /// In the last three quarters of `bytes`.
  Loss(std::size_t bytes, std::uint64_t pulse) {
    constexpr std::size_t kPacket = 1024;
    const std::uint64_t bits = mix(pulse);
    from = bytes / 4 + bits % 1024 * (bytes / 2) / 1024;
    size = std::min(kPacket * (1 + (bits >> 32) % 16), bytes / 8);
  }
};

}  // namespace

Result<Buffer> ColorLoop::image(const ColorMoment& moment) {
  if (moment.damage == ColorDamage::black) {
    if (black_.empty()) {
      GENLOCK_ASSIGN(black_, black());
    }
    return black_;
  }
  GENLOCK_ASSIGN(Buffer made, frame(moment.pulse, camera_.tone_of(moment)));
  return moment.damage == ColorDamage::corrupt ? corrupted(made, moment.pulse) : made;
}

JpegLoop::JpegLoop(ColorCamera camera, int loop_frames)
    : ColorLoop(std::move(camera), loop_frames), header_(jpeg_header(camera_.size())) {}

Result<JpegLoop::Frame> JpegLoop::make_frame(int index, const ColorTone& tone) {
  Yuv422 picture = camera_.background(tone);
  if (const auto patch = camera_.patch(index, tone))
    put_yuv(patch->picture, patch->rect.x, patch->rect.y, picture);
  camera_.add_noise(picture, 0, 0, index, tone);
  GENLOCK_ASSIGN(std::vector<std::byte> scan, encode_scan(picture, restart_interval(picture.size)));
  scan.erase(scan.begin(), scan.begin() + static_cast<std::ptrdiff_t>(first_interval_bytes(scan)));
  scan.shrink_to_fit();
  return Frame{top_of(picture, first_interval_rows(picture.size)), std::move(scan)};
}

Result<Buffer> JpegLoop::frame(std::uint64_t pulse, const ColorTone& tone) {
  const auto bytes = [](const Frames& frames) {
    std::size_t sum = 0;
    for (const Frame& frame : frames) sum += frame.rest.capacity() + 2 * frame.top.luma.size();
    return sum;
  };
  Frames& frames = tones_.at(tone, bytes, [&] { return Frames(loop_frames_); });
  Frame& frame = frames[pulse % loop_frames_];
  if (frame.rest.empty()) {
    GENLOCK_ASSIGN(frame, make_frame(static_cast<int>(pulse % loop_frames_), tone));
  }
  const CodeArea area = color_code_area(camera_.size());
  draw_pulse_code(frame.top, area.x, area.y, area, pulse);
  GENLOCK_ASSIGN(const std::vector<std::byte> first,
                 encode_scan(frame.top, restart_interval(camera_.size())));
  const std::size_t first_bytes = first_interval_bytes(first);
  WritableBuffer out = pool_.take(header_.size() + first_bytes + frame.rest.size());
  std::memcpy(out.data(), header_.data(), header_.size());
  std::memcpy(out.data() + header_.size(), first.data(), first_bytes);
  std::memcpy(out.data() + header_.size() + first_bytes, frame.rest.data(), frame.rest.size());
  return std::move(out).seal();
}

Result<Buffer> JpegLoop::black() {
  const Yuv422 picture = black_picture(camera_.size());
  GENLOCK_ASSIGN(const std::vector<std::byte> scan, encode_scan(picture, restart_interval(picture.size)));
  std::vector<std::byte> bytes = header_;
  bytes.insert(bytes.end(), scan.begin(), scan.end());
  return Buffer::from_vector(std::move(bytes));
}

/// The bytes after the lost ones move up, as in the buffer of a host that does not know of the loss.
Buffer JpegLoop::corrupted(const Buffer& frame, std::uint64_t pulse) const {
  const Loss loss(frame.size(), pulse);
  std::vector<std::byte> left(frame.bytes().begin(), frame.bytes().end());
  const auto from = left.begin() + static_cast<std::ptrdiff_t>(loss.from);
  left.erase(from, from + static_cast<std::ptrdiff_t>(loss.size));
  return Buffer::from_vector(std::move(left));
}

RawColorLoop::RawColorLoop(ColorCamera camera, PixelFormat format, int loop_frames)
    : ColorLoop(std::move(camera), loop_frames), format_(format) {}

RawColorLoop::Frames RawColorLoop::make_frames(const ColorTone& tone) {
  Yuv422 picture = camera_.background(tone);
  camera_.add_noise(picture, 0, 0, 0, tone);
  Frames made{std::vector<std::byte>(image_bytes(format_, picture.size)), std::vector<Frame>(loop_frames_)};
  put_yuv(picture, 0, 0, format_, picture.size, made.background);
  return made;
}

Result<Buffer> RawColorLoop::frame(std::uint64_t pulse, const ColorTone& tone) {
  const auto bytes = [](const Frames& frames) {
    std::size_t sum = frames.background.size();
    for (const Frame& frame : frames.frames)
      if (frame.patch) sum += 2 * frame.patch->picture.luma.size();
    return sum;
  };
  Frames& frames = tones_.at(tone, bytes, [&] { return make_frames(tone); });
  Frame& frame = frames.frames[pulse % loop_frames_];
  if (!frame.made) {
    frame.patch = camera_.patch(static_cast<int>(pulse % loop_frames_), tone);
    if (frame.patch)
      camera_.add_noise(frame.patch->picture, frame.patch->rect.x, frame.patch->rect.y, 0, tone);
    frame.made = true;
  }
  WritableBuffer out = pool_.take(frames.background.size());
  std::memcpy(out.data(), frames.background.data(), frames.background.size());
  const Size size = camera_.size();
  if (frame.patch)
    put_yuv(frame.patch->picture, frame.patch->rect.x, frame.patch->rect.y, format_, size, out.bytes());
  const CodeArea area = color_code_area(size);
  Yuv422 code({area.width(), area.cell_height});
  draw_pulse_code(code, 0, 0, area, pulse);
  put_yuv(code, area.x, area.y, format_, size, out.bytes());
  return std::move(out).seal();
}

Result<Buffer> RawColorLoop::black() {
  const Yuv422 picture = black_picture(camera_.size());
  std::vector<std::byte> bytes(image_bytes(format_, picture.size));
  put_yuv(picture, 0, 0, format_, picture.size, bytes);
  return Buffer::from_vector(std::move(bytes));
}

Buffer RawColorLoop::corrupted(const Buffer& frame, std::uint64_t pulse) const {
  const Loss loss(frame.size(), pulse);
  std::vector<std::byte> left(frame.bytes().begin(), frame.bytes().end());
  std::fill_n(left.begin() + static_cast<std::ptrdiff_t>(loss.from), loss.size, std::byte{0});
  return Buffer::from_vector(std::move(left));
}

}  // namespace genlock::device::sim
