#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "rig/examined.h"
#include "rig/sys_files.h"

// Facts device.md 7; figures without a source there are proposals of this project.

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

/// Parts of a processor that a unit takes: transfers, the depth engine's host side and writing; a simulated
/// one much less (docs/bench.md).
constexpr double kRealUnit = 0.5, kSimulatedUnit = 0.1;
/// Pixels a second of BGRA that one processor decodes: 2160p at 30 fps.
constexpr double kDecodedPixels = 3840.0 * 2160 * 30;
/// Seconds of data that wait in memory while a disk is slow, and what the rest of the program takes of it.
constexpr double kBufferedSeconds = 2, kMemoryFactor = 3;

bool any_depth(const Examined& seen) {
  return std::ranges::any_of(seen.subjects, [](const Subject& subject) {
    return subject.planned == nullptr || has_depth_image(subject.planned->camera.depth_mode);
  });
}

bool is_here(const Subject& subject) {
  return !subject.elsewhere;
}

/// Lines of /proc/cpuinfo that begin a processor; 0 where it cannot be read.
int processors(const fs::path& root) {
  std::ifstream in(root / "proc/cpuinfo");
  int count = 0;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("processor")) ++count;
  return count;
}

/// How the kernel sets a processor's frequency.
struct FrequencyPolicy {
  std::string governor;
  /// At its lowest frequency whatever there is to do, or as near to that as it can. The governor powersave of
  /// intel_pstate and amd-pstate is none: there the preference says.
  bool saves_power = false;
};

/// Of every processor that has one.
std::vector<FrequencyPolicy> frequency_policies(const fs::path& root) {
  std::vector<FrequencyPolicy> policies;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "sys/devices/system/cpu", error)) {
    const fs::path policy = entry.path() / "cpufreq";
    const std::string governor = first_line(policy / "scaling_governor");
    if (governor.empty() || !entry.path().filename().native().starts_with("cpu")) continue;
    const std::string preference = first_line(policy / "energy_performance_preference");
    policies.push_back({governor, governor == "powersave" && (preference.empty() || preference == "power")});
  }
  return policies;
}

double wanted_processors(const Examined& seen) {
  double wanted = 0;
  for (const Subject& subject : seen.subjects) {
    if (!is_here(subject)) continue;
    const bool simulated = is_simulated_serial(subject.serial);
    wanted += simulated ? kSimulatedUnit : kRealUnit;
    if (subject.planned == nullptr) continue;
    const CameraConfig& camera = subject.planned->camera;
    const Size size = image_size(camera.color_resolution);
    if (camera.color_format == PixelFormat::bgra32)
      wanted += static_cast<double>(size.width) * size.height * fps(camera.rate) / kDecodedPixels;
  }
  return wanted;
}

/// MB, from the line "MemAvailable:   123 kB".
std::optional<double> available_mb(const fs::path& root) {
  std::ifstream in(root / "proc/meminfo");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    double kib = 0;
    if (words >> name >> kib && name == "MemAvailable:") return kib * 1024 / 1e6;
  }
  return std::nullopt;
}

/// Folders in which the loader of shared libraries looks.
std::vector<fs::path> library_folders(const Host& host) {
  std::vector<fs::path> folders;
  std::istringstream path(host.library_path);
  for (std::string folder; std::getline(path, folder, ':');)
    if (!folder.empty()) folders.emplace_back(folder);
  for (const char* folder :
       {"lib", "usr/lib", "usr/local/lib", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu",
        "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu"})
    folders.push_back(host.root / folder);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(host.root / "etc/ld.so.conf.d", error)) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);)
      if (line.starts_with('/')) folders.push_back(host.root / line.substr(1));
  }
  return folders;
}

/// The socket of the X server that $DISPLAY names: ":1.0" is /tmp/.X11-unix/X1. Nothing of one on another
/// host.
std::optional<fs::path> display_socket(const Host& host) {
  if (!host.display->starts_with(':')) return std::nullopt;
  const std::string number = host.display->substr(1, host.display->find('.') - 1);
  return host.root / "tmp/.X11-unix" / ("X" + number);
}

bool has_graphics(const fs::path& root) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "dev/dri", error))
    if (entry.path().filename().native().starts_with("render")) return true;
  return fs::exists(root / "proc/driver/nvidia/version", error);
}

}  // namespace

Checks check_processors(const Examined& seen) {
  const int has = processors(seen.host->root);
  const auto units = std::ranges::count_if(seen.subjects, is_here);
  if (has == 0)
    return {{"processors", Outcome::unknown, {}, "/proc/cpuinfo cannot be read", "see docs/doctor.md"}};
  if (units == 0) return {{"processors", Outcome::ok, {}, fmt::format("{}", has), ""}};
  const double wanted = wanted_processors(seen);
  const std::string text = fmt::format("{} for {} units, which want about {:.1f}", has, units, wanted);
  if (wanted > has)
    return {{"processors",
             Outcome::warning,
             {},
             text,
             "try genlock record --rehearse; use fewer units, or MJPG instead of BGRA"}};
  return {{"processors", Outcome::ok, {}, text, ""}};
}

