// The soak: nine units in a chain at speed 50, a process each, with every stamp computed beforehand; then
// each process is killed and started again while the others go on, and nothing may be left of them.
//   soak MINUTES            of bench time; prints what it measured, exits with 1 at the first thing that is
//   wrong soak UNIT PARTS PULSES  one of its processes

#include <fmt/format.h>
#include <csignal>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include "base/clock.h"
#include "device/sim/bench.h"
#include "soak_bench.h"
#include "soak_unit.h"
#include "support/process.h"
#include "support/temporary_folder.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SOAK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SOAK_SANITIZED 1
#endif
#endif

namespace genlock::soak {
namespace {

using test::Process;

constexpr int kParts = 8;
constexpr std::int64_t kPulsesPerMinute = 1800;
/// What a process may have grown by since the first part. Sanitizers keep what was freed.
#ifdef SOAK_SANITIZED
constexpr long kMaxGrowthKb = 1 << 20;
#else
constexpr long kMaxGrowthKb = 1024;
#endif

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

void require(bool holds, const std::string& otherwise) {
  if (!holds) fail(otherwise);
}

struct Part {
  std::int64_t captures = 0, samples = 0;
  long rss_kb = 0;
};

std::map<std::string, std::uintmax_t> files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::uintmax_t> sizes;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    sizes[entry.path().filename().string()] = entry.is_regular_file() ? entry.file_size() : 0;
  return sizes;
}

/// Shared memory of this program, other than its state directories.
std::set<std::string> shared_memory() {
  std::set<std::string> names;
  for (const auto& [name, size] : files_in("/dev/shm"))
    if (name.find("enlock") != std::string::npos) names.insert(name);
  return names;
}

class Soak {
 public:
  Soak(std::string program, int minutes)
      : program_(std::move(program)),
        pulses_per_part_(minutes * kPulsesPerMinute / kParts),
        minutes_(minutes) {
    std::ofstream(file()) << bench_file();
    setenv("GENLOCK_BENCH", file().c_str(), 1);
    setenv("GENLOCK_STATE_DIR", state().c_str(), 1);
    bench_ = open();
    files_ = files_in(state());
  }

  void run() {
    fmt::print("soak: {} units in a chain, speed {}, patient clock, {} bench minutes\n", kUnits, kSpeed,
               minutes_);
    start_all();
    for (int part = 1; part <= kParts; ++part) finish_part(part);
    check_status();
    for (int unit = 0; unit < kUnits; ++unit) kill_and_restart(unit);
    fmt::print("kill -9: each of {} processes in turn, restarted; the others went on\n", kUnits);
    check_nothing_leaked();
    fmt::print("passed\n");
  }

 private:
  std::string file() const { return (folder_ / "soak.toml").string(); }
  std::string state() const { return (folder_ / "state").string(); }

  static std::shared_ptr<device::sim::Bench> open() {
    auto bench = device::sim::Bench::open(device::sim::bench_options_from_environment());
    if (!bench) fail(bench.error().message());
    return *bench;
  }

  void start(int unit, int parts) {
    processes_[unit] = std::make_unique<Process>(
        std::vector<std::string>{program_, std::to_string(unit), std::to_string(parts),
                                 std::to_string(pulses_per_part_)},
        Process::Options{});
    wait_for(unit, "started\n");
  }

  void start_all() {
    for (int unit = kUnits; unit-- > 0;) start(unit, kParts);  // the master last
    began_ = system_clock().now();
    bench_began_ = bench_->status().since_boot;
  }

  void wait_for(int unit, const std::string& text) {
    Process& process = *processes_[unit];
    if (!process.wait_for(text)) fail(fmt::format("{} ended: {}", unit_name(unit), process.output()));
  }

  Part read_part(int unit, int part) {
    const std::string head = fmt::format("part {} captures ", part);
    wait_for(unit, fmt::format("part {} done", part));
    const std::string& output = processes_[unit]->output();
    const std::size_t at = output.find(head);
    Part found;
    require(std::sscanf(output.c_str() + at, "part %*d captures %ld samples %ld rss %ld", &found.captures,
                        &found.samples, &found.rss_kb) == 3,
            "a line of " + unit_name(unit) + " cannot be read: " + output.substr(at));
    return found;
  }

