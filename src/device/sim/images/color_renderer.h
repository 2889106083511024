#pragma once

#include <optional>

#include "device/sim/images/color_light.h"
#include "device/sim/images/view.h"

namespace genlock::device::sim {

/// The light of the scene in the colour camera. One thread at a time.
class ColorRenderer {
 public:
  /// `world` must outlive this.
  ColorRenderer(const World& world, const geometry::CameraCalibration& camera,
                const geometry::Extrinsics& world_from_color);

  Size size() const { return view_.size(); }

  /// The scene without the moving ball.
  ColorLight background() const;

  struct Patch {
    Rect rect;  ///< with even corners
    ColorLight light;
  };

  /// The part of the scene where the ball is while the shutter is open in a frame of the loop: for `open` of
  /// the time between two frames, around the frame's own. Nothing if the camera does not see it.
  std::optional<Patch> patch(int frame, double open, const ColorLight& background) const;

 private:
  void add_ball(const Ball& ball, const Rect& rect, const ColorLight& background,
                std::vector<float>& squares) const;

  const World& world_;
  View view_;
};

}  // namespace genlock::device::sim
