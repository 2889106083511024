// Colour conversion, with ffmpeg's as a second opinion.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "capi/color/convert.h"
#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::color {
namespace {

using Bytes = std::vector<std::byte>;

/// A picture whose colours change slowly, and stay inside what YUV of every range can tell.
Bytes smooth_bgra(Size size) {
  Bytes pixels;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (const int value : {40 + 160 * x / size.width, 60 + 140 * y / size.height,
                              220 - 80 * (x + y) / (size.width + size.height), 255})
        pixels.push_back(static_cast<std::byte>(value));
  return pixels;
}

Bytes one_color(Size size, std::initializer_list<int> pixel) {
  Bytes pixels;
  for (int i = 0; i < size.width * size.height; ++i)
    for (const int value : pixel) pixels.push_back(static_cast<std::byte>(value));
  return pixels;
}

Image image_of(PixelFormat format, Size size, Bytes bytes) {
  Image image;
  image.format = format;
  image.size = size;
  image.stride = stride_bytes(format, size.width);
  image.data = Buffer::from_vector(std::move(bytes));
  image.device_time = device_time_us(123456);
  return image;
}

Image jpeg_of(const Bytes& bgra, Size size, int subsampling) {
  const tjhandle compressor = tjInitCompress();
  unsigned char* jpeg = nullptr;
  unsigned long bytes = 0;
  EXPECT_EQ(tjCompress2(compressor, reinterpret_cast<const unsigned char*>(bgra.data()), size.width, 0,
                        size.height, TJPF_BGRA, &jpeg, &bytes, subsampling, 95, TJFLAG_ACCURATEDCT),
            0);
  const auto* first = reinterpret_cast<const std::byte*>(jpeg);
  Image image = image_of(PixelFormat::mjpg, size, Bytes(first, first + bytes));
  tjFree(jpeg);
  tjDestroy(compressor);
  return image;
}

/// The camera's own JPEG in the recording of a real unit: 1280x720, 4:2:2, restart markers.
Image real_frame() {
  const Result<test::Playback> take = test::play(test::data_file("mkv/pyk4a_recording.mkv"));
  EXPECT_TRUE(take && take->captures.size() == 1 && take->captures[0].color);
  return take ? take->captures.at(0).color.value() : Image();
}

struct Difference {
  int most = 0;
  double mean = 0;
};

Difference difference(ByteSpan a, ByteSpan b) {
  Difference found;
  EXPECT_EQ(a.size(), b.size());
  if (a.empty() || a.size() != b.size()) return {.most = 256, .mean = 256};
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int one = std::abs(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i]));
    found.most = std::max(found.most, one);
    found.mean += one;
  }
  found.mean /= static_cast<double>(a.size());
  return found;
}

std::string ffmpeg_name(PixelFormat format) {
  return format == PixelFormat::nv12 ? "nv12" : format == PixelFormat::yuy2 ? "yuyv422" : "bgra";
}

class Conversion : public testing::Test {
 protected:
  Bytes ffmpeg(const Image& image, PixelFormat to) {
    const std::filesystem::path in = folder_ / "in";
    const std::filesystem::path out = folder_ / "out";
    std::ofstream(in, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.data.data()),
               static_cast<std::streamsize>(image.data.size()));
    std::vector<std::string> command{"ffmpeg", "-v", "error", "-y"};
    if (image.format == PixelFormat::mjpg)
      command.insert(command.end(), {"-f", "mjpeg"});
    else
      command.insert(command.end(),
                     {"-f", "rawvideo", "-pix_fmt", ffmpeg_name(image.format), "-s",
                      std::to_string(image.size.width) + "x" + std::to_string(image.size.height)});
    command.insert(command.end(), {"-i", in, "-sws_flags", "accurate_rnd+full_chroma_int+bilinear", "-f",
                                   "rawvideo", "-pix_fmt", ffmpeg_name(to), out});
    test::Process process(command, {});
    EXPECT_EQ(process.wait(), 0) << process.output();
    Result<Bytes> bytes = test::load_file(out);
    EXPECT_TRUE(bytes);
    return bytes ? *std::move(bytes) : Bytes();
  }

  Image convert(const Image& image, PixelFormat to) {
    Result<Image> converted = converter_.convert(image, to);
    EXPECT_TRUE(converted) << converted.error().message();
    return converted ? *std::move(converted) : Image();
  }

  void expect_refused(const Image& image, PixelFormat to, Errc code) {
    const Result<Image> converted = converter_.convert(image, to);
    ASSERT_FALSE(converted);
    EXPECT_EQ(converted.error().code(), code) << converted.error().message();
  }

  test::TemporaryFolder folder_;
  Converter converter_;
};

