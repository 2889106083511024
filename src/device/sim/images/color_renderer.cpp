#include <algorithm>
#include <cmath>

#include "device/sim/images/color_loop.h"
#include "device/sim/images/noise.h"

namespace genlock::device::sim {
namespace {

constexpr int kCellShift = 3;
constexpr std::uint32_t kLumaStream = 3, kBlueStream = 4, kRedStream = 5;

/// Standard deviations of the sensor's noise; together with the scene's texture they make JPEG frames as
/// large as real ones (facts device.md 1.2).
constexpr float kLumaNoise = 0.6f;
constexpr float kChromaNoise = 0.35f;

constexpr Vec kLamp{350, -1250, 700};
constexpr float kLampReachSquared = 3000.0f * 3000.0f;
constexpr float kAmbient = 0.34f;
constexpr float kLampLight = 0.85f;

Rgb lit(const Surface& surface) {
  const Vec to_lamp = kLamp - surface.point;
  const float squared = dot(to_lamp, to_lamp);
  const float cosine = std::abs(dot(to_lamp, surface.normal)) / std::sqrt(squared + 1);
  const bool facing = dot(to_lamp, surface.normal) > 0;
  return surface.color * (kAmbient + (facing ? kLampLight * cosine / (1 + squared / kLampReachSquared) : 0));
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0f, 255.0f) + 0.5f);
}

float luma(const Rgb& c) {
  return 0.299f * c.r + 0.587f * c.g + 0.114f * c.b;
}

Rgb exposed(const Rgb& c, float gain) {
  return {std::min(c.r * gain, 255.0f), std::min(c.g * gain, 255.0f), std::min(c.b * gain, 255.0f)};
}

/// BT.601 full range; the chroma is that of the even pixel and the mean with the odd one.
void put_pixel(Yuv422& picture, int x, int y, const Rgb& c) {
  const float brightness = luma(c);
  const std::size_t at = picture.chroma_offset(x, y);
  const std::uint8_t blue = to_byte(128 + (c.b - brightness) * 0.564f);
  const std::uint8_t red = to_byte(128 + (c.r - brightness) * 0.713f);
  picture.luma[picture.luma_offset(x, y)] = to_byte(brightness);
  picture.blue[at] = x % 2 == 0 ? blue : static_cast<std::uint8_t>((picture.blue[at] + blue + 1) / 2);
  picture.red[at] = x % 2 == 0 ? red : static_cast<std::uint8_t>((picture.red[at] + red + 1) / 2);
}

/// `factor` is in 1/4096 of the row's numbers.
void add_row(std::uint8_t* values, std::span<const std::int8_t> noise, std::size_t count, int factor) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<std::uint8_t>(std::clamp(values[i] + ((noise[i] * factor + 2048) >> 12), 0, 255));
}

}  // namespace

ColorRenderer::ColorRenderer(const World& world, const geometry::CameraCalibration& camera,
                             const geometry::Extrinsics& world_from_color, const NoiseOptions& noise,
                             float gain)
    : world_(world), noise_(noise), gain_(gain), view_(camera, world_from_color, kCellShift) {
  view_.look_at_standing(world);
}

Yuv422 ColorRenderer::render(const Rect& rect, const Ball& ball, ObjectMask extra) const {
  Yuv422 picture(rect.size);
  const float pixel = 1 / static_cast<float>(view_.focal_px());
  const float gain = 255 * gain_;
  trace_region(view_, world_, ball, extra, rect,
               [&](int x, int y, View::Normalised, const Ray& ray, const Hit& hit) {
                 const Surface surface = world_.surface(ray, hit, ball, hit.depth * pixel);
                 put_pixel(picture, x - rect.x, y - rect.y, exposed(lit(surface), gain));
               });
  return picture;
}

std::optional<ColorRenderer::Patch> ColorRenderer::patch(int frame) const {
  const Ball ball = world_.ball_at(frame);
  const Rect rect = view_.region_of(ball);
  if (rect.empty()) return std::nullopt;
  return Patch{rect, render(rect, ball, world_.moving())};
}

void ColorRenderer::add_noise(Yuv422& picture, int x, int y, int frame) const {
  if (noise_.scale == 0) return;
  const int luma_factor = static_cast<int>(kLumaNoise * noise_.scale * 256);
  const int chroma_factor = static_cast<int>(kChromaNoise * noise_.scale * 256);
  const auto width = static_cast<std::size_t>(picture.size.width);
  for (int row = 0; row < picture.size.height; ++row) {
    const auto noise = [&](std::uint32_t stream, int from) {
      return normal_row_x16({noise_.seed, stream, static_cast<std::uint32_t>(frame),
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
