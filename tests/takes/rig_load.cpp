// rig_load: how many units a host records without losing a frame. Takes of the real `genlock record`, a
// process for each unit, on a bench that runs as time does. Prints a row for each take; exit 0 only if the
// first one lost nothing.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <fstream>
#include <sstream>

#include "base/thread.h"
#include "takes/hole_digger.h"
#include "takes/take_run.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

struct Load {
  std::size_t units = 9;
  std::size_t step = 0;  ///< so many units more each time, until frames are lost
  double seconds = 20;
  bool large = false;
  fs::path folder = fs::temp_directory_path();
  fs::path rows;
};

Stage stage_of(const Load& load) {
  Stage stage{.units = load.units,
              .speed = 1,
              .patient = false,
              .images = load.large ? "scene" : "dark",
              .rig_lines = "[take]\nisolation = \"process\"\n"};
  if (load.large) stage.camera = "color_resolution = \"1080P\"\ndepth_mode = \"NFOV_UNBINNED\"\n";
  // More units than lasers can be kept apart are not the question.
  for (std::size_t unit = 0; unit < load.units; ++unit)
    stage.rig_units.push_back(fmt::format("areas = [\"{}\"]\n", unit));
  return stage;
}

/// Processor time of a running process, all its threads; s.
double cpu_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto name_ends = text.rfind(')');
  if (name_ends == text.npos) return 0;
  std::istringstream fields(text.substr(name_ends + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Of the recorder and the processes of its units.
double cpu_of(TakeRun& run) {
  double sum = cpu_of(run.recorder_pid());
  for (const auto& unit : run.status().units) sum += cpu_of(unit.open_by);
  return sum;
}

struct Frames {
  std::uint64_t recorded = 0, lost = 0;
};

Frames frames_of(const take::Take& take) {
  Frames frames;
  for (const take::TakenUnit& unit : take.units)
    for (const take::StreamTally& tally : unit.streams)
      if (tally.stream != "imu") {
        frames.recorded += tally.recorded;
        frames.lost += tally.missing + tally.refused;
      }
  return frames;
}

double megabytes(const take::Take& take) {
  double sum = 0;
  for (const take::TakenUnit& unit : take.units)
    for (const take::RecordedFile& file : unit.files) sum += static_cast<double>(file.bytes) / 1e6;
  return sum;
}

/// Takes frames of a unit and lets them go again.
class UnitReader {
 public:
  UnitReader(device::Provider& units, std::size_t index, const CameraConfig& config)
      : unit_(*units.open(static_cast<unsigned>(index))) {
    const Status started = unit_->start_cameras(config);
    EXPECT_TRUE(started) << started.error().message();
  }

  void read_until(const std::atomic<bool>& stop) {
    while (!stop) read(1);
  }

  void read(int captures) {
    for (int i = 0; i < captures; ++i) static_cast<void>(unit_->next_capture(seconds(1)).has_value());
  }

 private:
  std::unique_ptr<device::Device> unit_;
};

/// Processors that the bench takes to make and hand out the images of as many units when nobody records them.
double bench_alone(const Load& load) {
  constexpr int kSeconds = 5;
  const TakeRun run(stage_of(load));
  const auto units = run.units();
  CameraConfig config{.color_resolution = load.large ? ColorResolution::r1080p : ColorResolution::r720p,
                      .depth_mode = load.large ? DepthMode::nfov_unbinned : DepthMode::nfov_2x2binned,
                      .sync_mode = WiredSyncMode::subordinate};
  std::vector<std::unique_ptr<UnitReader>> readers;
  for (std::size_t unit = 1; unit < load.units; ++unit)
    readers.push_back(std::make_unique<UnitReader>(*units, unit, config));
  config.sync_mode = load.units > 1 ? WiredSyncMode::master : WiredSyncMode::standalone;
  UnitReader master(*units, 0, config);
  std::atomic<bool> stop = false;
  std::vector<Thread> threads;
  for (auto& reader : readers) threads.emplace_back("read", [&stop, &reader] { reader->read_until(stop); });
  master.read(30);
  const double before = cpu_of(::getpid());
  master.read(30 * kSeconds);
  const double used = cpu_of(::getpid()) - before;
  stop = true;
  threads.clear();
  return used / kSeconds;
}

/// One take; false if anything was lost.
bool record(const Load& load) {
  TakeRun run(stage_of(load));
  std::vector<std::string> more{"--no-checksums"};
  if (!load.large) more.emplace_back("--force");  // whatever doctor says of the disk: has_room() knows better
  run.record(load.seconds, more, {}, load.folder);
  if (!run.begins()) throw std::runtime_error(run.output());
  HoleDigger digger(run.folder());
  const HostTime begin = run.bench_now();
  const double before = cpu_of(run);
  double used = 0, took = 0;
  while (run.bench_now() - begin < std::chrono::duration<double>(load.seconds)) {
    run.pass(std::chrono::milliseconds(500));
    if (!load.large) digger.dig();
    const double now = cpu_of(run) - before;
    if (now < used) break;  // units are closed already
    used = now;
    took = std::chrono::duration<double>(run.bench_now() - begin).count();
  }
  run.wait();
  const take::Take take = run.take();
  const Frames frames = frames_of(take);
  const std::string row =
      fmt::format("| {} | {} | {:.0f} | {} | {} | {:.0f} | {:.2f} | {:.2f} | {} |\n", load.units,
                  load.large ? "1080p and NFOV unbinned" : "720p and NFOV 2x2 binned, dark", load.seconds,
                  frames.recorded, frames.lost, megabytes(take) / load.seconds, used / took,
                  bench_alone(load), take.advice.substr(0, 60));
  fmt::print("{}", row);
  std::fflush(stdout);
  if (!load.rows.empty()) std::ofstream(load.rows, std::ios::app) << row;
  fs::remove_all(run.folder());
  return take.kept();
}

/// Whether the folder's disk takes the take, with a tenth to spare. Dark images leave next to nothing behind.
bool has_room(const Load& load) {
  constexpr double kLargeUnit = 65e6;  // bytes a second
  const double wanted = load.large ? kLargeUnit * static_cast<double>(load.units) * load.seconds * 1.1 : 2e9;
  return static_cast<double>(fs::space(load.folder).available) > wanted;
}

int run(Load load) {
  bool first = true, whole = true;
  do {
    if (!has_room(load)) {
      fmt::print(stderr, "rig_load: no room in {} for {} units: name another --folder\n",
                 load.folder.string(), load.units);
      return first ? 1 : 0;
    }
    whole = record(load);
    if (first && !whole) return 1;
    first = false;
    load.units += load.step;
  } while (whole && load.step > 0);
  return testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed() ? 1 : 0;
}

}  // namespace
}  // namespace genlock::test

int main(int argc, char** argv) {
  CLI::App app("Record more and more simulated units at the speed of time, and count what is lost");
  genlock::test::Load load;
  app.add_option("--units", load.units, "How many")->check(CLI::Range(2, 100))->capture_default_str();
  app.add_option("--step", load.step, "So many more each time, until frames are lost (default: one take)");
  app.add_option("--seconds", load.seconds, "Of each take")->capture_default_str();
  app.add_flag("--large", load.large,
               "1080p and NFOV unbinned of the scene, instead of 720p and NFOV 2x2 binned in the dark");
  app.add_option("--folder", load.folder, "Where to record")->capture_default_str();
  app.add_option("--rows", load.rows, "A file to add the rows to");
  CLI11_PARSE(app, argc, argv);
  testing::InitGoogleTest();
  return genlock::test::run(load);
}