constexpr Size kSmall{.width = 96, .height = 64};
constexpr std::array kRaw{PixelFormat::nv12, PixelFormat::yuy2, PixelFormat::bgra32};

// Rounding differs by 1 for each step (matrix, range, scaling), and the colours of neighbours are blended
// differently: on this picture that adds a slope of 160/96 a pixel.
TEST_F(Conversion, AgreesWithFfmpegForEveryPair) {
  const Image bgra = image_of(PixelFormat::bgra32, kSmall, smooth_bgra(kSmall));
  for (const PixelFormat from : kRaw) {
    const Image source = from == PixelFormat::bgra32 ? bgra : image_of(from, kSmall, ffmpeg(bgra, from));
    for (const PixelFormat to : kRaw) {
      if (to == from) continue;
      Bytes expected = ffmpeg(source, to);
      const Difference found = difference(convert(source, to).data.bytes(), expected);
      EXPECT_LE(found.most, 5) << to_string(from) << " to " << to_string(to);
      EXPECT_LE(found.mean, 1.2) << to_string(from) << " to " << to_string(to);
    }
  }
}

// The same for JPEG, whose chroma is not blended in BGRA but repeated: up to four times (4:1:1).
TEST_F(Conversion, TakesJpegsOfEverySubsampling) {
  for (const int subsampling : {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY}) {
    const Image jpeg = jpeg_of(smooth_bgra(kSmall), kSmall, subsampling);
    for (const PixelFormat to : kRaw) {
      const Difference found = difference(convert(jpeg, to).data.bytes(), ffmpeg(jpeg, to));
      EXPECT_LE(found.most, 8) << subsampling << " to " << to_string(to);
      EXPECT_LE(found.mean, 1.2) << subsampling << " to " << to_string(to);
    }
  }
}

// The picture has sharp edges, at which repeated chroma and ffmpeg's blended one differ most: 26 in BGRA.
TEST_F(Conversion, AgreesWithFfmpegOnARealFrame) {
  const Image frame = real_frame();
  for (const PixelFormat to : kRaw) {
    const Difference found = difference(convert(frame, to).data.bytes(), ffmpeg(frame, to));
    EXPECT_LE(found.most, to == PixelFormat::bgra32 ? 30 : 12) << to_string(to);
    EXPECT_LE(found.mean, 0.9) << to_string(to);
  }
}

// The anchors of BT.601 in video range.
TEST_F(Conversion, GivesWhiteBlackAndRedTheirVideoValues) {
  struct Anchor {
    std::initializer_list<int> bgra;
    std::array<int, 3> yuv;
  };
  for (const Anchor& anchor :
       {Anchor{{255, 255, 255, 255}, {235, 128, 128}}, Anchor{{0, 0, 0, 255}, {16, 128, 128}},
        Anchor{{0, 0, 255, 255}, {81, 90, 240}}}) {
    const Image jpeg = jpeg_of(one_color(kSmall, anchor.bgra), kSmall, TJSAMP_422);
    const Image yuy2 = convert(jpeg, PixelFormat::yuy2);
    const Image nv12 = convert(jpeg, PixelFormat::nv12);
    const auto value = [](const Image& image, std::size_t at) {
      return std::to_integer<int>(image.data.bytes()[at]);
    };
    for (const auto& [image, y, u, v] :
         {std::tuple(yuy2, 0UL, 1UL, 3UL), std::tuple(nv12, 0UL, 96UL * 64, 96UL * 64 + 1)}) {
      EXPECT_NEAR(value(image, y), anchor.yuv[0], 1);
      EXPECT_NEAR(value(image, u), anchor.yuv[1], 1);
      EXPECT_NEAR(value(image, v), anchor.yuv[2], 1);
    }
    const Image back = convert(nv12, PixelFormat::bgra32);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(value(back, i), *(anchor.bgra.begin() + i), 3);
  }
}

