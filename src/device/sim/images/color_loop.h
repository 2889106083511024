#pragma once

#include <optional>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"
#include "base/time.h"
#include "device/sim/images/depth_sensor.h"
#include "device/sim/images/view.h"
#include "device/sim/images/yuv.h"

namespace genlock::device::sim {

/// The colour camera's pictures before they take a format. One thread at a time.
class ColorRenderer {
 public:
  /// `world` must outlive this. `gain` is the exposure's effect on brightness.
  ColorRenderer(const World& world, const geometry::CameraCalibration& camera,
                const geometry::Extrinsics& world_from_color, const NoiseOptions& noise, float gain);

  Size size() const { return view_.size(); }

  /// The scene without the moving ball.
  Yuv422 background() const { return render({0, 0, size()}, {}, 0); }

  /// The part of the scene where the ball is in a frame of the loop; nothing if the camera does not see it.
  struct Patch {
    Rect rect;
    Yuv422 picture;
  };
  std::optional<Patch> patch(int frame) const;

  /// Adds the noise of a frame to a picture whose corner lies at (x, y) of the image.
  void add_noise(Yuv422& picture, int x, int y, int frame) const;

 private:
  Yuv422 render(const Rect& rect, const Ball& ball, ObjectMask extra) const;

  const World& world_;
  const NoiseOptions noise_;
  const float gain_;
  View view_;
};

/// The colour camera's loop of frames in a format. One thread at a time.
class ColorLoop {
 public:
  virtual ~ColorLoop() = default;
  virtual Result<Buffer> image(std::uint64_t pulse) = 0;
};

/// Whole JPEG frames; only the first restart interval is encoded anew for every pulse.
class JpegLoop final : public ColorLoop {
 public:
  JpegLoop(ColorRenderer renderer, int loop_frames);

  Result<Buffer> image(std::uint64_t pulse) override;

 private:
  struct Frame {
    Yuv422 top;                   ///< the rows that the first restart interval reaches into
    std::vector<std::byte> rest;  ///< from the first restart marker to EOI; empty until asked for
  };

  Result<Frame> make_frame(int index);

  ColorRenderer renderer_;
  std::vector<std::byte> header_;
  Yuv422 background_;
  std::vector<Frame> frames_;
  BufferPool pool_;
};

/// Uncompressed frames: one background for all, the ball's surroundings per frame. The background's noise
/// stands still.
class RawColorLoop final : public ColorLoop {
 public:
  RawColorLoop(ColorRenderer renderer, PixelFormat format, int loop_frames);

  Result<Buffer> image(std::uint64_t pulse) override;

 private:
  struct Frame {
    bool made = false;
    std::optional<ColorRenderer::Patch> patch;
  };

  void make_background();

  ColorRenderer renderer_;
  const PixelFormat format_;
  std::vector<std::byte> background_;  ///< empty until asked for
  std::vector<Frame> frames_;
  BufferPool pool_;
};

}  // namespace genlock::device::sim
