#include "device/sim/images/color_tone.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace genlock::device::sim {
namespace {

constexpr float kGamma = 2.2f;
constexpr double kFlicker = 0.55;        // part of the lamp's light that comes and goes with the mains
constexpr double kVisible = 0.01;        // less than that shows no band
constexpr float kGainsPerDoubling = 64;  // steps of the gain control
constexpr float kBacklight = 1.7f;       // on light, by backlight compensation
constexpr float kPerContrast = 0.13f, kPerBrightness = 0.55f, kPerSharpness = 0.45f;
constexpr int kMiddleContrast = 5, kMiddleBrightness = 128, kMiddleSharpness = 2;
constexpr float kMiddleSaturation = 32;
constexpr Rgb kPink{1.1f, 0.45f, 0.95f};

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0f, 255.0f) + 0.5f);
}

/// A factor on light as one on what is shown.
float shown(float factor) {
  return std::pow(factor, 1 / kGamma);
}

float light_factor(const ColorLook& look) {
  const float backlight = look.backlight_compensation ? kBacklight : 1;
  if (look.auto_exposure) return backlight;  // whatever the gain is, the camera exposes for it
  const float exposure = static_cast<float>(static_cast<double>(count_us(look.exposure)) /
                                            static_cast<double>(count_us(kRightExposure)));
  return backlight * exposure * std::exp2(static_cast<float>(look.gain) / kGainsPerDoubling);
}

/// On red, green and blue as shown. A camera set for bluer light than the lamp's makes the picture redder.
Rgb channel_factors(const ColorTone& tone) {
  Rgb factors{1, 1, 1};
  if (!tone.look.auto_white_balance) {
    const float ratio = static_cast<float>(tone.look.white_balance_k) / kLampKelvin;
    factors = {std::pow(ratio, 0.30f), 1, std::pow(ratio, -0.35f)};
  }
  if (tone.pink) factors = {factors.r * kPink.r, factors.g * kPink.g, factors.b * kPink.b};
  return factors * (255 / ColorLight::kWhite * shown(light_factor(tone.look)));
}

float row_factor(const Flicker& flicker, int y, int height) {
  if (flicker.strength == 0) return 1;
  const double from_middle = (y + 0.5) / height - 0.5;
  const double turns = (flicker.phase + 0.5) / Flicker::kPhases + double{flicker.turns} * from_middle;
  return shown(1 + flicker.strength * static_cast<float>(std::cos(2 * std::numbers::pi * turns)));
}

/// From red, green and blue as shown to BT.601 full range with contrast, brightness and saturation.
struct Mixer {
  float contrast, offset, chroma;

  explicit Mixer(const ColorLook& look)
      : contrast(1 + kPerContrast * static_cast<float>(look.contrast - kMiddleContrast)),
        offset(128 - 128 * contrast +
               kPerBrightness * static_cast<float>(look.brightness - kMiddleBrightness)),
        chroma(contrast * static_cast<float>(look.saturation) / kMiddleSaturation) {}

  struct Pixel {
    float luma, blue, red;
  };
  Pixel operator()(const std::uint16_t* light, const Rgb& factors) const {
    const float r = std::min(static_cast<float>(light[0]) * factors.r, 255.0f);
    const float g = std::min(static_cast<float>(light[1]) * factors.g, 255.0f);
    const float b = std::min(static_cast<float>(light[2]) * factors.b, 255.0f);
    const float luma = 0.299f * r + 0.587f * g + 0.114f * b;
    return {luma * contrast + offset, 128 + (b - luma) * 0.564f * chroma, 128 + (r - luma) * 0.713f * chroma};
  }
};

void develop_row(const ColorLight& light, int row, const Rgb& factors, const Mixer& mixer, Yuv422& out) {
  const std::uint16_t* in = light.values.data() + light.offset(0, row);
  std::uint8_t* luma = out.luma.data() + out.luma_offset(0, row);
  std::uint8_t* blue = out.blue.data() + out.chroma_offset(0, row);
  std::uint8_t* red = out.red.data() + out.chroma_offset(0, row);
  for (int x = 0; x < light.size.width; x += 2, in += 6) {
    const Mixer::Pixel a = mixer(in, factors), b = mixer(in + 3, factors);
    *luma++ = to_byte(a.luma);
    *luma++ = to_byte(b.luma);
    *blue++ = to_byte((a.blue + b.blue) / 2);
    *red++ = to_byte((a.red + b.red) / 2);
  }
}

/// Moves the brightness away from (or, below the middle setting, toward) that of its surroundings.
void sharpen(Yuv422& picture, int sharpness) {
  if (sharpness == kMiddleSharpness) return;
  const float amount = kPerSharpness * static_cast<float>(sharpness - kMiddleSharpness);
  const std::vector<std::uint8_t> before = picture.luma;
  const auto [width, height] = picture.size;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* above = before.data() + picture.luma_offset(0, std::max(y - 1, 0));
    const std::uint8_t* own = before.data() + picture.luma_offset(0, y);
    const std::uint8_t* below = before.data() + picture.luma_offset(0, std::min(y + 1, height - 1));
    for (int x = 0; x < width; ++x) {
      const int around = own[std::max(x - 1, 0)] + own[std::min(x + 1, width - 1)] + above[x] + below[x];
      const float detail = static_cast<float>(own[x]) - static_cast<float>(around) / 4;
      picture.luma[picture.luma_offset(x, y)] = to_byte(static_cast<float>(own[x]) + amount * detail);
    }
  }
}

}  // namespace

Flicker flicker_of(int mains_hz, DeviceDuration exposure, HostDuration centre) {
  if (mains_hz <= 0) return {};
  const double rate = 2.0 * mains_hz;  // a lamp shines in both halves of the period
  const double angle = std::numbers::pi * rate * static_cast<double>(count_us(exposure)) / 1e6;
  const double strength = kFlicker * (angle > 0 ? std::sin(angle) / angle : 1);
  if (std::abs(strength) < kVisible) return {};
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t within = (centre.count() % kSecond + kSecond) % kSecond;  // a whole number of periods a second
  within = within * 2 * mains_hz % kSecond;
  return {.strength = static_cast<float>(strength),
          .turns = static_cast<float>(rate * static_cast<double>(count_us(kReadout)) / 1e6),
          .phase = static_cast<int>(within * Flicker::kPhases / kSecond)};
}

float noise_factor(const ColorLook& look) {
  return std::exp2(static_cast<float>(look.gain) / (2 * kGainsPerDoubling));
}

Yuv422 develop(const ColorLight& light, int y, int height, const ColorTone& tone) {
  Yuv422 picture(light.size);
  const Rgb factors = channel_factors(tone);
  const Mixer mixer(tone.look);
  for (int row = 0; row < light.size.height; ++row)
    develop_row(light, row, factors * row_factor(tone.flicker, y + row, height), mixer, picture);
  sharpen(picture, tone.look.sharpness);
  return picture;
}

}  // namespace genlock::device::sim