Checks check_processor_speed(const Examined& seen) {
  const std::vector<FrequencyPolicy> policies = frequency_policies(seen.host->root);
  if (policies.empty())
    return {{"processor_speed", Outcome::ok, {}, "the kernel leaves the processors' frequency alone", ""}};
  const auto slow = std::ranges::count_if(policies, &FrequencyPolicy::saves_power);
  if (slow == 0)
    return {{"processor_speed", Outcome::ok, {}, "the governor is " + policies.front().governor, ""}};
  return {{"processor_speed",
           Outcome::warning,
           {},
           fmt::format("{} of {} processors save power instead of time (governor powersave)", slow,
                       policies.size()),
           "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"}};
}

Checks check_memory(const Examined& seen) {
  if (!seen.plan) return {};
  const double wanted = seen.disk_load() * kBufferedSeconds * kMemoryFactor;
  const auto has = available_mb(seen.host->root);
  if (!has) return {{"memory", Outcome::unknown, {}, "/proc/meminfo cannot be read", "see docs/doctor.md"}};
  const std::string text =
      fmt::format("{:.0f} MB of memory are free, and {:.0f} are wanted while the disk is slow", *has, wanted);
  if (*has < wanted)
    return {{"memory", Outcome::warning, {}, text, "end other programs, or use smaller modes"}};
  return {{"memory", Outcome::ok, {}, text, ""}};
}

Checks check_depth_engine(const Examined& seen) {
  if (!seen.units.empty() && !seen.has_real_units())
    return {{"depth_engine",
             Outcome::ok,
             {},
             "simulated and played units need none, nor a display or a graphics card",
             ""}};
  if (!seen.has_real_units() || !any_depth(seen)) return {};
  std::error_code error;
  for (const fs::path& folder : library_folders(*seen.host))
    if (fs::exists(folder / "libdepthengine.so.2.0", error))
      return {{"depth_engine", Outcome::ok, {}, (folder / "libdepthengine.so.2.0").string(), ""}};
  return {{"depth_engine",
           Outcome::warning,
           {},
           "libdepthengine.so.2.0 is not where the system looks for libraries",
           "install it with the maker's libk4a (docs/hardware.md), unless that brings its own"}};
}

Checks check_display(const Examined& seen) {
  if (!seen.has_real_units() || !any_depth(seen)) return {};
  const Host& host = *seen.host;
  const std::string remedy = "set DISPLAY to an X server that runs on the graphics card, as for DISPLAY=:0";
  Checks checks;
  std::error_code error;
  const bool named = host.display && !host.display->empty();
  const auto socket = named ? display_socket(host) : std::nullopt;
  if (!named)
    checks.push_back(
        {"display", Outcome::error, {}, "DISPLAY is not set, and the depth engine needs one", remedy});
  else if (socket && !fs::exists(*socket, error))
    checks.push_back({"display",
                      Outcome::error,
                      {},
                      fmt::format("DISPLAY is {}, and no X server runs there", *host.display),
                      remedy});
  else
    checks.push_back({"display", Outcome::ok, {}, fmt::format("DISPLAY is {}", *host.display), ""});
  if (has_graphics(host.root))
    checks.push_back({"graphics", Outcome::ok, {}, "there is a graphics card with a driver", ""});
  else
    checks.push_back({"graphics",
                      Outcome::warning,
                      {},
                      "no driver of a graphics card (/dev/dri/render*) is there",
                      "install it: the depth engine needs OpenGL 4.4, and in software it is too slow"});
  return checks;
}

Checks check_clock(const Examined& seen) {
  std::set<std::string> hosts;
  for (const Subject& subject : seen.subjects)
    if (subject.planned != nullptr) hosts.insert(subject.planned->host);
  const auto state = seen.host->clock();
  if (!state)
    return {{"clock",
             Outcome::unknown,
             {},
             state.error().message(),
             "ask timedatectl whether it is synchronised"}};
  if (state->synchronised)
    return {{"clock",
             Outcome::ok,
             {},
             fmt::format("synchronised, within {:.3g} ms", state->error_bound_s * 1000),
             ""}};
  if (hosts.size() < 2)
    return {{"clock", Outcome::ok, {}, "not synchronised, which only a rig of several hosts needs", ""}};
  return {{"clock",
           Outcome::warning,
           {},
           fmt::format("not synchronised, and the rig has {} hosts", hosts.size()),
           "run chrony or ptp4l on all of them"}};
}

}  // namespace genlock::rig