  void finish_part(int part) {
    long most = 0, growth = 0;
    std::int64_t captures = 0, samples = 0;
    for (int unit = 0; unit < kUnits; ++unit) {
      const Part now = read_part(unit, part);
      if (part == 1) first_[unit] = now;
      const std::int64_t first = unit == 0 ? kMasterFirstPulse : kSubordinateFirstPulse;
      require(now.captures == part * pulses_per_part_ - first, unit_name(unit) + " lost captures");
      captures += now.captures;
      samples += now.samples;
      most = std::max(most, now.rss_kb);
      growth = std::max(growth, now.rss_kb - first_[unit].rss_kb);
      require(now.rss_kb - first_[unit].rss_kb <= kMaxGrowthKb,
              fmt::format("{} grew from {} to {} kB", unit_name(unit), first_[unit].rss_kb, now.rss_kb));
    }
    require(files_in(state()) == files_, "the files of the state directory changed");
    const double real = std::chrono::duration<double>(system_clock().now() - began_).count();
    const double bench = std::chrono::duration<double>(bench_->status().since_boot - bench_began_).count();
    fmt::print(
        "bench {:8.1f} s, real {:6.1f} s, speed {:4.1f}: {:9} captures, {:10} samples, all stamps exact, "
        "none lost; RSS at most {} kB, growth {} kB\n",
        bench, real, bench / real, captures, samples, most, growth);
    std::fflush(stdout);
  }

  void check_status() {
    for (const auto& unit : bench_->status().units) require(unit.open_by != 0, unit.name + " is not open");
  }

  /// The number of the last "alive" line, 0 for none.
  static long last_alive(const std::string& output) {
    long line = 0;
    const std::size_t at = output.rfind("alive ");
    if (at != std::string::npos) std::sscanf(output.c_str() + at, "alive %ld", &line);
    return line;
  }

  void kill_and_restart(int unit) {
    processes_[unit]->signal(SIGKILL);
    if (processes_[unit]->wait() != 128 + SIGKILL)
      fail(fmt::format("{} ended before it was killed: {}", unit_name(unit), processes_[unit]->output()));
    require(files_in(state()) == files_, "the files of the state directory changed by a kill");
    for (int other = 0; other < kUnits; ++other) {
      if (other == unit) continue;
      wait_for(other, fmt::format("alive {} .", last_alive(processes_[other]->output()) + 2));
    }
    start(unit, 0);
    wait_for(unit, "alive 1 .");
  }

  void check_nothing_leaked() {
    for (int unit = 0; unit < kUnits; ++unit) {
      processes_[unit]->signal(SIGKILL);
      processes_[unit]->wait();
    }
    require(files_in(state()) == files_, "the files of the state directory changed");
    require(shared_memory() == shared_memory_, "something was left in /dev/shm");
    bench_.reset();
    const auto bench = open();
    for (const auto& unit : bench->status().units)
      require(unit.open_by == 0 && !unit.running, unit.name + " counts as used after its process was killed");
    const auto provider = device::sim::make_provider(bench);
    std::vector<std::unique_ptr<device::Device>> units;
    for (unsigned unit = 0; unit < kUnits; ++unit) {
      auto opened = provider->open(unit);
      require(static_cast<bool>(opened), opened ? "" : opened.error().message());
      units.push_back(*std::move(opened));
    }
    std::uintmax_t bytes = 0;
    for (const auto& [name, size] : files_) bytes += size;
    fmt::print("left: {} state files of {} bytes, as at the start; nothing else, no unit taken\n",
               files_.size(), bytes);
  }

  const std::string program_;
  const std::int64_t pulses_per_part_;
  const int minutes_;
  const test::TemporaryFolder folder_;
  const std::set<std::string> shared_memory_ = shared_memory();
  std::shared_ptr<device::sim::Bench> bench_;
  std::map<std::string, std::uintmax_t> files_;
  std::array<std::unique_ptr<Process>, kUnits> processes_;
  std::array<Part, kUnits> first_;
  HostTime began_{};
  HostDuration bench_began_{};
};

}  // namespace
}  // namespace genlock::soak

int main(int argc, char** argv) {
  using namespace genlock::soak;
  if (argc == 4) return run_unit(std::atoi(argv[1]), std::atoi(argv[2]), std::atoll(argv[3]));
  const int minutes = argc == 2 ? std::atoi(argv[1]) : 0;
  if (minutes < 1) {
    fmt::print(stderr, "soak MINUTES: bench minutes, 1 or more\n");
    return 2;
  }
  try {
    Soak(std::filesystem::canonical("/proc/self/exe").string(), minutes).run();
  } catch (const std::exception& error) {
    fmt::print("FAILED: {}\n", error.what());
    return 1;
  }
  return 0;
}