// BGRA does not have the colour (128, 255, 0): a detour over it would change all three.
TEST_F(Conversion, KeepsColorsBetweenYuvFormats) {
  const Bytes pair = one_color({.width = 48, .height = 64}, {128, 255, 128, 0});
  const Image yuy2 = image_of(PixelFormat::yuy2, kSmall, pair);
  const Image nv12 = convert(yuy2, PixelFormat::nv12);
  EXPECT_EQ(nv12.data.bytes()[0], std::byte{128});
  EXPECT_EQ(nv12.data.bytes()[96 * 64], std::byte{255});
  EXPECT_EQ(nv12.data.bytes()[96 * 64 + 1], std::byte{0});
  const Image again = convert(nv12, PixelFormat::yuy2);
  EXPECT_TRUE(std::ranges::equal(again.data.bytes(), pair));
}

TEST_F(Conversion, GivesPackedOpaqueRowsAndKeepsTheStamp) {
  const Image jpeg = jpeg_of(smooth_bgra(kSmall), kSmall, TJSAMP_422);
  const std::vector<std::pair<PixelFormat, int>> strides{
      {PixelFormat::nv12, 96}, {PixelFormat::yuy2, 192}, {PixelFormat::bgra32, 384}};
  for (const auto& [to, stride] : strides) {
    const Image image = convert(jpeg, to);
    EXPECT_EQ(image.format, to);
    EXPECT_EQ(image.size, kSmall);
    EXPECT_EQ(image.stride, stride);
    EXPECT_EQ(image.data.size(), image_bytes(to, kSmall));
    EXPECT_EQ(image.device_time, jpeg.device_time);
  }
  for (const Image& from : {jpeg, convert(jpeg, PixelFormat::nv12), convert(jpeg, PixelFormat::yuy2)}) {
    const Image bgra = convert(from, PixelFormat::bgra32);
    for (std::size_t i = 3; i < bgra.data.size(); i += 4) ASSERT_EQ(bgra.data.bytes()[i], std::byte{255});
  }
}

TEST_F(Conversion, GivesTheStoredBytesInTheStoredFormat) {
  for (const PixelFormat format : {PixelFormat::mjpg, PixelFormat::nv12, PixelFormat::bgra32}) {
    const Image image = image_of(format, kSmall, Bytes(77, std::byte{1}));
    EXPECT_EQ(convert(image, format).data.data(), image.data.data());
  }
}

TEST_F(Conversion, TakesOddSizesWhereTheFormatHasThem) {
  for (const Size odd : {Size{33, 17}, Size{1, 1}, Size{34, 17}, Size{33, 18}}) {
    for (const int subsampling : {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_411}) {
      const Image jpeg = jpeg_of(smooth_bgra(odd), odd, subsampling);
      const Difference bgra = difference(convert(jpeg, PixelFormat::bgra32).data.bytes(), smooth_bgra(odd));
      EXPECT_LE(bgra.mean, 3) << odd.width << "x" << odd.height << " " << subsampling;
      if (odd.width % 2 == 0) {
        const Difference yuy2 =
            difference(convert(jpeg, PixelFormat::yuy2).data.bytes(), ffmpeg(jpeg, PixelFormat::yuy2));
        EXPECT_LE(yuy2.most, 10) << odd.width << "x" << odd.height << " " << subsampling;
      } else {
        expect_refused(jpeg, PixelFormat::yuy2, Errc::unsupported);
      }
      expect_refused(jpeg, PixelFormat::nv12, Errc::unsupported);
    }
  }
}

TEST_F(Conversion, RefusesPairsThatItHasNot) {
  const Image nv12 = image_of(PixelFormat::nv12, kSmall, Bytes(96 * 64 * 3 / 2));
  expect_refused(nv12, PixelFormat::mjpg, Errc::unsupported);
  expect_refused(nv12, PixelFormat::depth16, Errc::unsupported);
  expect_refused(image_of(PixelFormat::depth16, kSmall, Bytes(96 * 64 * 2)), PixelFormat::bgra32,
                 Errc::unsupported);
  EXPECT_FALSE(can_convert(PixelFormat::yuy2, PixelFormat::mjpg));
  EXPECT_TRUE(can_convert(PixelFormat::mjpg, PixelFormat::mjpg));
}

