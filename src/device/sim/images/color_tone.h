#pragma once

#include "base/time.h"
#include "device/sim/image_source.h"
#include "device/sim/images/color_light.h"
#include "device/sim/images/yuv.h"

// What the colour camera's settings (facts device.md 1.2) do to its pictures. How strongly each acts is not
// published: their directions and ranges are, their strengths are chosen here.

namespace genlock::device::sim {

/// The exposure at which brightness is right, automatic exposure's own at 60 Hz (facts device.md 1.2).
inline constexpr DeviceDuration kRightExposure = device_us(16'670);

/// The colour temperature of the scene's lamp: what automatic white balance would find.
inline constexpr int kLampKelvin = 4500;

/// From the first row's exposure to the last one's: a rolling shutter (facts device.md 1.2). Its time is
/// unknown.
inline constexpr DeviceDuration kReadout = device_us(15'000);

/// A lamp on mains, as one frame sees it: bright and dark bands, where rows are exposed at different times.
struct Flicker {
  /// Phases of the mains that frames are told apart by: a finer one would not be seen.
  static constexpr int kPhases = 12;

  float strength = 0;  ///< 0: no band can be seen; else the part of light that comes and goes
  float turns = 0;     ///< of the lamp's period, from the first row to the last
  int phase = 0;       ///< of the middle row, in 1/kPhases of a turn
  bool operator==(const Flicker&) const = default;
};

/// `mains_hz` 0 is light that does not flicker; `centre` of the exposure since the bench's boot. Exposures of
/// a whole number of the lamp's periods show no bands.
Flicker flicker_of(int mains_hz, DeviceDuration exposure, HostDuration centre);

/// All that decides on how light becomes a picture.
struct ColorTone {
  ColorLook look;
  Flicker flicker;
  bool pink = false;  ///< the picture of a sensor out of its rhythm
  bool operator==(const ColorTone&) const = default;
};

/// Factor on the sensor's noise.
float noise_factor(const ColorLook& look);

/// The picture of `light`, whose first row is row `y` of an image of `height` rows.
Yuv422 develop(const ColorLight& light, int y, int height, const ColorTone& tone);

}  // namespace genlock::device::sim
