#include "device/sim/images/jpeg.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "device/sim/images/pulse_code.h"
#include "scenes.h"

// A frame has the anatomy of the camera's (facts device.md 1.2).

namespace genlock::device::sim {
namespace {

using testing::color_options;

unsigned at(ByteSpan bytes, std::size_t i) {
  return std::to_integer<unsigned>(bytes[i]);
}

struct Segment {
  unsigned marker = 0;
  ByteSpan content;
};

/// The segments between SOI and the entropy-coded data, and that data.
struct Anatomy {
  std::vector<Segment> segments;
  ByteSpan scan;
};

Anatomy dissect(ByteSpan jpeg) {
  Anatomy anatomy;
  EXPECT_EQ(at(jpeg, 0) << 8 | at(jpeg, 1), 0xffd8u);
  for (std::size_t i = 2; i + 4 < jpeg.size();) {
    EXPECT_EQ(at(jpeg, i), 0xffu);
    const std::size_t length = at(jpeg, i + 2) << 8 | at(jpeg, i + 3);
    anatomy.segments.push_back({at(jpeg, i + 1), jpeg.subspan(i + 4, length - 2)});
    i += 2 + length;
    if (anatomy.segments.back().marker != 0xda) continue;
    anatomy.scan = jpeg.subspan(i);
    return anatomy;
  }
  ADD_FAILURE() << "no scan";
  return anatomy;
}

std::string hex(ByteSpan bytes) {
  std::string text;
  for (std::byte b : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", std::to_integer<unsigned>(b));
    text += digits;
  }
  return text;
}

Buffer frame_of(ColorResolution resolution, std::uint64_t pulse = 0) {
  return testing::jpeg_images(resolution).color({.pulse = pulse}).value();
}

TEST(Jpeg, TheHeaderIsTheCameras) {
  const Buffer frame = frame_of(ColorResolution::r720p);
  const Anatomy anatomy = dissect(frame.bytes());
  std::vector<unsigned> markers;
  for (const Segment& segment : anatomy.segments) markers.push_back(segment.marker);
  ASSERT_EQ(markers, (std::vector<unsigned>{0xdb, 0xc0, 0xc4, 0xc4, 0xc4, 0xc4, 0xfe, 0xe0, 0xdd, 0xda}));
  const auto& s = anatomy.segments;
  ASSERT_EQ(s[0].content.size() + 2, 197u);
  EXPECT_EQ(hex(s[0].content.first(33)),
            "0002010102020405060101010203060606010102020406070601020203050908"
            "06");
  EXPECT_EQ(at(s[0].content, 65), 1u);
  EXPECT_EQ(hex(s[0].content.subspan(66, 8)), "020202050a0a0a0a");
  EXPECT_EQ(hex(s[1].content),
            "0802d00500"
            "03012100021101031102");
  EXPECT_EQ(s[2].content.size() + 2, 31u);
  EXPECT_EQ(s[3].content.size() + 2, 181u);
  EXPECT_EQ(hex(s[3].content.first(17)),
            "1000020103030204030505040400000"
            "17d");
  EXPECT_EQ(hex(s[6].content), std::string(16, '0'));
  EXPECT_EQ(hex(s[7].content), std::string(28, '0'));
  EXPECT_EQ(hex(s[8].content), "01c2") << "450 MCUs";
  EXPECT_EQ(hex(s[9].content), "03010002110311003f00");
}

TEST(Jpeg, ThereAreFifteenRestartMarkersInOrderAndNothingAfterEoi) {
  for (ColorResolution resolution : testing::kResolutions) {
    const Buffer frame = frame_of(resolution);
    const ByteSpan scan = dissect(frame.bytes()).scan;
    unsigned restarts = 0;
    std::size_t end = 0;
    for (std::size_t i = 0; i + 1 < scan.size(); ++i) {
      if (at(scan, i) != 0xff || at(scan, i + 1) == 0) continue;
      if (at(scan, i + 1) == 0xd9)
        end = i + 2;
      else
        EXPECT_EQ(at(scan, i + 1), 0xd0 + restarts++ % 8);
    }
    EXPECT_EQ(restarts, 15u) << to_string(resolution);
    EXPECT_EQ(end, scan.size());
  }
}

TEST(Jpeg, EveryResolutionDecodesWithoutAWarning) {
  for (ColorResolution resolution : testing::kResolutions) {
    const Buffer frame = frame_of(resolution, 12345);
    const Size size = image_size(resolution);
    const auto luma = decode_jpeg_luma(frame.bytes(), size.height);
    ASSERT_TRUE(luma) << luma.error().message();
    EXPECT_EQ(luma->image, size);
    EXPECT_EQ(luma->rows, size.height);
  }
}

TEST(Jpeg, TheDecodedPictureIsTheScene) {
  SceneImagesOptions options = color_options(PixelFormat::mjpg, ColorResolution::r720p);
  options.noise = 0;
  const Buffer jpeg = make_scene_images(options).value()->color({.pulse = 5}).value();
  options.config.color_format = PixelFormat::nv12;
  const Buffer plain = make_scene_images(options).value()->color({.pulse = 5}).value();
  const Luma luma = decode_jpeg_luma(jpeg.bytes(), 720).value();
  double sum = 0;
  for (std::size_t i = 0; i < luma.pixels.size(); ++i)
    sum += std::abs(luma.pixels[i] - std::to_integer<int>(plain.data()[i]));
  EXPECT_LT(sum / static_cast<double>(luma.pixels.size()), 1.5) << "wrongly ordered tables would show here";
}

void expect_real_size(const Buffer& frame, ColorResolution resolution) {
  const Size size = image_size(resolution);
  const double bits = 8.0 * static_cast<double>(frame.size()) / (size.width * size.height);
  EXPECT_GT(bits, 1.3) << to_string(resolution);
  EXPECT_LT(bits, 2.9) << to_string(resolution);
}

TEST(Jpeg, SizesAreThoseOfRealFrames) {
  for (ColorResolution resolution : testing::kResolutions) expect_real_size(frame_of(resolution), resolution);
  for (const Pose& pose :
       {look_at({-0.9, 0, 0.1}, {0, 0.1, 1.8}), look_at({0.9, -0.2, 0.1}, {0, 0.1, 1.8})}) {
    SceneImagesOptions options = color_options(PixelFormat::mjpg, ColorResolution::r720p);
    options.pose = pose;
    expect_real_size(make_scene_images(options).value()->color({.pulse = 0}).value(), ColorResolution::r720p);
  }
}

TEST(Jpeg, PulsesOfOneLoopFrameDifferInTheFirstIntervalOnly) {
  const Buffer one = frame_of(ColorResolution::r1080p, 2);
  const Buffer other = frame_of(ColorResolution::r1080p, 2 + 2 * 999);
  EXPECT_FALSE(testing::same(one, other));
  const ByteSpan scan_one = dissect(one.bytes()).scan;
  const ByteSpan scan_other = dissect(other.bytes()).scan;
  EXPECT_TRUE(std::ranges::equal(scan_one.subspan(first_interval_bytes(scan_one)),
                                 scan_other.subspan(first_interval_bytes(scan_other))));
}

TEST(Jpeg, OutsideBytesAreRefusedWithAReason) {
  const Buffer frame = frame_of(ColorResolution::r720p);
  EXPECT_FALSE(decode_jpeg_luma({}, 10));
  EXPECT_FALSE(decode_jpeg_luma(frame.bytes().first(300), 10));
  const auto cut = decode_jpeg_luma(frame.bytes().first(frame.size() / 2), 720);
  ASSERT_FALSE(cut) << "a warning of libjpeg counts";
  EXPECT_EQ(cut.error().code(), Errc::corrupt);
  EXPECT_NE(cut.error().message().find("decoding a JPEG image: "), std::string::npos);
}

/// A file that goes when the test does.
class TemporaryFile {
 public:
  explicit TemporaryFile(ByteSpan bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("genlock_sim_images_" + std::to_string(::getpid()) + ".jpg")) {
    std::ofstream file(path_, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// What a command writes to its outputs.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot start " + command;
  char part[256];
  while (std::fgets(part, sizeof part, pipe) != nullptr) text += part;
  const int status = ::pclose(pipe);
  return status == 0 ? text : text + "exit status " + std::to_string(status);
}

TEST(Jpeg, FfmpegHasNothingToComplainOf) {
  const TemporaryFile file(frame_of(ColorResolution::r1080p).bytes());
  EXPECT_EQ(output_of("ffmpeg -nostdin -v warning -i " + file.path() + " -f null -"), "");
  EXPECT_EQ(output_of("ffprobe -v warning -of csv=p=0 -show_entries stream=codec_name,width,height,pix_fmt " +
                      file.path()),
            "mjpeg,1920,1080,yuvj422p\n");
}

}  // namespace
}  // namespace genlock::device::sim
