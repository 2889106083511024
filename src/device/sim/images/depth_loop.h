#pragma once

#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "device/sim/image_source.h"
#include "device/sim/images/view.h"

namespace genlock::device::sim {

struct NoiseOptions {
  std::uint64_t seed = 1;
  float scale = 1;
};

/// The depth camera's loop of frames. One thread at a time.
class DepthLoop {
 public:
  /// `world` must outlive this.
  DepthLoop(const World& world, DepthMode mode, const geometry::CameraCalibration& camera,
            const geometry::Extrinsics& world_from_depth, const NoiseOptions& noise, int loop_frames);

  DepthIr image(std::uint64_t pulse);

 private:
  /// A picture before noise. A depth of 0 is a pixel outside the mask.
  struct Clean {
    std::vector<float> depth;  ///< mm
    std::vector<float> infrared;
  };

  bool in_mask(int x, int y, View::Normalised n) const;
  void render(const Rect& rect, const Ball& ball, ObjectMask extra, Clean& out) const;
  float brightness(const Surface& surface, const Ray& ray) const;
  std::vector<std::uint16_t> make_frame(int index);
  void finish_row(const Clean& clean, int y, int index, std::uint16_t* depth, std::uint16_t* infrared) const;
  bool at_edge(const std::vector<float>& depth, std::size_t at) const;
  float depth_sigma(float depth) const;

  const World& world_;
  const DepthMode mode_;
  const NoiseOptions noise_;
  View view_;
  Clean background_;
  std::vector<std::vector<std::uint16_t>> frames_;  ///< depth (if any), then IR; empty until asked for
  BufferPool pool_;
};

}  // namespace genlock::device::sim
