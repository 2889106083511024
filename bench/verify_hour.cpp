// What the verdict of a long take of many units costs: recordings as large as real ones, with holes for their
// pixels. Prints seconds; keeps no file.

#include <fmt/core.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <random>

#include "recording/writer.h"
#include "support/recording_support.h"
#include "support/sparse_file.h"
#include "take/judge_files.h"

namespace genlock::bench {
namespace {

struct Request {
  std::filesystem::path folder = ".";
  int minutes = 60;
  int units = 9;
  bool keep = false;  ///< recordings, for the next time
};

constexpr std::int64_t kPeriodTicks = 3000;
constexpr CameraConfig kCameras{.color_resolution = ColorResolution::r1080p,
                                .depth_mode = DepthMode::nfov_2x2binned,
                                .rate = FrameRate::fps30};

/// A unit's frames: ticks with jitter, on a clock of its own.
class Frames {
 public:
  explicit Frames(int unit) : random_(static_cast<unsigned>(unit) + 1), rate_(1 + unit * 3e-6), unit_(unit) {}

  Capture capture(std::int64_t pulse) {
    Capture capture;
    const std::int64_t delay = 16 * unit_;
    capture.color = image(PixelFormat::mjpg, color_, stamp(pulse, 0), pulse);
    capture.depth = image(PixelFormat::depth16, pixels_, stamp(pulse, delay), pulse);
    capture.ir = capture.depth;
    capture.ir->format = PixelFormat::ir16;
    return capture;
  }

 private:
  DeviceTime stamp(std::int64_t pulse, std::int64_t delay) {
    const auto jitter = static_cast<std::int64_t>(random_() % 3) - 1;
    const double at = static_cast<double>(pulse * kPeriodTicks + 600) * rate_;
    return DeviceTime(api_time(device_ticks(std::llround(at) + delay + jitter)));
  }

  Image image(PixelFormat format, const Buffer& data, DeviceTime time, std::int64_t pulse) const {
    const bool color = format == PixelFormat::mjpg;
    Image image;
    image.format = format;
    image.size = color ? image_size(kCameras.color_resolution) : image_size(kCameras.depth_mode);
    image.stride = color ? 0 : image.size.width * 2;
    image.data = data;
    image.device_time = time;
    image.host_time = HostTime(std::chrono::microseconds(std::llround(pulse * kPeriodTicks / 0.09) + 90'000));
    if (color) image.exposure = device_us(8330);
    image.pulse = pulse;
    return image;
  }

  std::mt19937 random_;
  double rate_;
  int unit_;
  Buffer color_ = Buffer::from_vector(std::vector<std::byte>(40'000));
  Buffer pixels_ = Buffer::from_vector(std::vector<std::byte>(std::size_t{320} * 288 * 2));
};

recording::RecordingInfo info_of(int unit) {
  CameraConfig config = kCameras;
  config.sync_mode = unit == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate;
  config.depth_delay_off_color = device_us(178 * unit);
  recording::RecordingInfo info = test::synthetic_info(config, false);
  info.serial = fmt::format("{:012}", unit);
  return info;
}

Status write_unit(const std::filesystem::path& file, int unit, std::int64_t frames) {
  GENLOCK_ASSIGN(auto sink, test::SparseFile::create(file));
  GENLOCK_ASSIGN(const auto writer,
                 recording::Writer::create(std::move(sink), info_of(unit), {.cluster_crc = false}));
  Frames source(unit);
  for (std::int64_t pulse = 6; pulse < 6 + frames; ++pulse) {
    (void)writer->wait_for_room(std::size_t{1} << 20, kNoDeadline);
    const Capture capture = source.capture(pulse);
    GENLOCK_TRY(writer->write(capture));
    if (pulse % 30 == 0)
      GENLOCK_TRY(writer->write(HostPair{capture.color->device_time, *capture.color->host_time, {}}));
  }
  return writer->close();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Status judge(const std::vector<std::filesystem::path>& files, std::string_view name) {
  const auto from = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  GENLOCK_ASSIGN(const sync::Report report, take::judge_files(files));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
  fmt::print("{}: {:.2f} s, {:.2f} s of CPU, {} complete sets, {}\n", name, took.count(), cpu_seconds() - cpu,
             report.common ? report.common->complete_sets : 0, sync::to_string(report.verdict));
  std::fflush(stdout);
  return {};
}

/// Takes the index away, as in files of other recorders: clusters are walked then.
Status lose_index(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 100, error);
  return error ? Status(Error(Errc::io, error.message())) : Status();
}

std::filesystem::path file_of(const Request& request, int unit) {
  return request.folder / fmt::format("genlock-verify-{}.mkv", unit);
}

Status run(const Request& request) {
  std::vector<std::filesystem::path> files;
  for (int unit = 0; unit < request.units; ++unit) {
    files.push_back(file_of(request, unit));
    if (request.keep && std::filesystem::exists(files.back())) continue;
    GENLOCK_TRY(write_unit(files.back(), unit, std::int64_t{request.minutes} * 1800));
  }
  GENLOCK_TRY(judge(files, "first"));
  for (int round = 0; round < 3; ++round) GENLOCK_TRY(judge(files, "again, by the index"));
  if (request.keep) return {};
  GENLOCK_TRY(lose_index(files.front()));
  return judge({files.front()}, "one unit, by its clusters");
}

}  // namespace
}  // namespace genlock::bench

int main(int argc, char** argv) {
  genlock::bench::Request request;
  CLI::App app("What the verdict of a long take costs");
  app.add_option("FOLDER", request.folder, "For the recordings: about 1.5 GB an hour and unit");
  app.add_option("--minutes", request.minutes);
  app.add_option("--units", request.units);
  app.add_flag("--keep", request.keep, "Leave the recordings, and judge those that are there");
  CLI11_PARSE(app, argc, argv);
  const genlock::Status done = genlock::bench::run(request);
  for (int unit = 0; unit < request.units && !request.keep; ++unit)
    std::filesystem::remove(file_of(request, unit));
  if (!done) fmt::print(stderr, "verify_hour: {}\n", done.error().message());
  return done ? 0 : 1;
}
