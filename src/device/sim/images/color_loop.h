#pragma once

#include <list>
#include <optional>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"
#include "device/sim/images/color_camera.h"

namespace genlock::device::sim {

/// The colour camera's loop of frames in a format. Keeps finished frames by their tone, within bounds. One
/// thread at a time.
class ColorLoop {
 public:
  ColorLoop(ColorCamera camera, int loop_frames)
      : camera_(std::move(camera)), loop_frames_(static_cast<std::size_t>(loop_frames)) {}
  virtual ~ColorLoop() = default;

  Result<Buffer> image(const ColorMoment& moment);

 protected:
  /// An undamaged or pink frame.
  virtual Result<Buffer> frame(std::uint64_t pulse, const ColorTone& tone) = 0;
  virtual Result<Buffer> black() = 0;

  /// What is left of a frame of which a part was lost.
  virtual Buffer corrupted(const Buffer& frame, std::uint64_t pulse) const = 0;

  ColorCamera camera_;
  const std::size_t loop_frames_;

 private:
  Buffer black_;  ///< empty until asked for
};

/// Frames of one tone each, the last used first. Tones that exceed `most_bytes` together are forgotten, the
/// present one never.
template <class Frames>
class ToneCache {
 public:
  static constexpr std::size_t kMostBytes = 96u << 20;

  /// `bytes` of memory that Frames has; `make` is called for a tone that is not kept.
  template <class Bytes, class Make>
  Frames& at(const ColorTone& tone, Bytes&& bytes, Make&& make) {
    for (auto i = entries_.begin(); i != entries_.end(); ++i)
      if (i->tone == tone) {
        entries_.splice(entries_.begin(), entries_, i);
        return entries_.front().frames;
      }
    std::size_t sum = 0;
    for (auto i = entries_.begin(); i != entries_.end(); ++i) {
      sum += bytes(i->frames);
      if (sum <= kMostBytes) continue;
      entries_.erase(i, entries_.end());
      break;
    }
    entries_.push_front({tone, make()});
    return entries_.front().frames;
  }

 private:
  struct Entry {
    ColorTone tone;
    Frames frames;
  };
  std::list<Entry> entries_;
};

/// Whole JPEG frames; only the first restart interval is encoded anew for every pulse.
class JpegLoop final : public ColorLoop {
 public:
  JpegLoop(ColorCamera camera, int loop_frames);

 private:
  struct Frame {
    Yuv422 top;                   ///< the rows that the first restart interval reaches into
    std::vector<std::byte> rest;  ///< from the first restart marker to EOI; empty until asked for
  };
  using Frames = std::vector<Frame>;

  Result<Buffer> frame(std::uint64_t pulse, const ColorTone& tone) override;
  Result<Buffer> black() override;
  Buffer corrupted(const Buffer& frame, std::uint64_t pulse) const override;
  Result<Frame> make_frame(int index, const ColorTone& tone);

  const std::vector<std::byte> header_;
  ToneCache<Frames> tones_;
  BufferPool pool_;
};

/// Uncompressed frames: one background for all, the ball's surroundings per frame. The background's noise
/// stands still.
class RawColorLoop final : public ColorLoop {
 public:
  RawColorLoop(ColorCamera camera, PixelFormat format, int loop_frames);

 private:
  struct Frame {
    bool made = false;
    std::optional<ColorCamera::Patch> patch;
  };
  struct Frames {
    std::vector<std::byte> background;
    std::vector<Frame> frames;
  };

  Result<Buffer> frame(std::uint64_t pulse, const ColorTone& tone) override;
  Result<Buffer> black() override;
  Buffer corrupted(const Buffer& frame, std::uint64_t pulse) const override;
  Frames make_frames(const ColorTone& tone);

  const PixelFormat format_;
  ToneCache<Frames> tones_;
  BufferPool pool_;
};

}  // namespace genlock::device::sim
