#include "device/sim/images/color_camera.h"

#include <algorithm>

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kLumaStream = 3, kBlueStream = 4, kRedStream = 5;

/// Standard deviations of the sensor's noise without gain; together with the scene's texture they make JPEG
/// frames as large as real ones (facts device.md 1.2).
constexpr float kLumaNoise = 0.6f;
constexpr float kChromaNoise = 0.35f;

/// `factor` is in 1/4096 of the row's numbers.
void add_row(std::uint8_t* values, std::span<const std::int8_t> noise, std::size_t count, int factor) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<std::uint8_t>(std::clamp(values[i] + ((noise[i] * factor + 2048) >> 12), 0, 255));
}

}  // namespace

ColorTone ColorCamera::tone_of(const ColorMoment& moment) const {
  return {.look = moment.look,
          .flicker = flicker_of(options_.mains_hz, moment.look.exposure, moment.centre),
          .pink = moment.damage == ColorDamage::pink};
}

const ColorLight& ColorCamera::light() {
  if (light_.values.empty()) light_ = renderer_.background();
  return light_;
}

const Yuv422& ColorCamera::background(const ColorTone& tone) {
  if (background_.luma.empty() || tone_ != tone) {
    background_ = develop(light(), 0, size().height, tone);
    tone_ = tone;
  }
  return background_;
}

std::optional<ColorCamera::Patch> ColorCamera::patch(int frame, const ColorTone& tone) {
  const double open =
      static_cast<double>(count_us(tone.look.exposure)) / static_cast<double>(count_us(options_.period));
  const auto lit = renderer_.patch(frame, std::clamp(open, 0.0, 1.0), light());
  if (!lit) return std::nullopt;
  return Patch{lit->rect, develop(lit->light, lit->rect.y, size().height, tone)};
}

void ColorCamera::add_noise(Yuv422& picture, int x, int y, int frame, const ColorTone& tone) const {
  const float scale = options_.noise.scale * noise_factor(tone.look) * 256;
  if (scale == 0) return;
  const int luma_factor = static_cast<int>(kLumaNoise * scale);
  const int chroma_factor = static_cast<int>(kChromaNoise * scale);
  const auto width = static_cast<std::size_t>(picture.size.width);
  for (int row = 0; row < picture.size.height; ++row) {
    const auto noise = [&](std::uint32_t stream, int from) {
      return normal_row_x16({options_.noise.seed, stream, static_cast<std::uint32_t>(frame),
                             static_cast<std::uint32_t>(y + row)})
          .subspan(static_cast<std::size_t>(from));
    };
    add_row(picture.luma.data() + picture.luma_offset(0, row), noise(kLumaStream, x), width, luma_factor);
    add_row(picture.blue.data() + picture.chroma_offset(0, row), noise(kBlueStream, x / 2), width / 2,
            chroma_factor);
    add_row(picture.red.data() + picture.chroma_offset(0, row), noise(kRedStream, x / 2), width / 2,
            chroma_factor);
  }
}

}  // namespace genlock::device::sim
