#pragma once

#include <optional>

#include "base/time.h"
#include "device/sim/image_source.h"
#include "device/sim/images/color_renderer.h"
#include "device/sim/images/color_tone.h"
#include "device/sim/images/noise.h"

namespace genlock::device::sim {

struct ColorCameraOptions {
  NoiseOptions noise;
  int mains_hz = 60;
  DeviceDuration period;  ///< from frame to frame
};

/// The colour camera's pictures before they take a format. One thread at a time.
class ColorCamera {
 public:
  ColorCamera(ColorRenderer renderer, const ColorCameraOptions& options)
      : renderer_(std::move(renderer)), options_(options) {}

  Size size() const { return renderer_.size(); }

  ColorTone tone_of(const ColorMoment& moment) const;

  /// The scene without what moves, and without noise. Valid until the next call.
  const Yuv422& background(const ColorTone& tone);

  /// What moves in a frame of the loop, and its surroundings, without noise; nothing if it is out of sight.
  struct Patch {
    Rect rect;
    Yuv422 picture;
  };
  std::optional<Patch> patch(int frame, const ColorTone& tone);

  /// Adds the noise of a frame to a picture whose corner lies at (x, y) of the image.
  void add_noise(Yuv422& picture, int x, int y, int frame, const ColorTone& tone) const;

 private:
  const ColorLight& light();

  ColorRenderer renderer_;
  const ColorCameraOptions options_;
  ColorLight light_;  ///< of the background; empty until asked for
  ColorTone tone_;    ///< of background_
  Yuv422 background_;
};

}  // namespace genlock::device::sim