TEST_F(Conversion, RefusesAnotherNumberOfBytes) {
  for (const PixelFormat from : kRaw) {
    const PixelFormat to = from == PixelFormat::bgra32 ? PixelFormat::nv12 : PixelFormat::bgra32;
    const std::size_t bytes = image_bytes(from, kSmall);
    expect_refused(image_of(from, kSmall, Bytes(bytes - 1)), to, Errc::corrupt);
    expect_refused(image_of(from, kSmall, Bytes(bytes + 1)), to, Errc::corrupt);
    expect_refused(image_of(from, kSmall, {}), to, Errc::corrupt);
  }
  expect_refused(image_of(PixelFormat::mjpg, kSmall, {}), PixelFormat::bgra32, Errc::corrupt);
}

TEST_F(Conversion, RefusesSizesThatAreNone) {
  for (const Size size : {Size{0, 0}, Size{-2, 4}, Size{1 << 30, 1 << 30}, Size{2, 20002}}) {
    Image image = image_of(PixelFormat::nv12, kSmall, Bytes(96));
    image.size = size;
    expect_refused(image, PixelFormat::bgra32, Errc::unsupported);
  }
}

TEST_F(Conversion, RefusesACutJpeg) {
  const Image frame = real_frame();
  for (const std::size_t percent : {1UL, 10UL, 50UL, 99UL}) {
    const ByteSpan part = frame.data.bytes().first(frame.data.size() * percent / 100);
    const Image cut = image_of(PixelFormat::mjpg, frame.size, Bytes(part.begin(), part.end()));
    for (const PixelFormat to : kRaw) expect_refused(cut, to, Errc::corrupt);
  }
}

TEST_F(Conversion, RefusesAJpegThatMissesSomethingInside) {
  const Image frame = real_frame();
  const ByteSpan all = frame.data.bytes();
  Bytes holed(all.begin(), all.end());
  const auto middle = holed.begin() + static_cast<std::ptrdiff_t>(holed.size() / 2);
  holed.erase(middle, middle + 20'000);  // several restart markers
  for (const PixelFormat to : kRaw)
    expect_refused(image_of(PixelFormat::mjpg, frame.size, holed), to, Errc::corrupt);
}

// Any damage either shows or gives a picture of the right size; the sanitizers see the rest.
TEST_F(Conversion, SurvivesAnyDamage) {
  const Image jpeg = jpeg_of(smooth_bgra(kSmall), kSmall, TJSAMP_422);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < jpeg.data.size(); at += 3) {
    Bytes bytes(jpeg.data.bytes().begin(), jpeg.data.bytes().end());
    bytes[at] ^= std::byte{0xFF};
    const Result<Image> image = converter_.convert(image_of(PixelFormat::mjpg, kSmall, bytes),
                                                   at % 2 == 0 ? PixelFormat::nv12 : PixelFormat::bgra32);
    if (!image) {
      EXPECT_EQ(image.error().code(), Errc::corrupt);
      ++refused;
    }
  }
  EXPECT_GT(refused, 20U);
  EXPECT_EQ(convert(jpeg, PixelFormat::nv12).size, kSmall) << "damage does not stick";
}

/// `jpeg` with another size in its frame header.
Image resized(const Image& jpeg, int width, int height) {
  Bytes bytes(jpeg.data.bytes().begin(), jpeg.data.bytes().end());
  const Bytes start{std::byte{0xFF}, std::byte{0xC0}};
  const auto frame = std::search(bytes.begin(), bytes.end(), start.begin(), start.end());
  const std::array values{height >> 8, height & 0xFF, width >> 8, width & 0xFF};
  std::ranges::transform(values, frame + 5, [](int value) { return static_cast<std::byte>(value); });
  return image_of(PixelFormat::mjpg, jpeg.size, std::move(bytes));
}

// A few KB that decode to 12 GB, where the track says nothing of it, or says it too.
TEST_F(Conversion, RefusesDecompressionBombs) {
  const Image jpeg = jpeg_of(smooth_bgra(kSmall), kSmall, TJSAMP_422);
  expect_refused(resized(jpeg, 55000, 55000), PixelFormat::bgra32, Errc::corrupt);
  expect_refused(resized(jpeg, 96, 56), PixelFormat::nv12, Errc::corrupt);
  Image bomb = resized(jpeg, 16000, 16000);
  bomb.size = {16000, 16000};
  expect_refused(bomb, PixelFormat::bgra32, Errc::corrupt);
  expect_refused(bomb, PixelFormat::yuy2, Errc::corrupt);
}

}  // namespace
}  // namespace genlock::color
