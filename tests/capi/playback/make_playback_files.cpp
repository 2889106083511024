// Writes the recordings that the C tests of playback read; playback_files.h says what is in them.

#include <fmt/core.h>
#include <turbojpeg.h>

#include <cstdio>
#include <fstream>

#include "capi/color/convert.h"
#include "capi/playback/playback_files.h"
#include "support/recording_support.h"

namespace genlock {
namespace {

using recording::RecordingInfo;
using recording::Writer;

constexpr std::int64_t time_of(int frame) {
  return FIRST_US + std::int64_t{frame} * PERIOD_US;
}

Buffer payload(int track, int frame, int bytes = PAYLOAD_BYTES) {
  std::vector<std::byte> data;
  for (int at = 0; at < bytes; ++at) data.push_back(std::byte{payload_byte(track, frame, at)});
  return Buffer::from_vector(std::move(data));
}

Image image(PixelFormat format, Size size, std::int64_t time_us, Buffer data) {
  Image made;
  made.format = format;
  made.size = size;
  made.stride = stride_bytes(format, size.width);
  made.data = std::move(data);
  made.device_time = device_time_us(time_us);
  return made;
}

/// Ends the program where a file can't be made: the tests that need it would only say so less clearly.
void must(const Status& status) {
  if (status) return;
  fmt::print(stderr, "make_playback_files: {}\n", status.error().message());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) must(Status(result.error()));
  return *std::move(result);
}

/// A file being written, everything in any order.
class File {
 public:
  File(const std::filesystem::path& path, const RecordingInfo& info, recording::WriterOptions options = {})
      : config_(info.config) {
    options.hold_back = device_us(60'000'000);
    options.any_image_size = true;
    writer_ = must(Writer::create(must(create_file(path, IfExists::replace)), info, options));
  }
  ~File() { must(writer_->close()); }

  void color(int frame, std::int64_t time_us) {
    Capture capture;
    capture.color = image(PixelFormat::mjpg, image_size(config_.color_resolution), time_us,
                          payload(PAYLOAD_COLOR, frame));
    must(writer_->write(capture));
  }
  void color(Image picture) {
    Capture capture;
    capture.color = std::move(picture);
    must(writer_->write(capture));
  }
  void depth_and_ir(int frame, std::int64_t time_us) {
    const Size size = image_size(config_.depth_mode);
    Capture capture;
    if (has_depth_image(config_.depth_mode))
      capture.depth = image(PixelFormat::depth16, size, time_us, payload(PAYLOAD_DEPTH, frame));
    capture.ir = image(PixelFormat::ir16, size, time_us, payload(PAYLOAD_IR, frame));
    must(writer_->write(capture));
  }
  void imu(int number) {
    ImuSample sample;
    sample.accel = {static_cast<float>(number), 0, 9.81F};
    sample.accel_time = device_time_us(std::int64_t{number} * IMU_STEP_US);
    sample.gyro = {0, -static_cast<float>(number), 0};
    sample.gyro_time = sample.accel_time + device_us(GYRO_LATER_US);
    must(writer_->write(std::span(&sample, 1)));
  }
  void data(std::string_view track, int number, std::int64_t time_us, int bytes) {
    must(writer_->write(track, device_time_us(time_us), payload(PAYLOAD_CUSTOM, number, bytes)));
  }

