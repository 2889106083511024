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

}  // namespace

JpegLoop::JpegLoop(ColorRenderer renderer, int loop_frames)
    : renderer_(std::move(renderer)),
      header_(jpeg_header(renderer_.size())),
      frames_(static_cast<std::size_t>(loop_frames)) {}

Result<JpegLoop::Frame> JpegLoop::make_frame(int index) {
  if (background_.luma.empty()) background_ = renderer_.background();
  Yuv422 picture = background_;
  if (const auto patch = renderer_.patch(index))
    put_yuv(patch->picture, patch->rect.x, patch->rect.y, picture);
  renderer_.add_noise(picture, 0, 0, index);
  GENLOCK_ASSIGN(std::vector<std::byte> scan, encode_scan(picture, restart_interval(picture.size)));
  scan.erase(scan.begin(), scan.begin() + static_cast<std::ptrdiff_t>(first_interval_bytes(scan)));
  scan.shrink_to_fit();
  return Frame{top_of(picture, first_interval_rows(picture.size)), std::move(scan)};
}

Result<Buffer> JpegLoop::image(std::uint64_t pulse) {
  const auto index = static_cast<std::size_t>(pulse % frames_.size());
  Frame& frame = frames_[index];
  if (frame.rest.empty()) {
    GENLOCK_ASSIGN(frame, make_frame(static_cast<int>(index)));
  }
  const CodeArea area = color_code_area(renderer_.size());
  draw_pulse_code(frame.top, area.x, area.y, area, pulse);
  GENLOCK_ASSIGN(const std::vector<std::byte> first,
                 encode_scan(frame.top, restart_interval(renderer_.size())));
  const std::size_t first_bytes = first_interval_bytes(first);
  WritableBuffer out = pool_.take(header_.size() + first_bytes + frame.rest.size());
  std::memcpy(out.data(), header_.data(), header_.size());
  std::memcpy(out.data() + header_.size(), first.data(), first_bytes);
  std::memcpy(out.data() + header_.size() + first_bytes, frame.rest.data(), frame.rest.size());
  return std::move(out).seal();
}

RawColorLoop::RawColorLoop(ColorRenderer renderer, PixelFormat format, int loop_frames)
    : renderer_(std::move(renderer)), format_(format), frames_(static_cast<std::size_t>(loop_frames)) {}

void RawColorLoop::make_background() {
  Yuv422 picture = renderer_.background();
  renderer_.add_noise(picture, 0, 0, 0);
  background_.resize(image_bytes(format_, picture.size));
  put_yuv(picture, 0, 0, format_, picture.size, background_);
}

Result<Buffer> RawColorLoop::image(std::uint64_t pulse) {
  if (background_.empty()) make_background();
  const auto index = static_cast<std::size_t>(pulse % frames_.size());
  Frame& frame = frames_[index];
  if (!frame.made) {
    frame.patch = renderer_.patch(static_cast<int>(index));
    if (frame.patch) renderer_.add_noise(frame.patch->picture, frame.patch->rect.x, frame.patch->rect.y, 0);
    frame.made = true;
  }
  WritableBuffer out = pool_.take(background_.size());
  std::memcpy(out.data(), background_.data(), background_.size());
  const Size size = renderer_.size();
  if (frame.patch)
    put_yuv(frame.patch->picture, frame.patch->rect.x, frame.patch->rect.y, format_, size, out.bytes());
  const CodeArea area = color_code_area(size);
  Yuv422 code({area.width(), area.cell_height});
  draw_pulse_code(code, 0, 0, area, pulse);
  put_yuv(code, area.x, area.y, format_, size, out.bytes());
  return std::move(out).seal();
}

}  // namespace genlock::device::sim
