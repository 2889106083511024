#include "cli/recorder_options.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "cli/exit_code.h"
#include "cli/version.h"
#include "device/device.h"

namespace genlock::cli {
namespace {

/// The words of the command line, before they mean anything.
struct Words {
  std::optional<int> length;
  std::string color = "1080p";
  std::string depth = "NFOV_UNBINNED";
  std::optional<int> rate;
  std::string imu = "ON";
  std::string sync = "standalone";
  long depth_delay = 0;
  std::optional<long> sync_delay;
  std::optional<int> exposure;
  std::optional<int> split_time;
};

using Rejection = CLI::ValidationError;

void set_color_mode(CameraConfig& camera, const std::string& word) {
  const auto underscore = word.find('_');
  const auto resolution = color_resolution_from(word.substr(0, underscore));
  camera.color_format = PixelFormat::mjpg;
  if (resolution && underscore == std::string::npos) {
    camera.color_resolution = *resolution;
    return;
  }
  const auto format =
      underscore == std::string::npos ? std::nullopt : pixel_format_from(word.substr(underscore + 1));
  if (resolution != ColorResolution::r720p || (format != PixelFormat::nv12 && format != PixelFormat::yuy2))
    throw Rejection("--color-mode",
                    fmt::format("\"{}\" is none of 3072p, 2160p, 1536p, 1440p, 1080p, 720p, 720p_NV12, "
                                "720p_YUY2, OFF",
                                word));
  camera.color_resolution = *resolution;
  camera.color_format = *format;
}

void set_depth_mode(CameraConfig& camera, const std::string& word) {
  const auto mode = depth_mode_from(word);
  if (!mode)
    throw Rejection("--depth-mode",
                    fmt::format("\"{}\" is none of NFOV_2X2BINNED, NFOV_UNBINNED, WFOV_2X2BINNED, "
                                "WFOV_UNBINNED, PASSIVE_IR, OFF",
                                word));
  camera.depth_mode = *mode;
}

void set_rate(CameraConfig& camera, std::optional<int> asked) {
  const int highest = std::min(max_fps(camera.depth_mode), max_fps(camera.color_resolution));
  const auto rate = frame_rate_from_fps(asked.value_or(highest));
  if (!rate) throw Rejection("--rate", fmt::format("{} is none of 30, 15, 5", *asked));
  if (fps(*rate) > highest)
    throw Rejection("--rate",
                    fmt::format("{} fps is not possible with {}; at most {}", fps(*rate),
                                max_fps(camera.depth_mode) == highest ? to_string(camera.depth_mode)
                                                                      : to_string(camera.color_resolution),
                                highest));
  camera.rate = *rate;
}

void set_sync(CameraConfig& camera, const Words& words) {
  const std::string word = CLI::detail::to_lower(words.sync);
  const auto mode = wired_sync_mode_from(word == "sub" ? "subordinate" : word);
  if (!mode)
    throw Rejection("--external-sync",
                    fmt::format("\"{}\" is none of standalone, master, subordinate, sub", words.sync));
  camera.sync_mode = *mode;
  if (words.sync_delay && *mode != WiredSyncMode::subordinate)
    throw Rejection("--sync-delay", "is for --external-sync subordinate only");
  if (words.sync_delay.value_or(0) < 0)
    throw Rejection("--sync-delay",
                    fmt::format("{} us: a subordinate cannot be ahead of the master", *words.sync_delay));
  camera.delay_off_master = device_us(words.sync_delay.value_or(0));
  camera.depth_delay_off_color = device_us(words.depth_delay);
}

bool on_or_off(const std::string& option, const std::string& word) {
  const std::string lower = CLI::detail::to_lower(word);
  if (lower != "on" && lower != "off")
    throw Rejection(option, fmt::format("\"{}\" is neither ON nor OFF", word));
  return lower == "on";
}

/// -11 to 1 mean 2^n seconds, 2 to 200000 µs (facts device.md 6.1).
DeviceDuration exposure_from(int value) {
  if (value >= -11 && value <= 1) return device_us(static_cast<std::int64_t>(std::exp2(value) * 1e6));
  if (value >= 2 && value <= 200'000) return device_us(value);
  throw Rejection("--exposure-control",
                  fmt::format("{} is neither -11 to 1 (2^n s) nor 2 to 200000 (us)", value));
}

void interpret(const Words& words, RecorderOptions& options) {
  set_color_mode(options.camera, words.color);
  set_depth_mode(options.camera, words.depth);
  if (!options.camera.color_on() && !options.camera.depth_on())
    throw Rejection("--color-mode, --depth-mode", "both are OFF; switch one camera on");
  set_rate(options.camera, words.rate);
  set_sync(options.camera, words);
  options.imu = on_or_off("--imu", words.imu);
  if (words.length) options.length = device_us(std::int64_t{1'000'000} * *words.length);
  if (words.split_time) options.split_length = device_us(std::int64_t{1'000'000} * *words.split_time);
  if (words.exposure) options.exposure = exposure_from(*words.exposure);
  if (const Status possible = device::validate(options.camera, {}); !possible)
    throw Rejection("these options", possible.error().message());
  if (!options.list && options.file.empty())
    throw Rejection("no output file", "where shall the recording go? End the command with output.mkv");
}

void declare(CLI::App& app, RecorderOptions& options, Words& words) {
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_flag("--list", options.list, "List the units and exit");
  app.add_option("--device", options.device, "Index of the unit, see --list")
      ->capture_default_str()
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  app.add_option("--serial", options.serial, "Serial number of the unit, instead of --device")
      ->excludes("--device")
      ->type_name("S");
  app.add_option(
         "-l,--record-length", words.length,
         "Seconds of device time to record, from the first capture; 0: one capture (default: until Ctrl-C)")
      ->check(CLI::Range(0, 31'536'000))
      ->type_name("S");
  app.add_option("-c,--color-mode", words.color,
                 "3072p, 2160p, 1536p, 1440p, 1080p, 720p (MJPG), 720p_NV12, 720p_YUY2, "
                 "OFF")
      ->capture_default_str()
      ->type_name("MODE");
  app.add_option("-d,--depth-mode", words.depth,
                 "NFOV_2X2BINNED, NFOV_UNBINNED, WFOV_2X2BINNED, WFOV_UNBINNED, "
                 "PASSIVE_IR, OFF")
      ->capture_default_str()
      ->type_name("MODE");
  app.add_option("--depth-delay", words.depth_delay,
                 "Depth centre minus colour centre in us, within one frame period")
      ->capture_default_str()
      ->type_name("US");
  app.add_option("-r,--rate", words.rate,
                 "Frames a second: 30, 15, 5 (default: 30, or 15 with WFOV_UNBINNED or 3072p)")
      ->type_name("FPS");
  app.add_option("--imu", words.imu, "Record the IMU: ON, OFF")->capture_default_str()->type_name("ON|OFF");
  app.add_option("--external-sync", words.sync, "standalone, master, subordinate (or sub)")
      ->capture_default_str()
      ->type_name("MODE");
  app.add_option("--sync-delay", words.sync_delay,
                 "Subordinate: us after the master's pulse, at most one frame period "
                 "(default: 0)")
      ->type_name("US");
  app.add_option("-e,--exposure-control", words.exposure,
                 "Manual exposure: -11 to 1 for 2^n s, or 2 to 200000 us "
                 "(default: as the unit is set, see genlock set)")
      ->type_name("E");
  app.add_option("-g,--gain", options.gain, "Manual gain, 0 to 255 (default: as the unit is set)")
      ->check(CLI::Range(0, 255))
      ->type_name("G");
  app.add_option("--buffer", options.buffer_mb,
                 "Most MB that wait in memory while the disk is slow (default: two seconds of data)")
      ->check(CLI::Range(16, 65536))
      ->type_name("MB");
  app.add_option(
         "--split-size", options.split_bytes,
         "Go on in output-part2.mkv and so on before a file has more bytes: 4G and 500M count in thousands, "
         "4Gi and 500Mi in 1024s (FAT32 holds less than 4Gi)")
      ->transform(CLI::AsSizeValue(true))
      ->check(CLI::Range(std::uint64_t{1'000'000}, std::uint64_t{1} << 60))
      ->type_name("SIZE");
  app.add_option("--split-time", words.split_time, "Go on in output-part2.mkv and so on every S seconds")
      ->check(CLI::Range(1, 31'536'000))
      ->type_name("S");
  app.add_flag("!--no-crc", options.cluster_crc,
               "Write clusters without checksums: spares some processor time, but genlock check cannot find "
               "bytes that change on the disk");
  app.add_flag("--force", options.force, "Replace an output file that exists");
  app.add_option("--bench", options.units.bench,
                 "Record simulated units: default, realistic, or a bench file (default: "
                 "GENLOCK_BENCH)")
      ->type_name("BENCH");
  app.add_option(
         "--libk4a", options.units.libk4a,
         "Record the units that this libk4a.so.1.4 sees (default: GENLOCK_LIBK4A, then the installed one)")
      ->excludes("--bench")
      ->type_name("PATH");
  app.add_option("--replay", options.units.replay, "Record recordings, each played back as a unit")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->excludes("--bench")
      ->excludes("--libk4a")
      ->type_name("FILE");
  app.add_flag("--json", options.json, "Print events as JSON lines instead of text");
  app.add_flag("-q,--quiet", options.quiet, "No live line");
  app.add_option("output", options.file, "The file to write, output.mkv")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw)
      ->type_name("FILE");
}

}  // namespace

ParsedRecorderOptions parse_recorder_options(int argc, const char* const* argv, const std::string& program) {
  CLI::App app("k4arecorder: records one depth camera unit into a Matroska file", "k4arecorder");
  app.set_version_flag("--version", std::string("k4arecorder (Genlock) ") + kVersion);
  app.footer(
      "Values may be written in any case. Ctrl-C, SIGTERM and SIGHUP end the recording and complete the "
      "file.\n"
      "Exit codes: 0 done, 1 failed or data lost (the message says what is on disk), 2 wrong usage.");
  RecorderOptions options;
  Words words;
  declare(app, options, words);
  try {
    app.parse(argc, argv);
    interpret(words, options);
  } catch (const CLI::Success& asked) {
    return {std::nullopt, app.exit(asked)};
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "{}: {}\nk4arecorder --help lists the options\n", program, wrong.what());
    return {std::nullopt, kUsage};
  }
  return {options, kDone};
}

}  // namespace genlock::cli