 private:
  const CameraConfig config_;
  std::unique_ptr<Writer> writer_;
};

RecordingInfo info_of(const CameraConfig& config, bool imu = false) {
  HardwareVersion version;
  version.color = {1, 6, 110};
  version.depth = {1, 6, 79};
  const std::vector<std::byte> blob =
      must(test::load_file(test::data_file("calib/k4a.net.raw_calibration.bin")));
  const Buffer text = Buffer::copy_of(ByteSpan(blob).first(blob.size() - 1));
  return recording::info_from_unit(config, imu, "000019492412", version, text, false, {});
}

CameraConfig both_cameras() {
  return test::small_config();
}

CameraConfig depth_only() {
  CameraConfig config = both_cameras();
  config.color_resolution = ColorResolution::off;
  return config;
}

void make_walk(const std::filesystem::path& folder) {
  File walk(folder / "walk.mkv", info_of(both_cameras()));
  File late(folder / "late.mkv", info_of(both_cameras()));
  File gaps(folder / "gaps.mkv", info_of(both_cameras()));
  File halves(folder / "halves.mkv", info_of(both_cameras()));
  for (int i = 0; i < FRAMES; ++i) {
    walk.color(i, time_of(i));
    walk.depth_and_ir(i, time_of(i) + DEPTH_LATER_US);
    late.color(i, time_of(i) - FIRST_US + std::int64_t{LATE_FIRST_US});
    late.depth_and_ir(i, time_of(i) - FIRST_US + std::int64_t{LATE_FIRST_US});
    const std::int64_t half = FIRST_US + std::int64_t{i} * HALVES_STEP_US;
    halves.color(i, half);
    halves.depth_and_ir(i, half + HALF_US + (i % 2 == 0 ? 1 : 0));
    if (i != NO_COLOR_1 && i != NO_COLOR_2 && i != NOTHING) gaps.color(i, time_of(i));
    if (i != ONLY_COLOR_1 && i != ONLY_COLOR_2 && i != NOTHING) gaps.depth_and_ir(i, time_of(i));
  }
}

/// The pictures of walk.mkv in parts.mkv, parts-part2.mkv and so on.
void make_parts(const std::filesystem::path& folder) {
  recording::WriterOptions options;
  options.split.duration = device_us(PART_US);
  options.split.next_part = [folder](std::uint32_t part) {
    return create_file(folder / fmt::format("parts-part{}.mkv", part), IfExists::replace);
  };
  File file(folder / "parts.mkv", info_of(both_cameras()), options);
  for (int i = 0; i < FRAMES; ++i) {
    file.color(i, time_of(i));
    file.depth_and_ir(i, time_of(i) + DEPTH_LATER_US);
  }
}

void make_delays(const std::filesystem::path& folder) {
  for (const int delay : {+DELAY_US, -DELAY_US}) {
    CameraConfig config = both_cameras();
    config.depth_delay_off_color = device_us(delay);
    config.sync_mode = WiredSyncMode::subordinate;
    config.delay_off_master = device_us(320);
    File file(folder / (delay > 0 ? "delay_plus.mkv" : "delay_minus.mkv"), info_of(config));
    for (int i = 0; i < FRAMES; ++i) {
      file.color(i, time_of(i));
      file.depth_and_ir(i, time_of(i) + delay);
    }
  }
}

void make_imu(const std::filesystem::path& folder) {
  RecordingInfo info = info_of(depth_only(), true);
  info.raw_calibration = {};
  File file(folder / "imu.mkv", info);
  for (int i = 0; i < IMU_FRAMES; ++i) file.depth_and_ir(i, std::int64_t{i} * PERIOD_US);
  for (int i = 0; i < IMU_SAMPLES; ++i) file.imu(i);
  CameraConfig off = depth_only();
  off.depth_mode = DepthMode::off;
  File alone(folder / "imu_only.mkv", info_of(off, true));
  for (int i = 0; i < 100; ++i) alone.imu(i);
}

void make_custom(const std::filesystem::path& folder) {
  using recording::CustomTrack;
  RecordingInfo info = info_of(depth_only());
  const std::array<std::byte, 3> context{std::byte{1}, std::byte{0}, std::byte{0xFF}};
  info.custom_tracks = {
      CustomTrack{.name = "EVENTS", .kind = CustomTrack::Kind::subtitle, .codec_id = "S_TEST"},
      CustomTrack{
          .name = "FAST", .kind = CustomTrack::Kind::subtitle, .codec_id = "S_FAST", .high_frequency = true},
      CustomTrack{.name = "PICTURES",
                  .kind = CustomTrack::Kind::video,
                  .codec_id = "V_TEST",
                  .codec_private = Buffer::copy_of(context),
                  .width = 48,
                  .height = 32,
                  .frames_per_second = 30}};
  info.tags = {{"TAKE", "first light"}, {"EMPTY", ""}};
  const std::string_view notes("a\0b\nc", 5);
  info.attachments = {{"notes", Buffer::copy_of(std::as_bytes(std::span(notes)))},
                      {"data.bin", Buffer::copy_of(std::as_bytes(std::span("x", 1)))}};
  File file(folder / "custom.mkv", info);
  for (int i = 0; i < FRAMES; ++i) file.depth_and_ir(i, time_of(i));
  for (int i = 0; i < EVENTS; ++i) file.data("EVENTS", i, FIRST_US + std::int64_t{i} * EVENT_STEP_US, i + 1);
  for (int i = 0; i < FAST; ++i) file.data("FAST", i, FIRST_US + std::int64_t{i} * FAST_STEP_US, 4);
  for (int i = 0; i < PICTURES; ++i)
    file.data("PICTURES", i, FIRST_US + std::int64_t{i} * PICTURE_STEP_US, PICTURE_BYTES);
}

/// Grey from left to right: Y 40 to 216.
Image grey_nv12(std::int64_t time_us) {
  const Size size = image_size(ColorResolution::r720p);
  std::vector<std::byte> pixels(image_bytes(PixelFormat::nv12, size), std::byte{128});
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      pixels[static_cast<std::size_t>(y * size.width + x)] =
          static_cast<std::byte>(40 + 176 * x / size.width);
  return image(PixelFormat::nv12, size, time_us, Buffer::from_vector(std::move(pixels)));
}

CameraConfig color_only(PixelFormat format, FrameRate rate) {
  CameraConfig config = both_cameras();
  config.depth_mode = DepthMode::off;
  config.color_format = format;
  config.rate = rate;
  return config;
}

void make_colors(const std::filesystem::path& folder) {
  color::Converter converter;
  const std::array<std::tuple<PixelFormat, const char*, FrameRate>, 3> files{
      std::tuple(PixelFormat::nv12, "color_nv12.mkv", FrameRate::fps30),
      std::tuple(PixelFormat::yuy2, "color_yuy2.mkv", FrameRate::fps15),
      std::tuple(PixelFormat::bgra32, "color_bgra.mkv", FrameRate::fps5)};
  for (const auto& [format, name, rate] : files) {
    File file(folder / name, info_of(color_only(format, rate)));
    for (int i = 0; i < COLOR_FRAMES; ++i)
      file.color(must(converter.convert(grey_nv12(FIRST_US + i * count_us(period_us(rate))), format)));
  }
}

/// The picture of grey_nv12 as the JPEG of a unit's subsampling, 4:2:2.
Buffer grey_jpeg(Size size) {
  std::vector<unsigned char> grey;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      grey.insert(grey.end(), 3, static_cast<unsigned char>((40 + 176 * x / size.width - 16) * 255 / 219));
  const tjhandle compressor = tjInitCompress();
  unsigned char* jpeg = nullptr;
  unsigned long bytes = 0;
  if (tjCompress2(compressor, grey.data(), size.width, 0, size.height, TJPF_BGR, &jpeg, &bytes, TJSAMP_422,
                  95, 0) != 0)
    must(Status(Error(Errc::internal, tjGetErrorStr2(compressor))));
  Buffer copy = Buffer::copy_of(std::as_bytes(std::span(jpeg, bytes)));
  tjFree(jpeg);
  tjDestroy(compressor);
  return copy;
}

void make_mjpg(const std::filesystem::path& folder) {
  const Size size = image_size(ColorResolution::r720p);
  const Buffer jpeg = grey_jpeg(size);
  File file(folder / "color_mjpg.mkv", info_of(color_only(PixelFormat::mjpg, FrameRate::fps30)));
  for (int i = 0; i < 3; ++i)
    file.color(image(PixelFormat::mjpg, size, time_of(i), i == 1 ? jpeg.slice(0, jpeg.size() / 2) : jpeg));
}

/// An unfinished recording with a Void of LARGE_HOLE bytes before every other cluster, which take no room on
/// disk.
void make_large(const std::filesystem::path& folder) {
  const std::vector<std::byte> small = must(test::record_unfinished(
      info_of(depth_only()),
      test::synthetic_take(depth_only(), false, LARGE_FRAMES, device_time_us(FIRST_US))));
  const std::string_view bytes(reinterpret_cast<const char*>(small.data()), small.size());
  std::ofstream file(folder / "large.mkv", std::ios::binary);
  std::size_t from = 0;
  for (int number = 0; from < bytes.size(); ++number) {
    const std::size_t cluster = std::min(bytes.find("\x1F\x43\xB6\x75", from + 1), bytes.size());
    file.write(bytes.data() + from, static_cast<std::streamsize>(cluster - from));
    from = cluster;
    if (number % 2 != 0 || from == bytes.size()) continue;
    file.write("\xEC\x01", 2);
    for (int shift = 48; shift >= 0; shift -= 8)
      file.put(static_cast<char>(std::uint64_t{LARGE_HOLE} >> shift & 0xFF));
    file.seekp(std::int64_t{LARGE_HOLE}, std::ios::cur);
  }
}

void make_others(const std::filesystem::path& folder) {
  CameraConfig ir = depth_only();
  ir.depth_mode = DepthMode::passive_ir;
  ir.rate = FrameRate::fps15;
  File file(folder / "ir_only.mkv", info_of(ir));
  for (int i = 0; i < 3; ++i) file.depth_and_ir(i, FIRST_US + i * 66666);
  File header(folder / "header_only.mkv", info_of(both_cameras()));
  std::ofstream(folder / "empty.mkv");
  std::ofstream(folder / "text.mkv") << "This is no recording, however long it may get.\n";
}

}  // namespace
}  // namespace genlock

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_playback_files FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  genlock::make_walk(folder);
  genlock::make_parts(folder);
  genlock::make_delays(folder);
  genlock::make_imu(folder);
  genlock::make_custom(folder);
  genlock::make_colors(folder);
  genlock::make_mjpg(folder);
  genlock::make_large(folder);
  genlock::make_others(folder);
  return 0;
}
