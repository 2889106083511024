#include "device/sim/images/pulse_code.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "scenes.h"

namespace genlock::device::sim {
namespace {

using testing::color_options;
using testing::depth_options;

constexpr std::uint64_t kPulses[] = {0,   1,       2,        3,        7,        8,       255,
                                     256, 1000003, 0x555555, 0x7fffff, 0x800000, 0xffffff};

TEST(PulseCode, NeighboursDifferInOneCellOfTheNumber) {
  for (std::uint64_t pulse : kPulses) {
    const std::uint32_t now = pulse_code_bits(pulse) >> 4;
    const std::uint32_t next = pulse_code_bits(pulse + 1) >> 4;
    EXPECT_EQ(std::popcount(now ^ next), 1) << pulse << ": also from the highest number to 0";
  }
}

TEST(PulseCode, EveryDepthModeShowsItsPulse) {
  for (DepthMode mode : testing::kDepthModes) {
    const auto images = make_scene_images(depth_options(mode)).value();
    for (std::uint64_t pulse : kPulses) {
      const DepthIr frame = images->depth({.pulse = pulse}).value();
      EXPECT_EQ(read_pulse_code(PixelFormat::ir16, image_size(mode), frame.ir.bytes()), pulse)
          << to_string(mode);
      if (!has_depth_image(mode)) continue;
      EXPECT_EQ(read_pulse_code(PixelFormat::depth16, image_size(mode), frame.depth.bytes()), pulse)
          << to_string(mode);
    }
  }
}

TEST(PulseCode, EveryJpegResolutionShowsItsPulse) {
  for (ColorResolution resolution : testing::kResolutions) {
    ImageSource& images = testing::jpeg_images(resolution);
    for (std::uint64_t pulse : kPulses) {
      const Buffer frame = images.color({.pulse = pulse}).value();
      EXPECT_EQ(read_pulse_code(PixelFormat::mjpg, image_size(resolution), frame.bytes()), pulse)
          << to_string(resolution);
    }
  }
}

TEST(PulseCode, EveryUncompressedFormatShowsItsPulse) {
  for (PixelFormat format : {PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32}) {
    const auto images = make_scene_images(color_options(format, ColorResolution::r720p)).value();
    for (std::uint64_t pulse : kPulses) {
      const Buffer frame = images->color({.pulse = pulse}).value();
      ASSERT_EQ(frame.size(), image_bytes(format, {1280, 720}));
      EXPECT_EQ(read_pulse_code(format, {1280, 720}, frame.bytes()), pulse) << to_string(format);
    }
  }
  const auto images = make_scene_images(color_options(PixelFormat::bgra32, ColorResolution::r1536p)).value();
  EXPECT_EQ(read_pulse_code(PixelFormat::bgra32, {2048, 1536}, images->color({.pulse = 77})->bytes()), 77u);
}

TEST(PulseCode, OnlyTheLow24BitsAreShown) {
  const auto images = make_scene_images(depth_options(DepthMode::nfov_2x2binned)).value();
  const DepthIr frame = images->depth({.pulse = (std::uint64_t{5} << 24) + 1234}).value();
  EXPECT_EQ(read_pulse_code(PixelFormat::depth16, {320, 288}, frame.depth.bytes()), 1234u);
}

TEST(PulseCode, ImagesWithoutACodeHaveNoNumber) {
  const std::vector<std::byte> black(image_bytes(PixelFormat::depth16, {640, 576}));
  EXPECT_FALSE(read_pulse_code(PixelFormat::depth16, {640, 576}, black));
  EXPECT_FALSE(read_pulse_code(PixelFormat::depth16, {640, 576}, ByteSpan(black).first(1000)));
  EXPECT_FALSE(read_pulse_code(PixelFormat::mjpg, {1280, 720}, black));
  EXPECT_FALSE(read_pulse_code(PixelFormat::mjpg, {1280, 720}, {}));
}

TEST(PulseCode, SizesThatHaveNoRoomForACodeHaveNoNumber) {
  const std::vector<std::byte> bytes(1 << 20);
  for (PixelFormat format : {PixelFormat::mjpg, PixelFormat::nv12, PixelFormat::bgra32, PixelFormat::ir16})
    for (Size size : {Size{}, Size{1, 1}, Size{100, 100}, Size{4096, 10}, Size{-640, 576}})
      EXPECT_FALSE(read_pulse_code(format, size, bytes));
}

TEST(PulseCode, ADamagedCellIsNoticed) {
  const Size size{320, 288};
  const CodeArea area = depth_code_area(size);
  for (int cell = 0; cell < kCodeCells; ++cell) {
    std::vector<std::byte> image(image_bytes(PixelFormat::ir16, size));
    draw_pulse_code16(image, size, 4711, kIrCodeLevels);
    ASSERT_EQ(read_pulse_code(PixelFormat::ir16, size, image), 4711u);
    const bool white = pulse_code_cell(4711, cell);
    for (int y = area.y; y < area.y + area.cell_height; ++y)
      for (int x = area.x + cell * area.cell_width; x < area.x + (cell + 1) * area.cell_width; ++x) {
        const std::uint16_t other = white ? kIrCodeLevels.black : kIrCodeLevels.white;
        const std::size_t at = 2 * static_cast<std::size_t>(y * size.width + x);
        image[at] = static_cast<std::byte>(other & 0xff);
        image[at + 1] = static_cast<std::byte>(other >> 8);
      }
    EXPECT_FALSE(read_pulse_code(PixelFormat::ir16, size, image)) << "cell " << cell;
  }
}

}  // namespace
}  // namespace genlock::device::sim
