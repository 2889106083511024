#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/result.h"
#include "base/time.h"

namespace genlock::device::sim {

/// Depth and IR of one frame: two views of one allocation; no depth in passive IR.
struct DepthIr {
  Buffer depth;  ///< u16 little-endian mm, 0 = no value
  Buffer ir;     ///< u16 little-endian
};

/// The colour camera's settings while one frame is exposed, as numbers of the controls (facts device.md 1.2).
struct ColorLook {
  DeviceDuration exposure = device_us(16'670);
  bool auto_exposure =
      true;  ///< the camera chose the exposure, and the brightness that goes with it is right
  int white_balance_k = 4500;
  bool auto_white_balance = true;
  int brightness = 128;
  int contrast = 5;
  int saturation = 32;
  int sharpness = 2;
  int gain = 0;
  bool backlight_compensation = false;
  bool operator==(const ColorLook&) const = default;
};

/// What is wrong with a picture.
enum class ColorDamage : std::uint8_t {
  none,
  pink,     ///< of a sensor triggered out of its rhythm (facts device.md 2.5)
  black,    ///< the same
  corrupt,  ///< bytes of the JPEG were lost on the bus
};

/// Everything that one colour frame depends on.
struct ColorMoment {
  std::uint64_t pulse = 0;  ///< number of the sync pulse that it belongs to
  HostDuration centre{};    ///< of the exposure, since the bench's boot: lamps flicker by it
  ColorLook look;
  ColorDamage damage = ColorDamage::none;
};

/// Laser light of another unit in one exposure of this one.
struct LaserOverlap {
  std::size_t unit = 0;  ///< its place in the bench's configuration
  DepthMode mode{};      ///< it lights a narrow or a wide field
  /// 0 to 1: the part of this unit's laser pulses, or for passive IR of its exposure, in which it shines.
  float share = 0;
  bool operator==(const LaserOverlap&) const = default;
};

/// Everything that one frame of depth and IR depends on.
struct DepthMoment {
  std::uint64_t pulse = 0;
  double distance_error_mm = 0;  ///< added to every distance: a unit that is not warm yet
  std::vector<LaserOverlap> others{};
};

/// Where a simulated unit's pixels come from. Called from one thread at a time. What it returns depends on
/// its making and on the moment alone.
class ImageSource {
 public:
  virtual ~ImageSource() = default;

  /// One colour image in the configured format and resolution.
  virtual Result<Buffer> color(const ColorMoment& moment) = 0;

  virtual Result<DepthIr> depth(const DepthMoment& moment) = 0;
};

}  // namespace genlock::device::sim
